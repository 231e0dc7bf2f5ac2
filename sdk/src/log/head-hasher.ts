import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from 'viem';
import { GROUNDS } from '../contracts/vocabulary.ts';
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
  const view = new DataView(into.buffer, into.byteOffset);

  // Whatever stands behind the head's 28 bytes is written over.
  into.set(head, 0);
  view.setUint32(28, sequence);
  into[84] = purpose;
  into[85] = decision;
  into[124] = entry.ground;
  view.setUint16(86, openedAt / 2 ** 32);
  view.setUint32(88, openedAt % 2 ** 32);
  const seen = writeHex(into, 32, 32, 2) | writeHex(into, 64, 20, 68) | writeHex(into, 92, 32, 110);
  if (seen > 15) throw new RangeError('An entry has a field that is not hex.');
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

/** Digits by their ASCII codes; 255 where there is none. */
const DIGITS = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) {
  const digit = i.toString(16);
  DIGITS[digit.charCodeAt(0)] = i;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = i;
}

/** @returns more than 15 if there was something else than digits */
function writeHex(into: Uint8Array, offset: number, length: number, from: number): number {
  let seen = 0;
  for (let i = 0, at = from; i < length; i++, at += 2) {
    const high = DIGITS[text[at] ?? 0] ?? 255;
    const low = DIGITS[text[at + 1] ?? 0] ?? 255;
    seen |= high | low;
    into[offset + i] = (high << 4) | low;
  }
  return seen;
}
