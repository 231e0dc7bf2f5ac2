import { type Address, concatHex, encodePacked, type Hex, keccak256, numberToHex, slice } from 'viem';
import { DECISIONS, type Decision, GROUNDS, type MarkedGround } from '../contracts/decisions.ts';
import type { RecordId } from '../envelope/index.ts';
import { type PurposeOfUse, purposeToNumber } from '../hl7/index.ts';

/** One entry of a patient's access log. */
export type LogEntry = {
  readonly patient: Address;
  readonly accessor: Address;
  readonly recordId: RecordId;
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly purpose: PurposeOfUse;
  readonly decision: Decision;
  /** Unix seconds. */
  readonly openedAt: number;
  readonly keyHash: Hex;
  /** Where an opening was permitted in an emergency or to a representative: its mark. */
  readonly ground?: MarkedGround | undefined;
  readonly blockNumber: bigint;
  readonly transactionHash: Hex;
};

/** The head of an empty log. */
export const EMPTY_HEAD = `0x${'00'.repeat(28)}` as const satisfies Hex;

/** The head after one more entry: see `IAccessLog`. */
export function nextHead(
  head: Hex,
  entry: Omit<LogEntry, 'blockNumber' | 'transactionHash' | 'patient'>,
): Hex {
  const packed = encodePacked(
    ['bytes28', 'uint32', 'bytes32', 'address', 'uint8', 'uint8', 'uint48', 'bytes32'],
    [
      head,
      entry.sequence,
      entry.recordId,
      entry.accessor,
      purposeToNumber(entry.purpose),
      DECISIONS.findIndex(({ code }) => code === entry.decision),
      entry.openedAt,
      entry.keyHash,
    ],
  );
  if (!entry.ground) return slice(keccak256(packed), 0, 28);
  const mark = numberToHex(GROUNDS.indexOf(entry.ground), { size: 1 });
  return slice(keccak256(concatHex([packed, mark])), 0, 28);
}

/** The head that a list of entries, from the first one on and in order, adds up to. */
export function recomputeHead(entries: readonly LogEntry[]): Hex {
  return entries.reduce<Hex>(nextHead, EMPTY_HEAD);
}
