import { beforeAll, describe, expect, test } from 'vitest';
import { SEGMENT_LENGTH, SEGMENT_PLAIN_LENGTH } from './body-length.ts';
import { concat } from './bytes.ts';
import { generateOneTimeKeyPair } from './hpke.ts';
import {
  combineShares,
  type Envelope,
  type KeeperShare,
  openBody,
  openKeeperBlock,
  openMetadata,
  openPatientBlock,
  openRelease,
  parseEnvelope,
  ShareWrongError,
  sealEnvelope,
  sealRelease,
  verifyContentKey,
} from './index.ts';
import { KEEPER_BLOCK_LENGTH, KEEPER_BLOCKS_OFFSET, OFFSET } from './layout.ts';
import {
  anyAddress,
  anyOpening,
  collect,
  flipped,
  letter,
  makeSample,
  pattern,
  type Sample,
  streamOf,
} from './testing.ts';

let sample: Sample;
let shares: KeeperShare[];
beforeAll(async () => {
  sample = await makeSample({ content: pattern(2 * SEGMENT_PLAIN_LENGTH + 100) });
  shares = await openAll(sample.envelope, sample);
});

async function openAll(envelope: Envelope, { keepers }: Sample): Promise<KeeperShare[]> {
  const opened = await Promise.all(keepers.map((keeper) => openKeeperBlock(envelope, keeper)));
  return opened.filter((share) => share !== undefined);
}

/** Everything a reader does, from keys to metadata; the code of the first failure. */
async function failureOf(bytes: Uint8Array): Promise<string> {
  try {
    const envelope = parseEnvelope(bytes);
    const opened = await openAll(envelope, sample);
    if (opened.length < 5) return 'not addressed';
    await combineShares(envelope, opened);
    const key = await openPatientBlock(envelope, sample.patient);
    if (!key) return 'not addressed';
    await openMetadata(envelope, key);
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('an altered envelope', () => {
  const block = KEEPER_BLOCKS_OFFSET + 2 * KEEPER_BLOCK_LENGTH;
  const regions: [string, number, string][] = [
    ['epoch', OFFSET.epoch, 'SEAL_BROKEN'],
    ['chain id', OFFSET.chainId + 7, 'SEAL_BROKEN'],
    ['RecordIndex', OFFSET.recordIndex, 'SEAL_BROKEN'],
    ['patient', OFFSET.patient, 'SEAL_BROKEN'],
    ['author', OFFSET.author, 'SEAL_BROKEN'],
    ['salt', OFFSET.salt, 'SEAL_BROKEN'],
    ['keeper set', OFFSET.keeperSet, 'SEAL_BROKEN'],
    ['body digest', OFFSET.bodyDigest, 'SEAL_BROKEN'],
    ['key commitment', OFFSET.keyCommit, 'SEAL_BROKEN'],
    ['FLOE IV', OFFSET.floeHeader + 10, 'SEAL_BROKEN'],
    ['FLOE tag', OFFSET.floeHeader + 73, 'SEAL_BROKEN'],
    ['metadata nonce', OFFSET.metadata, 'ENVELOPE_MAC_MISMATCH'],
    ['metadata', OFFSET.metadata + 100, 'ENVELOPE_MAC_MISMATCH'],
    ['metadata tag', OFFSET.patientBlock - 1, 'ENVELOPE_MAC_MISMATCH'],
    ['patient recipient', OFFSET.patientBlock, 'ENVELOPE_MAC_MISMATCH'],
    ['patient enc', OFFSET.patientBlock + 40, 'ENVELOPE_MAC_MISMATCH'],
    ['patient ciphertext', KEEPER_BLOCKS_OFFSET - 1, 'ENVELOPE_MAC_MISMATCH'],
    ['share x', block, 'SEAL_BROKEN'],
    ['keeper recipient', block + 1, 'not addressed'],
    ['share commitment', block + 33, 'SEAL_BROKEN'],
    ['keeper enc', block + 65, 'SEAL_BROKEN'],
    ['keeper ciphertext', block + KEEPER_BLOCK_LENGTH - 1, 'SEAL_BROKEN'],
    ['MAC', KEEPER_BLOCKS_OFFSET + 5 * KEEPER_BLOCK_LENGTH, 'ENVELOPE_MAC_MISMATCH'],
  ];
  test.each(regions)('error: one bit of the %s', async (_, offset, code) => {
    // The bit 0x80 keeps the sample's x coordinates off each other only by luck, so try a few.
    const results = await Promise.all(
      [1, 2, 4].map((mask) => failureOf(flipped(sample.bytes, offset, mask))),
    );
    expect(results.filter((result) => result !== 'ENVELOPE_FIELD')).toContain(code);
    expect(results).not.toContain('none');
  });

  test('error: swapped key blocks', async () => {
    const at = (i: number) => KEEPER_BLOCKS_OFFSET + i * KEEPER_BLOCK_LENGTH;
    const swapped = Uint8Array.from(sample.bytes);
    swapped.set(sample.bytes.subarray(at(0), at(1)), at(1));
    swapped.set(sample.bytes.subarray(at(1), at(2)), at(0));
    expect(await failureOf(swapped)).toBe('SEAL_BROKEN');
  });

  test('error: a lower threshold', async () => {
    expect(await failureOf(flipped(sample.bytes, OFFSET.threshold))).toBe('SEAL_BROKEN');
  });

  test.each(['patient', 'author', 'recordIndex'] as const)(
    'error: key blocks copied under another %s open nowhere',
    async (who) => {
      const theirs = await makeSample({ binding: { ...sample.binding, [who]: anyAddress(0x77) } });
      const mixed = parseEnvelope(concat(theirs.bytes.subarray(0, 842), sample.bytes.subarray(842)));
      const openings = [
        openPatientBlock(mixed, sample.patient),
        ...sample.keepers.map((keeper) => openKeeperBlock(mixed, keeper)),
      ];
      for (const outcome of await Promise.allSettled(openings)) {
        expect(outcome).toMatchObject({ reason: { code: 'SEAL_BROKEN' } });
      }
    },
  );

  test('behavior: strangers are told that nothing is addressed to them', async () => {
    const stranger = await generateOneTimeKeyPair();
    expect(await openKeeperBlock(sample.envelope, stranger)).toBeUndefined();
    expect(await openPatientBlock(sample.envelope, stranger)).toBeUndefined();
  });
});

describe('combineShares', () => {
  test('default: any three of five', async () => {
    for (const [a, b, c] of [
      [0, 1, 2],
      [4, 3, 2],
      [0, 2, 4],
    ] as const) {
      const chosen = [shares[a], shares[b], shares[c]].filter((share) => share !== undefined);
      expect(await combineShares(sample.envelope, chosen)).toEqual(sample.contentKey);
    }
    expect(await combineShares(sample.envelope, shares)).toEqual(sample.contentKey);
  });

  test('error: too few, also when one is repeated', async () => {
    const two = shares.slice(0, 2);
    for (const few of [[], two, [...two, ...two]]) {
      await expect(combineShares(sample.envelope, few)).rejects.toMatchObject({
        code: 'SHARES_TOO_FEW',
        retryable: true,
      });
    }
  });

  test('error: a liar is named', async () => {
    const lying = shares.map((share) =>
      share.index === 3 ? { ...share, share: flipped(share.share, 9) } : share,
    );
    const failure = await combineShares(sample.envelope, lying).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ShareWrongError);
    expect(failure).toMatchObject({ code: 'SHARE_WRONG', index: 3 });
  });

  test('error: a share with another x or place', async () => {
    const [first, second] = shares;
    if (!first || !second) throw new Error('no shares');
    for (const wrong of [
      { ...first, x: second.x },
      { ...first, index: 1 },
      { ...first, index: 9 },
    ]) {
      await expect(combineShares(sample.envelope, [wrong])).rejects.toMatchObject({ code: 'SHARE_WRONG' });
    }
  });

  test('error: another content key', () => {
    const other = flipped(sample.contentKey, 0);
    expect(() => verifyContentKey(sample.envelope, other)).toThrow(
      expect.objectContaining({ code: 'KEY_COMMITMENT_MISMATCH' }),
    );
  });
});

describe('openRelease', () => {
  const begin = async () => {
    const keyPair = await generateOneTimeKeyPair();
    const share = shares[1];
    if (!share) throw new Error('no share');
    const given = { envelope: sample.envelope, openingId: anyOpening };
    const sealed = await sealRelease({ ...given, ...share, publicKey: keyPair.publicKey });
    return { ...given, keyPair, share, sealed };
  };

  test('default: gives the share', async () => {
    const { share, ...given } = await begin();
    expect(given.sealed.length).toBe(1168);
    expect(await openRelease({ ...given, index: 1 })).toEqual(share);
  });

  test('error: another opening, keeper, key or record', async () => {
    const { share: _, ...given } = await begin();
    const other = await makeSample();
    const outcomes = await Promise.allSettled([
      openRelease({ ...given, index: 1, openingId: `0x${'00'.repeat(32)}` as typeof anyOpening }),
      openRelease({ ...given, index: 2 }),
      openRelease({ ...given, index: 1, keyPair: await generateOneTimeKeyPair() }),
      openRelease({ ...given, index: 1, envelope: other.envelope }),
      openRelease({ ...given, index: 1, sealed: flipped(given.sealed, 1167) }),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'SEAL_BROKEN' } });
  });

  test('error: a wrong length or place is the caller’s mistake', async () => {
    const { share: _, ...given } = await begin();
    const cut = { ...given, index: 1, sealed: given.sealed.subarray(1) };
    await expect(openRelease(cut)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(openRelease({ ...given, index: 5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('error: a keeper does not seal a share that is not its own', async () => {
    const { share, keyPair, ...given } = await begin();
    const wrong = { ...given, ...share, share: flipped(share.share, 0), publicKey: keyPair.publicKey };
    await expect(sealRelease(wrong)).rejects.toMatchObject({ code: 'SHARE_WRONG' });
  });
});

describe('openBody', () => {
  const open = (ciphertext: Uint8Array) =>
    collect(
      openBody({
        envelope: sample.envelope,
        contentKey: sample.contentKey,
        ciphertext: streamOf(ciphertext),
      }),
    );

  const segment = (i: number) => sample.body.subarray(i * SEGMENT_LENGTH, (i + 1) * SEGMENT_LENGTH);
  const cases: [string, string, () => Uint8Array][] = [
    ['nothing', 'BODY_TRUNCATED', () => new Uint8Array()],
    ['a body without its last segment', 'BODY_TRUNCATED', () => concat(segment(0), segment(1))],
    ['a body cut by a byte', 'BODY_TRUNCATED', () => sample.body.subarray(0, -1)],
    ['a body with a byte more', 'BODY_EXTENDED', () => concat(sample.body, Uint8Array.of(0))],
    ['a body with a segment more', 'BODY_EXTENDED', () => concat(sample.body, segment(0))],
    ['swapped segments', 'BODY_SEGMENT_BROKEN', () => concat(segment(1), segment(0), segment(2))],
    ['a repeated segment', 'BODY_SEGMENT_BROKEN', () => concat(segment(0), segment(0), segment(2))],
    ['a flipped bit at the start', 'BODY_SEGMENT_BROKEN', () => flipped(sample.body, 0)],
    ['a flipped bit in the middle', 'BODY_SEGMENT_BROKEN', () => flipped(sample.body, SEGMENT_LENGTH + 77)],
    ['a flipped bit at the end', 'BODY_SEGMENT_BROKEN', () => flipped(sample.body, sample.body.length - 1)],
  ];
  test.each(cases)('error: %s', async (_, code, body) => {
    await expect(open(body())).rejects.toMatchObject({ code });
  });

  test('behavior: chunks of any size give the same content', async () => {
    const chunks = [1, 3, 262_143, 1, 100_000].reduce<{ parts: Uint8Array[]; at: number }>(
      ({ parts, at }, size) => ({ parts: [...parts, sample.body.subarray(at, at + size)], at: at + size }),
      { parts: [], at: 0 },
    );
    const source = streamOf(...chunks.parts, sample.body.subarray(chunks.at));
    const { envelope, contentKey } = sample;
    const opened = await collect(openBody({ envelope, contentKey, ciphertext: source }));
    expect(Buffer.compare(opened, pattern(opened.length))).toBe(0);
  });

  test('behavior: reads ranges, reports progress, and tells short from long answers', async () => {
    const { envelope, contentKey, body } = sample;
    const seen: number[] = [];
    const given = { envelope, contentKey, onProgress: ({ done }: { done: number }) => seen.push(done) };
    const readRange = async (offset: number, length: number) => body.subarray(offset, offset + length);
    const opened = await collect(openBody({ ...given, readRange }));
    expect(opened.length).toBe(2 * SEGMENT_PLAIN_LENGTH + 100);
    expect(seen).toEqual([SEGMENT_PLAIN_LENGTH, 2 * SEGMENT_PLAIN_LENGTH, opened.length]);

    const short = async (offset: number, length: number) => body.subarray(offset, offset + length - 1);
    await expect(collect(openBody({ ...given, readRange: short }))).rejects.toMatchObject({
      code: 'BODY_TRUNCATED',
    });
    const long = async (_: number, length: number) => new Uint8Array(length + 1);
    await expect(collect(openBody({ ...given, readRange: long }))).rejects.toMatchObject({
      code: 'BODY_EXTENDED',
    });
  });

  test('error: the body of another key', async () => {
    const opening = openBody({
      envelope: sample.envelope,
      contentKey: flipped(sample.contentKey, 0),
      ciphertext: streamOf(sample.body),
    });
    await expect(collect(opening)).rejects.toMatchObject({ code: 'BODY_HEADER_BROKEN' });
  });

  test('error: cancelled', async () => {
    const { envelope, contentKey, body } = sample;
    const abort = new AbortController();
    const opening = openBody({ envelope, contentKey, ciphertext: streamOf(body), signal: abort.signal });
    const reading = (async () => {
      for await (const _ of opening) abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('sealEnvelope', () => {
  const given = () => {
    const { envelope, contentKey, keepers, binding } = sample;
    const { epoch, threshold, keeperSetDigest, bodyDigest, bodyLength, floeHeader } = envelope;
    const metadata = { ...letter, length: 2 * SEGMENT_PLAIN_LENGTH + 100 };
    return {
      contentKey,
      binding,
      epoch,
      threshold,
      keepers,
      keeperSetDigest,
      bodyDigest,
      bodyLength,
      floeHeader,
      metadata,
    };
  };

  test('behavior: any number of keepers from 2 to 32', async () => {
    const many = await Promise.all(Array.from({ length: 32 }, () => generateOneTimeKeyPair()));
    for (const n of [2, 32]) {
      const bytes = await sealEnvelope({ ...given(), keepers: many.slice(0, n), threshold: n });
      expect(parseEnvelope(bytes).keeperBlocks.length).toBe(n);
    }
  });

  const wrong: [string, () => object][] = [
    ['one keeper', () => ({ keepers: sample.keepers.slice(0, 1) })],
    ['a threshold of 1', () => ({ threshold: 1 })],
    ['a threshold above n', () => ({ threshold: 6 })],
    ['a fraction', () => ({ threshold: 2.5 })],
    ['a keeper twice', () => ({ keepers: [sample.keepers[0], sample.keepers[0]], threshold: 2 })],
    ['a key that is none', () => ({ keepers: [{ publicKey: new Uint8Array(3) }, ...sample.keepers] })],
    ['a body length that is none', () => ({ bodyLength: 5 })],
    ['metadata of another body', () => ({ metadata: letter })],
    ['a negative epoch', () => ({ epoch: -1 })],
    ['a huge chain id', () => ({ binding: { ...sample.binding, chainId: 1n << 64n } })],
    ['an address that is none', () => ({ binding: { ...sample.binding, author: '0x12' } })],
    ['a short salt', () => ({ binding: { ...sample.binding, salt: new Uint8Array(31) } })],
    ['a short content key', () => ({ contentKey: new Uint8Array(16) })],
    ['a short digest', () => ({ bodyDigest: '0x00' })],
  ];
  test.each(wrong)('error: refuses %s', async (_, change) => {
    const sealing = sealEnvelope({ ...given(), ...change() });
    await expect(sealing).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
