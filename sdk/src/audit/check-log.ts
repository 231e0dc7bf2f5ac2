import type { Address, Hex } from 'viem';
import { EMPTY_HEAD_BYTES, entryFields, type HeadHasher, headHex, type LogEntry } from '../log/index.ts';
import type { ProvenHead } from './log-proof.ts';

/** What of an entry its patient's head commits to, and whose it is. */
export type AuditedEntry = Omit<LogEntry, 'blockNumber' | 'transactionHash'>;

/** What is wrong with a list that a head does not prove, as far as the list alone shows it. */
export type LogFault = {
  /**
   * `missing`: entries from this number on are not there. `surplus`: there are more than the head
   * counts. `order`: it comes where another one has to. `foreign`: it is another patient's. `edited`: the
   * numbers are right and the head is not, so at least one entry up to this one was changed.
   */
  readonly kind: 'missing' | 'surplus' | 'order' | 'foreign' | 'edited';
  readonly sequence: number;
};

/** Whether a list is a patient's whole log: complete, in order and unedited. */
export type LogVerdict = {
  readonly patient: Address;
  readonly ok: boolean;
  readonly proven: ProvenHead;
  /** How many entries the list had. */
  readonly entries: number;
  /** The head that they add up to. */
  readonly recomputed: Hex;
  /** The first thing that is wrong. */
  readonly fault?: LogFault;
};

/**
 * Holds a list of entries against a head, in one pass and in flat memory. It goes on to the end after
 * a fault, so that it tells how long the list was.
 */
export async function checkLog(
  hash: HeadHasher,
  patient: Address,
  entries: AsyncIterable<AuditedEntry> | Iterable<AuditedEntry>,
  proven: ProvenHead,
): Promise<LogVerdict> {
  const whose = patient.toLowerCase();
  let head = EMPTY_HEAD_BYTES;
  let count = 0;
  let fault: LogFault | undefined;
  for await (const entry of entries) {
    count += 1;
    fault ??= faultOf(entry, count, whose, proven);
    if (!fault) head = hash(head, entryFields(entry));
  }
  const recomputed = headHex(head);
  if (count < proven.count) fault ??= { kind: 'missing', sequence: count + 1 };
  if (recomputed !== proven.head) fault ??= { kind: 'edited', sequence: count };
  return { patient, ok: fault === undefined, proven, entries: count, recomputed, ...(fault && { fault }) };
}

function faultOf(
  entry: AuditedEntry,
  expected: number,
  whose: string,
  proven: ProvenHead,
): LogFault | undefined {
  const { sequence } = entry;
  if (entry.patient.toLowerCase() !== whose) return { kind: 'foreign', sequence };
  if (sequence > proven.count) return { kind: 'surplus', sequence };
  if (sequence > expected) return { kind: 'missing', sequence: expected };
  if (sequence < expected) return { kind: 'order', sequence };
  return undefined;
}
