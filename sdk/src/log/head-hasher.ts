import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from 'viem';
import { GROUNDS } from '../contracts/decisions.ts';
import { toHex } from '../envelope/bytes.ts';
import type { RecordId } from '../envelope/index.ts';
import type { LogEntry } from './head.ts';
import { DECISION_NUMBERS, PURPOSE_NUMBERS } from './numbers.ts';

/** What the head commits to, with purpose and decision as the contracts number them. */
export type EntryFields = {
  readonly sequence: number;
  readonly recordId: RecordId;
  readonly accessor: Hex;
  readonly purpose: number;
  readonly decision: number;
  /** Unix seconds. */
  readonly openedAt: number;
  readonly keyHash: Hex;
  /** Of a marked opening its ground, as the contracts number it; 0 of any other. */
  readonly ground: number;
};

/**
 * The head after one more entry: the first 28 bytes, of both. Nothing is cut off, because a view of an
 * array takes as long to make as a hash.
 */
export type HeadHasher = (head: Uint8Array, entry: EntryFields) => Uint8Array;

const HEAD_BYTES = 28;

/** The head of an empty log, as bytes. */
export const EMPTY_HEAD_BYTES: Uint8Array = new Uint8Array(HEAD_BYTES);

/** A head as the contract shows it. */
export function headHex(head: Uint8Array): Hex {
  return toHex(head.subarray(0, HEAD_BYTES));
}

/**
 * head 28 ‖ sequence 4 ‖ recordId 32 ‖ accessor 20 ‖ purpose 1 ‖ decision 1 ‖ openedAt 6 ‖ keyHash 32,
 * and of a marked opening ground 1
 */
const PACKED_BYTES = 125;

/**
 * For long lists: the same heads as `nextHead`, several times as fast. Keccak is WebAssembly where
 * that may run, and JavaScript where a content policy forbids it.
 */
export async function createHeadHasher(): Promise<HeadHasher> {
  const keccak = await fastKeccak();
  const packed = new Uint8Array(PACKED_BYTES);
  const unmarked = packed.subarray(0, PACKED_BYTES - 1);
  return (head, entry) => {
    packEntry(packed, head, entry);
    return keccak(entry.ground === 0 ? unmarked : packed);
  };
}

/** The bytes that an entry's head is the hash of. @param into 125 bytes, written over; the last counts for marked openings alone */
export function packEntry(into: Uint8Array<ArrayBuffer>, head: Uint8Array, entry: EntryFields): void {
  const { sequence, recordId, accessor, purpose, decision, openedAt, keyHash } = entry;
  const digits = recordId + accessor + keyHash;
  if (digits.length !== 174 || encoder.encodeInto(digits, text).written !== 174) {
    throw new RangeError('An entry has a field of another length.');
  }
  if (sequence >= 2 ** 32 || openedAt >= 2 ** 48)
    throw new RangeError('An entry has a number that is too large.');

  // Whatever stands behind the head's 28 bytes is written over.
  into.set(head, 0);
  writeNumber(into, 28, sequence);
  into[84] = purpose;
  into[85] = decision;
  const high = Math.floor(openedAt / 2 ** 32);
  into[86] = high >>> 8;
  into[87] = high;
  writeNumber(into, 88, openedAt);
  into[124] = entry.ground;
  const seen = writeHex(into, 32, 32, 1) | writeHex(into, 64, 20, 34) | writeHex(into, 92, 32, 55);
  if (seen > 255) throw new RangeError('An entry has a field that is not hex.');
}

/** An entry with its words as numbers. */
export function entryFields(
  entry: Omit<LogEntry, 'blockNumber' | 'transactionHash' | 'patient'>,
): EntryFields {
  return {
    ...entry,
    purpose: PURPOSE_NUMBERS[entry.purpose],
    decision: DECISION_NUMBERS[entry.decision],
    ground: GROUNDS.indexOf(entry.ground ?? 'Ordinary'),
  };
}

async function fastKeccak(): Promise<(bytes: Uint8Array) => Uint8Array> {
  // A page's policy lets no WebAssembly run, and reports whoever tries; workers have policies of their own.
  if ('document' in globalThis) return keccak_256;
  try {
    const { createKeccak } = await import('hash-wasm');
    const hasher = await createKeccak(256);
    return (bytes) => hasher.init().update(bytes).digest('binary');
  } catch {
    return keccak_256;
  }
}

const encoder = new TextEncoder();
/** The three fields that are hex, as ASCII: an array is read faster than a string. */
const text = new Uint8Array(256);
/** The same, two digits at a time. */
const pairs = new Uint16Array(text.buffer);

/** What two digits mean, by how they lie in `pairs`; 256 where they are none. */
const BYTES = new Uint16Array(65_536).fill(256);
const DIGITS = '0123456789abcdefABCDEF';
for (const first of DIGITS) {
  for (const second of DIGITS) {
    encoder.encodeInto(first + second, text);
    BYTES[pairs[0] ?? 0] = Number.parseInt(first + second, 16);
  }
}

/** The lowest 32 bits, the highest first. Faster than a view, which would have to be made each time. */
function writeNumber(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value >>> 24;
  into[offset + 1] = value >>> 16;
  into[offset + 2] = value >>> 8;
  into[offset + 3] = value;
}

/** @param from in pairs, of which the first is `0x` @returns more than 255 if there was something else than digits */
function writeHex(into: Uint8Array, offset: number, length: number, from: number): number {
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const byte = BYTES[pairs[from + i] ?? 0] ?? 256;
    seen |= byte;
    into[offset + i] = byte;
  }
  return seen;
}
