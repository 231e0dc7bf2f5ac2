import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { beforeAll, describe, expect, test } from 'vitest';
import { letter, makeSample, pattern, type Sample } from './testing.ts';

/*
 * A second reader: docs/format.md read once more, with Node's OpenSSL and @hpke/*, and without a
 * line of ours. What it opens, a stranger can open.
 */

const text = (ascii: string) => Buffer.from(ascii, 'latin1');
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
  createHmac('sha256', key).update(Buffer.concat(parts)).digest();
const expand384 = (key: Uint8Array, info: Uint8Array, length: number) =>
  createHmac('sha384', key).update(info).update(Buffer.of(1)).digest().subarray(0, length);
const u64 = (value: number) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
};

function openGcm(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

async function openSeal(
  seed: Uint8Array,
  block: Uint8Array,
  info: string,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientKey = await suite.kem.importKey('raw', Uint8Array.from(seed).buffer, false);
  const enc = Uint8Array.from(block.subarray(0, 1120));
  const opener = await suite.createRecipientContext({ recipientKey, enc, info: Uint8Array.from(text(info)) });
  return new Uint8Array(await opener.open(Uint8Array.from(block.subarray(1120, 1168)), Uint8Array.from(aad)));
}

/** FLOE, c2sp.org/FLOE, with one segment key, which is right for fewer than 2^20 segments. */
function openFloe(key: Uint8Array, aad: Uint8Array, header: Uint8Array, body: Uint8Array): Buffer {
  const kdf = (k: Uint8Array, purpose: Uint8Array, length: number) =>
    expand384(k, Buffer.concat([header.subarray(0, 42), purpose, aad]), length);
  if (!kdf(key, text('HEADER_TAG:'), 32).equals(header.subarray(42))) throw new Error('header tag');
  const segmentKey = kdf(kdf(key, text('MESSAGE_KEY:'), 48), Buffer.concat([text('DEK:'), u64(0)]), 32);
  const parts: Buffer[] = [];
  for (let i = 0; i * 262_144 < body.length; i++) {
    const segment = body.subarray(i * 262_144, (i + 1) * 262_144);
    const final = (i + 1) * 262_144 >= body.length;
    const field = Buffer.from(segment.subarray(0, 4)).readUInt32BE();
    if (field !== (final ? segment.length : 0xffff_ffff)) throw new Error('length field');
    const aeadAad = Buffer.concat([u64(i), Buffer.of(final ? 1 : 0)]);
    parts.push(openGcm(segmentKey, segment.subarray(4, 16), segment.subarray(16), aeadAad));
  }
  return Buffer.concat(parts);
}

describe('docs/format.md', () => {
  const content = pattern(600_000);
  let sample: Sample;
  let bytes: Uint8Array;
  let ctx: Buffer;
  beforeAll(async () => {
    sample = await makeSample({ content });
    bytes = sample.bytes;
    ctx = sha256(bytes.subarray(0, 302));
  });

  const patientKey = () =>
    openSeal(new Uint8Array(32).fill(100), bytes.subarray(874), 'chartkey/1 patient', ctx);
  const origin = () =>
    Buffer.concat([
      text('chartkey/1 body'),
      Buffer.of(0, 1),
      bytes.subarray(24, 32),
      bytes.subarray(32, 124),
    ]);

  test('default: the patient block holds the key that commitment and MAC name', async () => {
    const key = await patientKey();
    expect(Buffer.from(key).equals(sample.contentKey)).toBe(true);
    const commitment = hmac(key, text('chartkey/1 commit'), Buffer.of(0), origin(), Buffer.of(1));
    expect(commitment.equals(bytes.subarray(196, 228))).toBe(true);
    const mac = hmac(hmac(key, text('chartkey/1 envelope'), Buffer.of(0)), sha256(bytes.subarray(0, -32)));
    expect(mac.equals(bytes.subarray(-32))).toBe(true);
  });

  test('default: every keeper block holds the share that its commitment names', async () => {
    for (let i = 0; i < 5; i++) {
      const block = bytes.subarray(2042 + 1233 * i, 2042 + 1233 * (i + 1));
      const place = Buffer.from([i, block[0] ?? 0]);
      const aad = Buffer.concat([ctx, place, block.subarray(33, 65)]);
      const share = await openSeal(
        new Uint8Array(32).fill(i + 1),
        block.subarray(65),
        'chartkey/1 keeper',
        aad,
      );
      const commitment = sha256(text('chartkey/1 share'), Buffer.of(0), ctx, place, share);
      expect(commitment.equals(block.subarray(33, 65))).toBe(true);
    }
  });

  test('default: metadata and body open', async () => {
    const key = await patientKey();
    const metadataKey = hmac(key, text('chartkey/1 metadata'), Buffer.of(0), ctx, Buffer.of(1));
    const metadata = openGcm(metadataKey, bytes.subarray(302, 314), bytes.subarray(314, 842), ctx);
    expect(metadata.readBigUInt64BE(1)).toBe(600_000n);
    expect(metadata.includes(letter.title)).toBe(true);

    const bodyKey = hmac(key, text('chartkey/1 body'), Buffer.of(0, 1));
    const opened = openFloe(bodyKey, origin(), bytes.subarray(228, 302), sample.body);
    expect(opened.subarray(0, 600_000).equals(content)).toBe(true);
    expect(opened.subarray(600_000).every((byte) => byte === 0)).toBe(true);
  });
});
