import type { Address } from 'viem';
import type { LogEntry } from '../../log/index.ts';
import type { BlockHeader } from '../block-header.ts';

/** An entry as it is exported. */
export type ExportedEntry = LogEntry & {
  /** Whose member the accessor was at the time; null for none, absent where the source does not know. */
  readonly organisation?: Address | null | undefined;
};

/** What a list of entries was taken from, and what a proof says of it. */
export type ExportContext = {
  readonly chainId: number;
  /** The AccessLog contract. */
  readonly log: Address;
  readonly exportedAt: Date;
  /** What was asked for, in words: `purpose: ETREAT`. */
  readonly filters: readonly string[];
};

/** What a report says first. */
export type ExportVerdict = {
  /** Whether the whole log of every patient in the report is complete, in order and unedited. */
  readonly ok: boolean;
  readonly block: Pick<BlockHeader, 'hash' | 'number' | 'timestamp'>;
  /** How many patients' logs were checked, and how many of them are proven. */
  readonly patients: number;
  readonly proven: number;
  readonly entries: number;
  /** What is wrong, in words; no more than a page of it. */
  readonly faults: readonly string[];
};

export type Exporter = (
  entries: AsyncIterable<ExportedEntry>,
  context: ExportContext,
) => AsyncGenerator<string>;

const EMERGENCIES: readonly string[] = ['ETREAT', 'BTG'];

/** The same entry for programs: times in ISO 8601, whole numbers as numbers, addresses in small letters. */
export function plainEntry(entry: ExportedEntry) {
  return {
    patient: entry.patient.toLowerCase(),
    sequence: entry.sequence,
    openedAt: isoTime(entry.openedAt),
    accessor: entry.accessor.toLowerCase(),
    organisation: entry.organisation?.toLowerCase() ?? null,
    recordId: entry.recordId,
    purpose: entry.purpose,
    ground: entry.ground ?? null,
    emergency: EMERGENCIES.includes(entry.purpose),
    outcome: entry.decision === 'Permit' ? 'permitted' : 'refused',
    decision: entry.decision,
    blockNumber: Number(entry.blockNumber),
    transactionHash: entry.transactionHash,
    keyHash: entry.keyHash,
  };
}

/** @param seconds Unix */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
