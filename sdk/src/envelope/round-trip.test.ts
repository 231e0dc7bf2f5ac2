import { afterEach, describe, expect, test } from 'vitest';
import { SEGMENT_LENGTH, SEGMENT_PLAIN_LENGTH } from './body-length.ts';
import { forceFallbackKem, generateOneTimeKeyPair, hasNativeKem, keyPairFromSeed } from './hpke.ts';
import {
  combineShares,
  openBody,
  openBodyRange,
  openKeeperBlock,
  openMetadata,
  openPatientBlock,
  openRelease,
  parseEnvelope,
  recordIdOf,
  rewrapEnvelope,
  sealRelease,
} from './index.ts';
import { envelopeLength } from './layout.ts';
import { anyAddress, anyOpening, collect, letter, makeSample, pattern, streamOf } from './testing.ts';

afterEach(() => forceFallbackKem(false));

describe('a record, all the way round', () => {
  const lengths = [0, 1, 65_535, 65_536, 65_537, SEGMENT_PLAIN_LENGTH, SEGMENT_PLAIN_LENGTH + 1, 1_300_000];

  test.each(lengths)('default: %i bytes come back as they were', async (length) => {
    const content = pattern(length);
    const { envelope, contentKey, body } = await makeSample({ content });
    const opened = await collect(openBody({ envelope, contentKey, ciphertext: streamOf(body) }));
    expect(opened.length).toBe(length);
    expect(Buffer.compare(opened, content)).toBe(0);
    expect(body.length).toBe(envelope.bodyLength);
  });

  test.each(['native', 'fallback'])('default: keepers release, an accessor opens (%s KEM)', async (kem) => {
    forceFallbackKem(kem === 'fallback');
    expect(await hasNativeKem()).toBe(kem === 'native');
    const content = pattern(100);
    const { bytes, envelope, keepers, body } = await makeSample({ content });
    expect(bytes.length).toBe(envelopeLength(5));

    const accessor = await generateOneTimeKeyPair();
    const shares = await Promise.all(
      [4, 0, 2].map(async (index) => {
        const keeper = keepers[index];
        if (!keeper) throw new Error('no such keeper');
        const share = await openKeeperBlock(envelope, keeper);
        if (!share) throw new Error('not addressed to this keeper');
        expect(share.index).toBe(index);
        const sealed = await sealRelease({
          envelope,
          ...share,
          openingId: anyOpening,
          publicKey: accessor.publicKey,
        });
        return openRelease({ envelope, index, openingId: anyOpening, keyPair: accessor, sealed });
      }),
    );

    const contentKey = await combineShares(envelope, shares);
    expect(await openMetadata(envelope, contentKey)).toEqual({ ...letter, length: 100 });
    expect(await collect(openBody({ envelope, contentKey, ciphertext: streamOf(body) }))).toEqual(content);
  });

  test('default: the patient opens without keepers', async () => {
    const { envelope, patient, contentKey } = await makeSample();
    expect(await openPatientBlock(envelope, patient)).toEqual(contentKey);
  });

  test('behavior: keys of one KEM open what the other sealed', async () => {
    forceFallbackKem(true);
    const { envelope, contentKey } = await makeSample();
    forceFallbackKem(false);
    expect(await openPatientBlock(envelope, await keyPairFromSeed(new Uint8Array(32).fill(100)))).toEqual(
      contentKey,
    );
  });

  test('behavior: without a patient key its block is zero and nobody is addressed', async () => {
    const { envelope, patient } = await makeSample({ patientHasKey: false });
    expect(envelope.patientBlock).toBeUndefined();
    expect(envelope.bytes.length).toBe(envelopeLength(5));
    expect(await openPatientBlock(envelope, patient)).toBeUndefined();
  });

  test('behavior: a re-wrap keeps body and binding and changes every seal', async () => {
    const { envelope, contentKey, patient, body, bytes } = await makeSample({ content: pattern(70_000) });
    const keepers = await Promise.all([50, 51].map((b) => keyPairFromSeed(new Uint8Array(32).fill(b))));
    const rewrapped = await rewrapEnvelope({
      envelope,
      contentKey,
      epoch: 8,
      threshold: 2,
      keepers,
      keeperSetDigest: `0x${'ab'.repeat(32)}`,
      patientPublicKey: patient.publicKey,
    });
    const next = parseEnvelope(rewrapped);
    expect(await recordIdOf(rewrapped)).not.toBe(await recordIdOf(bytes));
    expect(next.keyCommit).toEqual(envelope.keyCommit);
    expect(next.author).toBe(anyAddress(0x33));
    const key = await openPatientBlock(next, patient);
    if (!key) throw new Error('not addressed to the patient');
    expect(await openMetadata(next, key)).toEqual(await openMetadata(envelope, contentKey));
    expect(await collect(openBody({ envelope: next, contentKey: key, ciphertext: streamOf(body) }))).toEqual(
      pattern(70_000),
    );
  });

  test('behavior: any range opens with the segments that hold it', async () => {
    const content = pattern(3 * SEGMENT_PLAIN_LENGTH + 17);
    const { envelope, contentKey, body } = await makeSample({ content });
    const reads: number[] = [];
    const readRange = async (offset: number, length: number) => {
      reads.push(offset / SEGMENT_LENGTH);
      return body.subarray(offset, offset + length);
    };
    const ranges = [
      [0, 1],
      [SEGMENT_PLAIN_LENGTH - 1, 2],
      [SEGMENT_PLAIN_LENGTH, SEGMENT_PLAIN_LENGTH],
      [5, content.length],
      [content.length, 10],
    ] as const;
    for (const [offset, length] of ranges) {
      const part = await openBodyRange({ envelope, contentKey, readRange, offset, length });
      expect(Buffer.compare(part, content.subarray(offset, offset + length))).toBe(0);
    }
    expect(reads).toEqual([0, 0, 1, 1, 0, 1, 2, 3]);
  });

  test('error: a transplanted key block opens nowhere', async () => {
    const mine = await makeSample();
    const theirs = await makeSample({ binding: { author: anyAddress(0x66) } });
    const mixed = Uint8Array.from(theirs.bytes);
    mixed.set(mine.bytes.subarray(842), 842);
    const envelope = parseEnvelope(mixed);
    await expect(openPatientBlock(envelope, mine.patient)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    for (const keeper of mine.keepers) {
      await expect(openKeeperBlock(envelope, keeper)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
  });
});
