import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, concat, equal, toHex } from '../../sdk/src/envelope/bytes.ts';
import { encodeKeeperBlock, encodePatientBlock, encodePrefix } from '../../sdk/src/envelope/encode.ts';
import { type Envelope, parseEnvelope } from '../../sdk/src/envelope/index.ts';
import { KEEPER_BLOCK_LENGTH, KEEPER_BLOCKS_OFFSET } from '../../sdk/src/envelope/layout.ts';
import { EnvelopeError } from '../../sdk/src/errors.ts';
import type { EnvelopeVectors } from '../vectors/envelope.ts';
import { hex } from '../vectors/outcome.ts';
import { type FuzzArea, repeatable } from './area.ts';

/**
 * Alters good envelopes and parses them. The parser must answer with an EnvelopeError, or with
 * an envelope whose encoding is exactly those bytes: then there is no second encoding.
 */
export const fuzz: FuzzArea['fuzz'] = async ({ runs, seed }) => {
  const samples = goodEnvelopes();
  const pick = repeatable(seed);
  const failures: { why: string; input: string }[] = [];
  let accepted = 0;
  for (let i = 0; i < runs; i++) {
    const input = alter(samples[pick(samples.length)] ?? new Uint8Array(), pick);
    try {
      if (!equal(encode(parseEnvelope(input)), input)) {
        failures.push({ why: 'two encodings of one envelope', input: toHex(input) });
      }
      accepted++;
    } catch (error) {
      if (!(error instanceof EnvelopeError)) failures.push({ why: String(error), input: toHex(input) });
    }
  }
  return { runs, accepted, refused: runs - accepted, failures };
};

/** The published ones, with and without a patient's key: fixed, so that a seed repeats its run. */
function goodEnvelopes(): Uint8Array[] {
  const path = join(import.meta.dirname, '..', '..', 'sdk', 'vectors', 'envelope.json');
  const vectors = JSON.parse(readFileSync(path, 'utf8')) as EnvelopeVectors;
  return vectors.valid.map(({ envelope }) => hex(envelope));
}

/** One to four edits; now and then bytes that never were an envelope. */
function alter(good: Uint8Array, pick: (bound: number) => number): Bytes {
  if (pick(50) === 0) return Uint8Array.from({ length: pick(9000) }, () => pick(256));
  let bytes: Bytes = Uint8Array.from(good);
  for (let edits = 1 + pick(4); edits > 0; edits--) bytes = edit(bytes, pick);
  return bytes;
}

function edit(bytes: Bytes, pick: (bound: number) => number): Bytes {
  // Most of an envelope is ciphertext, where nothing can be wrong: aim at the fields.
  const at = pick(3) === 0 ? pick(bytes.length) : fieldOffset(bytes, pick);
  switch (pick(7)) {
    case 0:
      return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << pick(8)));
    case 1:
      return withByte(bytes, at, [0, 1, 2, 32, 33, 127, 128, 255][pick(8)] ?? 0);
    case 2:
      return withByte(bytes, at, pick(256));
    case 3:
      return bytes.slice(0, pick(bytes.length + 1));
    case 4:
      return concat(bytes, new Uint8Array(1 + pick(1300)));
    case 5:
      return bytes.copyWithin(at, pick(bytes.length), pick(bytes.length));
    default:
      return bytes.fill(pick(2) * 255, at, at + pick(1300));
  }
}

function fieldOffset(bytes: Bytes, pick: (bound: number) => number): number {
  if (pick(2) === 0) return pick(302);
  const blocks = Math.max(1, Math.floor((bytes.length - KEEPER_BLOCKS_OFFSET) / KEEPER_BLOCK_LENGTH));
  return KEEPER_BLOCKS_OFFSET + pick(blocks) * KEEPER_BLOCK_LENGTH + pick(33);
}

function withByte(bytes: Bytes, at: number, value: number): Bytes {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}

function encode(envelope: Envelope): Bytes {
  return concat(
    encodePrefix(envelope),
    envelope.metadata,
    encodePatientBlock(envelope.patientBlock),
    ...envelope.keeperBlocks.map(encodeKeeperBlock),
    envelope.mac,
  );
}
