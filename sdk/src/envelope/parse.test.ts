import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { EnvelopeError } from '../errors.ts';
import { concat, toHex, uint } from './bytes.ts';
import { encodeKeeperBlock, encodePatientBlock, encodePrefix } from './encode.ts';
import { envelopeLength, KEEPER_BLOCK_LENGTH, KEEPER_BLOCKS_OFFSET, MAGIC, OFFSET } from './layout.ts';
import { parseEnvelope } from './parse.ts';
import { anyAddress, flipped, makeSample, type Sample } from './testing.ts';
import type { Envelope } from './types.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await makeSample();
});

/** What the fuzzer asks too: whatever parses is exactly what encoding its fields gives. */
const encode = (e: Envelope) =>
  concat(
    encodePrefix(e),
    e.metadata,
    encodePatientBlock(e.patientBlock),
    ...e.keeperBlocks.map(encodeKeeperBlock),
    e.mac,
  );

const patched = (offset: number, bytes: Uint8Array) => {
  const copy = Uint8Array.from(sample.bytes);
  copy.set(bytes, offset);
  return copy;
};

const keeperAt = (i: number) => KEEPER_BLOCKS_OFFSET + i * KEEPER_BLOCK_LENGTH;

describe('parseEnvelope', () => {
  test('default: gives back every field', () => {
    const { envelope, binding, bytes, keepers } = sample;
    expect(envelope).toMatchObject({ threshold: 3, keeperCount: 5, epoch: 7, ...binding });
    expect(envelope.keeperBlocks.map(({ recipient }) => toHex(recipient))).toEqual(
      keepers.map(({ publicKeyHash }) => toHex(publicKeyHash)),
    );
    expect(bytes.length).toBe(8239);
    expect(envelope.author).toBe(anyAddress(0x33));
  });

  test('behavior: encoding what was parsed gives the same bytes', () => {
    expect(encode(sample.envelope)).toEqual(sample.bytes);
  });

  test('behavior: the caller may change its bytes afterwards', () => {
    const bytes = Uint8Array.from(sample.bytes);
    const envelope = parseEnvelope(bytes);
    bytes.fill(0);
    expect(envelope.bytes).toEqual(sample.bytes);
  });

  const refusals: [string, string, () => Uint8Array][] = [
    ['no bytes', 'ENVELOPE_LENGTH', () => new Uint8Array()],
    ['one byte less', 'ENVELOPE_LENGTH', () => sample.bytes.subarray(0, -1)],
    ['one byte more', 'ENVELOPE_LENGTH', () => concat(sample.bytes, Uint8Array.of(0))],
    ['a megabyte', 'ENVELOPE_LENGTH', () => new Uint8Array(1_000_000)],
    ['another magic', 'ENVELOPE_MALFORMED', () => patched(0, Uint8Array.from(MAGIC).reverse())],
    ['version 0', 'ENVELOPE_VERSION_UNKNOWN', () => patched(OFFSET.version, uint(0, 2))],
    ['version 2', 'ENVELOPE_VERSION_UNKNOWN', () => patched(OFFSET.version, uint(2, 2))],
    ['the test KEM suite', 'ENVELOPE_SUITE_UNKNOWN', () => patched(OFFSET.kemSuite, Uint8Array.of(1))],
    ['an unknown KEM suite', 'ENVELOPE_SUITE_UNKNOWN', () => patched(OFFSET.kemSuite, Uint8Array.of(3))],
    ['an unknown body suite', 'ENVELOPE_SUITE_UNKNOWN', () => patched(OFFSET.bodySuite, Uint8Array.of(0))],
    ['an unknown flag', 'ENVELOPE_FIELD', () => patched(OFFSET.flags, uint(2, 2))],
    ['a flag against its block', 'ENVELOPE_FIELD', () => patched(OFFSET.flags, uint(1, 2))],
    ['k below 2', 'ENVELOPE_FIELD', () => patched(OFFSET.threshold, Uint8Array.of(1))],
    ['k above n', 'ENVELOPE_FIELD', () => patched(OFFSET.threshold, Uint8Array.of(6))],
    ['n below 2', 'ENVELOPE_FIELD', () => patched(OFFSET.keepers, Uint8Array.of(1))],
    ['n above 32', 'ENVELOPE_FIELD', () => patched(OFFSET.keepers, Uint8Array.of(33))],
    ['n against the length', 'ENVELOPE_LENGTH', () => patched(OFFSET.keepers, Uint8Array.of(6))],
    ['a wrong length field', 'ENVELOPE_LENGTH', () => patched(OFFSET.length, uint(envelopeLength(4), 4))],
    ['an empty body', 'ENVELOPE_FIELD', () => patched(OFFSET.bodyLength, uint(0, 8))],
    ['a body without padding', 'ENVELOPE_FIELD', () => patched(OFFSET.bodyLength, uint(65_600, 8))],
    [
      'a body with an empty last segment',
      'ENVELOPE_FIELD',
      () => patched(OFFSET.bodyLength, uint(262_176, 8)),
    ],
    [
      'a body beyond all numbers',
      'ENVELOPE_FIELD',
      () => patched(OFFSET.bodyLength, uint(2n ** 64n - 1n, 8)),
    ],
    ['other FLOE parameters', 'ENVELOPE_FIELD', () => patched(OFFSET.floeHeader + 5, Uint8Array.of(1))],
    ['a patient block to nobody', 'ENVELOPE_FIELD', () => patched(OFFSET.patientBlock, new Uint8Array(32))],
    ['x of zero', 'ENVELOPE_FIELD', () => patched(keeperAt(1), Uint8Array.of(0))],
    [
      'the same x twice',
      'ENVELOPE_FIELD',
      () => patched(keeperAt(1), sample.bytes.subarray(keeperAt(0), keeperAt(0) + 1)),
    ],
    ['a keeper of zero', 'ENVELOPE_FIELD', () => patched(keeperAt(4) + 1, new Uint8Array(32))],
    [
      'the same keeper twice',
      'ENVELOPE_FIELD',
      () => patched(keeperAt(1) + 1, sample.bytes.subarray(keeperAt(0) + 1, keeperAt(0) + 33)),
    ],
  ];
  test.each(refusals)('error: refuses %s', (_, code, bytes) => {
    const act = () => parseEnvelope(bytes());
    expect(act).toThrow(EnvelopeError);
    expect(act).toThrow(expect.objectContaining({ code }));
  });

  test('behavior: any bytes are refused with an EnvelopeError or have exactly one reading', () => {
    const edit = fc.record({ at: fc.nat(8238), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const bytes = Uint8Array.from(sample.bytes);
        for (const { at, value } of edits) bytes[at] = value;
        try {
          expect(encode(parseEnvelope(bytes))).toEqual(bytes);
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
    expect(parseEnvelope(flipped(sample.bytes, 8238)).mac).not.toEqual(sample.envelope.mac);
  });
});
