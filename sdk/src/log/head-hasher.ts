import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hex } from 'viem';
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
};

/** The 28 bytes of the head after one more entry. */
export type HeadHasher = (head: Uint8Array, entry: EntryFields) => Uint8Array;

/** The head of an empty log, as bytes. */
export const EMPTY_HEAD_BYTES: Uint8Array = new Uint8Array(28);

/** head 28 ‖ sequence 4 ‖ recordId 32 ‖ accessor 20 ‖ purpose 1 ‖ decision 1 ‖ openedAt 6 ‖ keyHash 32 */
const PACKED_BYTES = 124;

/**
 * For long lists: the same heads as `nextHead`, several times as fast. Keccak is WebAssembly where
 * that may run, and JavaScript where a content policy forbids it.
 */
export async function createHeadHasher(): Promise<HeadHasher> {
  const keccak = await fastKeccak();
  const packed = new Uint8Array(PACKED_BYTES);
  return (head, entry) => {
    packEntry(packed, head, entry);
    return keccak(packed).subarray(0, 28);
  };
}

/** The bytes that an entry's head is the hash of. @param into 124 bytes, written over */
export function packEntry(into: Uint8Array, head: Uint8Array, entry: EntryFields): void {
  into.set(head, 0);
  writeUint(into, 28, 4, entry.sequence);
  writeHex(into, 32, 32, entry.recordId);
  writeHex(into, 64, 20, entry.accessor);
  into[84] = entry.purpose;
  into[85] = entry.decision;
  writeUint(into, 86, 6, entry.openedAt);
  writeHex(into, 92, 32, entry.keyHash);
}

/** An entry with its words as numbers. */
export function entryFields(
  entry: Omit<LogEntry, 'blockNumber' | 'transactionHash' | 'patient'>,
): EntryFields {
  return {
    ...entry,
    purpose: PURPOSE_NUMBERS[entry.purpose],
    decision: DECISION_NUMBERS[entry.decision],
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

/** Digits by their character codes; 255 where there is none. */
const DIGITS = new Uint8Array(128).fill(255);
for (let i = 0; i < 16; i++) {
  const digit = i.toString(16);
  DIGITS[digit.charCodeAt(0)] = i;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = i;
}

function writeHex(into: Uint8Array, offset: number, length: number, text: string): void {
  if (text.length !== 2 + 2 * length)
    throw new RangeError(`An entry has a field that is not of ${length} bytes.`);
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const high = DIGITS[text.charCodeAt(2 + 2 * i)] ?? 255;
    const low = DIGITS[text.charCodeAt(3 + 2 * i)] ?? 255;
    seen |= high | low;
    into[offset + i] = (high << 4) | low;
  }
  if (seen > 15) throw new RangeError('An entry has a field that is not hex.');
}

function writeUint(into: Uint8Array, offset: number, width: number, value: number): void {
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    into[offset + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest !== 0) throw new RangeError(`An entry has a number of more than ${width} bytes.`);
}
