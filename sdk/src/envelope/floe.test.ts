import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLOE_OVERHEAD, FLOE_RECORD, startFloeDecryption, startFloeEncryption } from './floe.ts';
import { decryptFloe, encryptFloe } from './floe-whole.ts';
import { flipped } from './testing.ts';

const key = new Uint8Array(32).fill(3);
const aad = Uint8Array.of(1, 2, 3);
const small = { segmentLength: 40, rotationBits: 2 };

describe('startFloeEncryption', () => {
  test('default: the header is parameters, IV and tag', () => {
    const { header } = startFloeEncryption(key, aad);
    expect(header.length).toBe(74);
    expect([...header.subarray(0, 10)]).toEqual([0, 0, 0, 4, 0, 0, 0, 0, 0, 32]);
  });

  test('behavior: two bodies of one key share no IV', () => {
    expect(startFloeEncryption(key, aad).header).not.toEqual(startFloeEncryption(key, aad).header);
  });
});

describe('startFloeDecryption', () => {
  const { header } = startFloeEncryption(key, aad);
  const cases: [string, () => unknown][] = [
    ['another key', () => startFloeDecryption(new Uint8Array(32), aad, header)],
    ['other AAD', () => startFloeDecryption(key, new Uint8Array(), header)],
    ['other parameters', () => startFloeDecryption(key, aad, header, small)],
    ['an altered IV', () => startFloeDecryption(key, aad, flipped(header, 12))],
    ['an altered tag', () => startFloeDecryption(key, aad, flipped(header, 73))],
    ['a cut header', () => startFloeDecryption(key, aad, header.subarray(0, 73))],
    ['no header', () => startFloeDecryption(key, aad, new Uint8Array())],
  ];
  test.each(cases)('error: refuses %s', (_, act) => {
    expect(act).toThrow(expect.objectContaining({ code: 'BODY_HEADER_BROKEN' }));
  });
});

describe('FloeSession', () => {
  const begin = () => {
    const { header, session } = startFloeEncryption(key, aad, small);
    return { session, reader: startFloeDecryption(key, aad, header, small) };
  };

  test('default: a segment opens where it was written, in any order', async () => {
    const { session, reader } = begin();
    const full = new Uint8Array(session.capacity).fill(8);
    const segments = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => session.encryptSegment(full, i, false)));
    for (const i of [5, 0, 3, 4]) {
      expect(await reader.decryptSegment(segments[i] ?? full, i, false)).toEqual(full);
    }
  });

  test('error: moved, relabelled, altered and cut segments are refused', async () => {
    const { session, reader } = begin();
    const segment = await session.encryptSegment(new Uint8Array(session.capacity), 1, false);
    const final = await session.encryptSegment(new Uint8Array(3), 2, true);
    const outcomes = await Promise.allSettled([
      reader.decryptSegment(segment, 0, false),
      reader.decryptSegment(segment, 5, false),
      reader.decryptSegment(segment, 1, true),
      reader.decryptSegment(final, 2, false),
      reader.decryptSegment(final, 3, true),
      reader.decryptSegment(final.subarray(0, -1), 2, true),
      reader.decryptSegment(segment.subarray(1), 1, false),
      reader.decryptSegment(new Uint8Array(), 0, true),
      reader.decryptSegment(new Uint8Array(41), 0, true),
      ...Array.from(segment, (_, i) => reader.decryptSegment(flipped(segment, i), 1, false)),
    ]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { code: 'BODY_SEGMENT_BROKEN' } });
  });

  test('behavior: segments that are encrypted at once share no nonce, and all of them open', async () => {
    const { header, session } = startFloeEncryption(key, aad, small);
    const plain = (i: number) => new Uint8Array(8).fill(i);
    const segments = await Promise.all(
      Array.from({ length: 64 }, (_, i) => session.encryptSegment(plain(i), i, false)),
    );
    expect(new Set(segments.map((segment) => segment.subarray(4, 16).join())).size).toBe(64);
    const reader = startFloeDecryption(key, aad, header, small);
    const opened = await Promise.all(segments.map((one, i) => reader.decryptSegment(one, i, false)));
    expect(opened).toEqual(segments.map((_, i) => plain(i)));
  });

  test('error: a segment that is not full and not final is a mistake of the caller', async () => {
    const { session } = begin();
    await expect(session.encryptSegment(new Uint8Array(1), 0, false)).rejects.toThrow(RangeError);
    await expect(session.encryptSegment(new Uint8Array(9), 0, true)).rejects.toThrow(RangeError);
    await expect(session.encryptSegment(new Uint8Array(8), 2 ** 40, true)).rejects.toThrow(RangeError);
  });
});

describe('decryptFloe', () => {
  test('default: reads what encryptFloe wrote, for any length and parameters', async () => {
    const parameters = fc.record({
      segmentLength: fc.integer({ min: FLOE_OVERHEAD + 1, max: 80 }),
      rotationBits: fc.integer({ min: 0, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array(),
        parameters,
        async (content, ad, p) => {
          const sealed = await encryptFloe(key, ad, content, p);
          expect(await decryptFloe(key, ad, sealed, p)).toEqual(content);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('error: truncation at a segment, extension and reordering are told apart', async () => {
    const sealed = await encryptFloe(key, aad, new Uint8Array(30), small);
    const cut = sealed.subarray(0, 74 + 80);
    await expect(decryptFloe(key, aad, cut, small)).rejects.toMatchObject({ code: 'BODY_TRUNCATED' });
    const longer = new Uint8Array([...sealed, ...sealed.subarray(74)]);
    await expect(decryptFloe(key, aad, longer, small)).rejects.toMatchObject({ code: 'BODY_EXTENDED' });
    const swapped = Uint8Array.from(sealed);
    swapped.copyWithin(74, 74 + 40, 74 + 80);
    await expect(decryptFloe(key, aad, swapped, small)).rejects.toMatchObject({
      code: 'BODY_SEGMENT_BROKEN',
    });
    expect(FLOE_RECORD).toEqual({ segmentLength: 262_144, rotationBits: 20 });
  });
});
