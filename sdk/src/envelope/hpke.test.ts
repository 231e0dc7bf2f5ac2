import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { afterEach, describe, expect, test } from 'vitest';
import { sha256 } from './hash.ts';
import { forceFallbackKem, generateOneTimeKeyPair, hpkeOpen, hpkeSeal, keyPairFromSeed } from './hpke.ts';
import { flipped } from './testing.ts';

const seed = new Uint8Array(32).fill(7);
const secret = new Uint8Array(32).fill(42);
const context = { info: Uint8Array.of(1), aad: Uint8Array.of(2, 3) };
/** An implementation by other people, on other primitives. */
const second = () => new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

afterEach(() => forceFallbackKem(false));

describe.each(['native', 'fallback'])('hpkeSeal (%s KEM)', (kem) => {
  const use = () => forceFallbackKem(kem === 'fallback');

  test('default: opens with the recipient key alone', async () => {
    use();
    const keyPair = await generateOneTimeKeyPair();
    const { enc, ciphertext } = await hpkeSeal(keyPair.publicKey, secret, context);
    expect([enc.length, ciphertext.length]).toEqual([1120, 48]);
    expect(await hpkeOpen(keyPair, enc, ciphertext, context)).toEqual(secret);
    expect(keyPair.publicKeyHash).toEqual(sha256(keyPair.publicKey));
    expect(keyPair.privateKey.extractable).toBe(false);
  });

  test('behavior: a second implementation opens what ours sealed', async () => {
    use();
    const { publicKey } = await keyPairFromSeed(seed);
    const { enc, ciphertext } = await hpkeSeal(publicKey, secret, context);
    const suite = second();
    const recipientKey = await suite.kem.importKey('raw', seed.slice().buffer, false);
    const opener = await suite.createRecipientContext({ recipientKey, enc, info: context.info });
    expect(new Uint8Array(await opener.open(ciphertext, context.aad))).toEqual(secret);
  });

  test('behavior: ours opens what a second implementation sealed', async () => {
    use();
    const keyPair = await keyPairFromSeed(seed);
    const suite = second();
    const recipientPublicKey = await suite.kem.importKey('raw', keyPair.publicKey.slice().buffer, true);
    const sender = await suite.createSenderContext({ recipientPublicKey, info: context.info });
    const ciphertext = new Uint8Array(await sender.seal(secret, context.aad));
    expect(await hpkeOpen(keyPair, new Uint8Array(sender.enc), ciphertext, context)).toEqual(secret);
  });

  test('error: another key, info, AAD, encapsulation or ciphertext does not open', async () => {
    use();
    const keyPair = await keyPairFromSeed(seed);
    const other = await generateOneTimeKeyPair();
    const { enc, ciphertext } = await hpkeSeal(keyPair.publicKey, secret, context);
    const outcomes = await Promise.allSettled([
      hpkeOpen(other, enc, ciphertext, context),
      hpkeOpen(keyPair, enc, ciphertext, { ...context, info: new Uint8Array() }),
      hpkeOpen(keyPair, enc, ciphertext, { ...context, aad: new Uint8Array() }),
      hpkeOpen(keyPair, flipped(enc, 5), ciphertext, context),
      hpkeOpen(keyPair, flipped(enc, 1119), ciphertext, context),
      hpkeOpen(keyPair, enc.subarray(1), ciphertext, context),
      hpkeOpen(keyPair, new Uint8Array(1120), ciphertext, context),
      hpkeOpen(keyPair, enc, flipped(ciphertext, 47), context),
      hpkeOpen(keyPair, enc, new Uint8Array(), context),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'SEAL_BROKEN' } });
  });

  test('error: refuses what is no public key', async () => {
    use();
    const { publicKey } = await keyPairFromSeed(seed);
    for (const bad of [publicKey.subarray(1), new Uint8Array(1216).fill(0xff), new Uint8Array()]) {
      await expect(hpkeSeal(bad, secret, context)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});

describe('keyPairFromSeed', () => {
  test('behavior: both KEMs expand a seed to one key', async () => {
    const native = await keyPairFromSeed(seed);
    forceFallbackKem(true);
    expect((await keyPairFromSeed(seed)).publicKey).toEqual(native.publicKey);
  });

  test('error: refuses a seed of another length', async () => {
    await expect(keyPairFromSeed(new Uint8Array(31))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
