import type { Address } from 'viem';
import type { ChartkeyClient } from '../contracts/wallet.ts';
import type { Index } from '../indexer/index.ts';
import { auditLogs, patientsOf, type TrustedBlock } from './audit-logs.ts';
import type { LogVerdict } from './check-log.ts';
import { type EntryFilter, entriesFrom, isWantedEntry } from './entries-from.ts';
import type { ExportedEntry, ExportVerdict } from './export/index.ts';

export type ReportQuery = {
  readonly index?: Index | undefined;
  readonly filter: EntryFilter;
  readonly block: TrustedBlock;
  /** Takes a row that was asked for, to wait until the verdict is known. */
  readonly onRow: (entry: ExportedEntry) => Promise<void> | void;
  /** After each log. */
  readonly onVerdict?: ((verdict: LogVerdict) => void) | undefined;
};

const MAX_FAULTS = 20;

/**
 * What a proof says of every log of a report: of the one patient that is asked for, or of everybody's.
 * Rows are picked out of the very lists that were held against the heads, never asked for anew: an index
 * that answers the proof's questions honestly and a filter's not would be believed otherwise.
 *
 * @throws IntegrityError `PROOF_BROKEN`; IndexError; ChainError
 */
export async function reportVerdict(
  client: ChartkeyClient,
  { index, filter, block, onRow, onVerdict }: ReportQuery,
): Promise<ExportVerdict> {
  const faults: string[] = [];
  let [patients, proven, entries] = [0, 0, 0];
  const entriesOf = async function* (patient: Address) {
    for await (const entry of entriesFrom(client, { index, filter: { patient }, toBlock: block.number })) {
      if (isWantedEntry(entry, filter)) await onRow(entry);
      yield entry;
    }
  };
  const whose = patientsFor(client, filter, block);
  for await (const verdict of auditLogs(client, { patients: whose, block, entriesOf })) {
    patients += 1;
    entries += verdict.entries;
    if (verdict.ok) proven += 1;
    else if (faults.length < MAX_FAULTS) faults.push(describeVerdict(verdict));
    onVerdict?.(verdict);
  }
  const { timestamp } = await client.publicClient.getBlock({ blockHash: block.hash });
  const header = { ...block, timestamp: Number(timestamp) };
  return { ok: proven === patients, block: header, patients, proven, entries, faults };
}

/** Whose logs a filter is about: one patient's, or everybody's. */
export async function* patientsFor(
  client: ChartkeyClient,
  { patient }: EntryFilter,
  { number }: TrustedBlock,
): AsyncGenerator<Address> {
  if (patient === undefined) yield* patientsOf(client, { toBlock: number });
  else yield patient;
}

const FAULTS = {
  missing: 'is missing',
  surplus: 'is one more than the contract counts',
  order: 'stands where another one has to',
  foreign: 'is another patient’s',
  edited: 'or one before it was changed',
} as const;

/** What is wrong with a log, in a line. */
export function describeVerdict({ patient, fault }: LogVerdict): string {
  return fault
    ? `${patient}: entry ${fault.sequence} ${FAULTS[fault.kind]}`
    : `${patient}: differs from the chain`;
}
