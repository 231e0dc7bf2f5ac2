import { SEGMENT_LENGTH } from '../../src/envelope/body-length.ts';
import { type Bytes, concat, uint } from '../../src/envelope/bytes.ts';
import { KEEPER_BLOCK_LENGTH, KEEPER_BLOCKS_OFFSET, MAC_LENGTH, OFFSET } from '../../src/envelope/layout.ts';
import { flipped, type Sample } from '../../src/envelope/testing.ts';

/** Bytes that nobody sealed, and the codes with which they may be refused. */
export type Mutation = {
  readonly kind: string;
  readonly bytes: Bytes;
  readonly codes: readonly string[];
};

type Pick = (bound: number) => number;
type Mutations = Generator<Mutation, void, undefined>;

const keeperAt = (i: number) => KEEPER_BLOCKS_OFFSET + i * KEEPER_BLOCK_LENGTH;
const NEIGHBOURS = [0, 1, 2, 31, 32, 33, 127, 128, 254, 255];

/** Envelopes made from a good one and from others that the same people sealed. */
export function* envelopeMutations(good: Sample, others: readonly Sample[], pick: Pick): Mutations {
  const { bytes } = good;
  for (let at = 0; at < bytes.length; at += at < OFFSET.metadata ? 1 : 5) {
    const mutated = flipped(bytes, at, 1 << pick(8));
    yield { kind: 'a bit', bytes: mutated, codes: codesAt(at) };
  }
  for (let i = 0; i < 400; i++) {
    const length = i < 50 ? i : pick(bytes.length);
    yield { kind: 'cut', bytes: bytes.slice(0, length), codes: ['ENVELOPE_LENGTH'] };
    const more = new Uint8Array(1 + pick(i < 350 ? 3000 : 3_000_000)).fill(pick(256));
    yield { kind: 'extended', bytes: concat(bytes, more), codes: ['ENVELOPE_LENGTH'] };
  }
  yield* fieldMutations(bytes, pick);
  yield* blockMutations(bytes, others, pick);
}

/** Counts, lengths and names. */
function* fieldMutations(bytes: Bytes, pick: Pick): Mutations {
  for (let value = 0; value < 256; value++) {
    if (value === bytes[OFFSET.threshold]) continue;
    const codes = value >= 2 && value <= 5 ? ['SEAL_BROKEN'] : ['ENVELOPE_FIELD'];
    yield { kind: 'wrong k', bytes: patched(bytes, OFFSET.threshold, Uint8Array.of(value)), codes };
  }
  for (let value = 0; value < 256; value++) {
    if (value === bytes[OFFSET.keepers]) continue;
    // Fewer keepers than k is a matter of k; else the length does not fit any more.
    const codes = value >= 3 && value <= 32 ? ['ENVELOPE_LENGTH'] : ['ENVELOPE_FIELD'];
    yield { kind: 'wrong n', bytes: patched(bytes, OFFSET.keepers, Uint8Array.of(value)), codes };
  }
  for (const power of Array.from({ length: 33 }, (_, i) => 2 ** i)) {
    for (const length of [power - 1, power, power + 1].filter((value) => value < 2 ** 32)) {
      const mutated = patched(bytes, OFFSET.length, uint(length, 4));
      yield { kind: 'envelope length', bytes: mutated, codes: ['ENVELOPE_LENGTH'] };
    }
  }
  for (let bit = 0n; bit <= 64n; bit++) {
    for (const length of [2n ** bit - 1n, 2n ** bit, 2n ** bit + 32n].filter((value) => value < 2n ** 64n)) {
      const mutated = patched(bytes, OFFSET.bodyLength, uint(length, 8));
      yield { kind: 'body length', bytes: mutated, codes: ['ENVELOPE_FIELD', 'SEAL_BROKEN'] };
    }
  }
  const bound = { chainId: 8, recordIndex: 20, patient: 20, author: 20, salt: 32, epoch: 4, keeperSet: 32 };
  for (const [field, length] of Object.entries(bound)) {
    for (let i = 0; i < 60; i++) {
      const value = Uint8Array.from({ length }, () => pick(256));
      const mutated = patched(bytes, OFFSET[field as keyof typeof bound], value);
      yield { kind: `other ${field}`, bytes: mutated, codes: ['SEAL_BROKEN'] };
    }
  }
}

/** Key blocks swapped, copied, and transplanted from other records. */
function* blockMutations(bytes: Bytes, others: readonly Sample[], pick: Pick): Mutations {
  const block = (from: Uint8Array, i: number) => from.subarray(keeperAt(i), keeperAt(i + 1));
  const places = [0, 1, 2, 3, 4];
  for (const a of places) {
    for (const b of places.filter((other) => other !== a)) {
      const swapped = patched(patched(bytes, keeperAt(a), block(bytes, b)), keeperAt(b), block(bytes, a));
      yield { kind: 'swapped key blocks', bytes: swapped, codes: ['SEAL_BROKEN'] };
      const twice = patched(bytes, keeperAt(a), block(bytes, b));
      yield { kind: 'a key block twice', bytes: twice, codes: ['ENVELOPE_FIELD'] };
      for (const length of [1, 33]) {
        const from = keeperAt(b) + (length === 1 ? 0 : 1);
        const part = bytes.subarray(from, keeperAt(b) + length);
        const mutated = patched(bytes, keeperAt(a) + (length === 1 ? 0 : 1), part);
        yield { kind: 'a share index or keeper twice', bytes: mutated, codes: ['ENVELOPE_FIELD'] };
      }
    }
    yield {
      kind: 'share index zero',
      bytes: patched(bytes, keeperAt(a), Uint8Array.of(0)),
      codes: ['ENVELOPE_FIELD'],
    };
    for (const x of NEIGHBOURS.filter((value) => value > 0 && value !== bytes[keeperAt(a)])) {
      const mutated = patched(bytes, keeperAt(a), Uint8Array.of(x));
      yield { kind: 'share index', bytes: mutated, codes: ['ENVELOPE_FIELD', 'SEAL_BROKEN'] };
    }
  }
  const seals = ['ENVELOPE_FIELD', 'SEAL_BROKEN'];
  for (const { bytes: other } of others) {
    for (const a of places) {
      for (const b of places) {
        const mutated = patched(bytes, keeperAt(a), block(other, b));
        yield { kind: "another record's key block", bytes: mutated, codes: seals };
      }
    }
    const before = other.length - MAC_LENGTH;
    const cuts = [OFFSET.metadata, OFFSET.patientBlock, KEEPER_BLOCKS_OFFSET, before];
    // Before the body's digest the two may be alike, and the result would be the other record.
    const anywhere = Array.from({ length: 40 }, () => OFFSET.keyCommit + pick(before - OFFSET.keyCommit));
    for (const cut of [...cuts, ...anywhere]) {
      const mutated = concat(bytes.subarray(0, cut), other.subarray(cut));
      yield { kind: 'two records in one', bytes: mutated, codes: [...seals, 'ENVELOPE_MAC_MISMATCH'] };
    }
  }
}

/** Where a turned bit shows. */
function codesAt(at: number): readonly string[] {
  if (at < OFFSET.version) return ['ENVELOPE_MALFORMED'];
  if (at < OFFSET.kemSuite) return ['ENVELOPE_VERSION_UNKNOWN'];
  if (at < OFFSET.threshold) return ['ENVELOPE_SUITE_UNKNOWN'];
  if (at === OFFSET.threshold) return ['ENVELOPE_FIELD', 'SEAL_BROKEN'];
  if (at === OFFSET.keepers) return ['ENVELOPE_FIELD', 'ENVELOPE_LENGTH'];
  if (at < OFFSET.length) return ['ENVELOPE_FIELD'];
  if (at < OFFSET.epoch) return ['ENVELOPE_LENGTH'];
  if (at >= OFFSET.bodyLength && at < OFFSET.bodyDigest) return ['ENVELOPE_FIELD', 'SEAL_BROKEN'];
  if (at >= OFFSET.floeHeader && at < OFFSET.floeHeader + 10) return ['ENVELOPE_FIELD'];
  if (at < OFFSET.metadata) return ['SEAL_BROKEN'];
  if (at < KEEPER_BLOCKS_OFFSET) return ['ENVELOPE_MAC_MISMATCH'];
  const inBlock = (at - KEEPER_BLOCKS_OFFSET) % KEEPER_BLOCK_LENGTH;
  if (at >= keeperAt(5)) return ['ENVELOPE_MAC_MISMATCH'];
  if (inBlock === 0) return ['ENVELOPE_FIELD', 'SEAL_BROKEN'];
  // The block is no longer addressed to its keeper; the others open, and the MAC tells.
  return inBlock < 33 ? ['ENVELOPE_MAC_MISMATCH'] : ['SEAL_BROKEN'];
}

/** Bodies made from a good one and from others, under the good one's envelope. */
export function* bodyMutations({ body }: Sample, others: readonly Sample[], pick: Pick): Mutations {
  const count = Math.ceil(body.length / SEGMENT_LENGTH);
  const segment = (from: Uint8Array, i: number) =>
    from.subarray(i * SEGMENT_LENGTH, (i + 1) * SEGMENT_LENGTH);
  const broken = ['BODY_SEGMENT_BROKEN'];
  for (let i = 0; i < 600; i++) {
    const at = i < 96 ? (i % count) * SEGMENT_LENGTH + Math.floor(i / count) : pick(body.length);
    yield { kind: 'a bit', bytes: flipped(body, at, 1 << pick(8)), codes: broken };
  }
  for (let i = 0; i < 200; i++) {
    const length = i < count ? i * SEGMENT_LENGTH : pick(body.length);
    yield { kind: 'cut', bytes: body.slice(0, length), codes: ['BODY_TRUNCATED', ...broken] };
    const more = new Uint8Array(1 + pick(i < 190 ? 100 : 2 * SEGMENT_LENGTH)).fill(pick(256));
    yield { kind: 'extended', bytes: concat(body, more), codes: ['BODY_EXTENDED'] };
  }
  for (let a = 0; a < count; a++) {
    for (const field of [0, 1, 32, 33, SEGMENT_LENGTH - 1, SEGMENT_LENGTH, SEGMENT_LENGTH + 1, 2 ** 31]) {
      const mutated = patched(body, a * SEGMENT_LENGTH, uint(field, 4));
      yield { kind: 'segment length', bytes: mutated, codes: broken };
    }
    for (let b = 0; b < count; b++) {
      if (a === b) continue;
      const order = Array.from({ length: count }, (_, i) => (i === a ? b : i === b ? a : i));
      const swapped = concat(...order.map((i) => segment(body, i)));
      yield { kind: 'swapped segments', bytes: swapped, codes: broken };
      const twice = concat(...order.map((i) => segment(body, i === b ? b : i))).slice(0, body.length);
      yield { kind: 'a segment twice', bytes: twice, codes: [...broken, 'BODY_TRUNCATED'] };
    }
    for (const other of others) {
      const mutated = patched(body, a * SEGMENT_LENGTH, segment(other.body, a));
      yield { kind: "another body's segment", bytes: mutated, codes: broken };
    }
  }
  for (const other of others) yield { kind: 'another body', bytes: other.body, codes: broken };
}

function patched(bytes: Bytes, at: number, value: Uint8Array): Bytes {
  const copy = bytes.slice();
  copy.set(value.subarray(0, copy.length - at), at);
  return copy;
}
