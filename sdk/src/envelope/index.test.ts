import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as envelope from './index.ts';
import { collect, makeSample, streamOf } from './testing.ts';

describe('the public names', () => {
  test('default: exactly these', () => {
    expect(Object.keys(envelope).sort()).toMatchInlineSnapshot(`
      [
        "MAX_CONTENT_LENGTH",
        "MAX_ENVELOPE_LENGTH",
        "MAX_RANGE_LENGTH",
        "PUBLIC_KEY_LENGTH",
        "RELEASE_LENGTH",
        "SEED_LENGTH",
        "SEGMENT_LENGTH",
        "ShareWrongError",
        "answerChallenge",
        "answerTo",
        "combineShares",
        "fitTitle",
        "generateContentKey",
        "generateOneTimeKeyPair",
        "generateSalt",
        "hasNativeKem",
        "keeperSetDigest",
        "keyPairFromSeed",
        "openBody",
        "openBodyRange",
        "openHandover",
        "openKeeperBlock",
        "openMetadata",
        "openPatientBlock",
        "openRelease",
        "paddedLength",
        "parseEnvelope",
        "prepareBody",
        "recordIdOf",
        "rewrapEnvelope",
        "sealBody",
        "sealChallenge",
        "sealEnvelope",
        "sealHandover",
        "sealRelease",
        "verifyContentKey",
      ]
    `);
  });
});

describe('a record of any shape', () => {
  test('behavior: k of n shares give the key, and the content comes back', async () => {
    const shape = fc.record({
      content: fc.uint8Array({ maxLength: 200 }),
      n: fc.integer({ min: 2, max: 7 }),
      kShare: fc.nat(),
      patientHasKey: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ content, n, kShare, patientHasKey }) => {
        const k = 2 + (kShare % (n - 1));
        const sample = await makeSample({ content, n, k, patientHasKey });
        const opened = await Promise.all(
          sample.keepers.slice(n - k).map((keeper) => envelope.openKeeperBlock(sample.envelope, keeper)),
        );
        const shares = opened.filter((share) => share !== undefined);
        const contentKey = await envelope.combineShares(sample.envelope, shares);
        const reading = envelope.openBody({
          envelope: sample.envelope,
          contentKey,
          ciphertext: streamOf(sample.body),
        });
        expect(Buffer.compare(await collect(reading), content)).toBe(0);
        await expect(envelope.combineShares(sample.envelope, shares.slice(1))).rejects.toMatchObject({
          code: 'SHARES_TOO_FEW',
        });
      }),
      { numRuns: 15 },
    );
  });
});
