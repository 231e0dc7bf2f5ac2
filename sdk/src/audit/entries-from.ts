import { type LogEntriesQuery, logEntries } from '../contracts/log-entries.ts';
import type { ChartkeyClient } from '../contracts/wallet.ts';
import { ChartkeyError } from '../errors.ts';
import { type EntriesQuery, type Index, readIndex } from '../indexer/index.ts';
import { entryOfIndex } from './audit-log.ts';
import { type ExportedEntry, isoTime } from './export/index.ts';

/** Which entries, as an index is asked. */
export type EntryFilter = Pick<
  EntriesQuery,
  'purpose' | 'outcome' | 'decision' | 'emergency' | 'from' | 'until'
> & {
  readonly [account in 'patient' | 'accessor' | 'organisation']?: ExportedEntry['patient'] | undefined;
};

export type WantedEntries = {
  /** Where to read from; the chain itself without one. */
  readonly index?: Index | undefined;
  readonly filter: EntryFilter;
  /** Nothing that stands later. */
  readonly toBlock?: bigint | undefined;
  readonly onProgress?: LogEntriesQuery['onProgress'];
};

/**
 * Entries, oldest first, one after the other: a million take no more memory than a page.
 *
 * @throws IndexError; ChainError; ChartkeyError `INPUT_INVALID` for an organisation without an index
 */
export function entriesFrom(client: ChartkeyClient, wanted: WantedEntries): AsyncGenerator<ExportedEntry> {
  return wanted.index ? fromIndex(wanted.index, wanted) : fromChain(client, wanted);
}

async function* fromIndex(index: Index, { filter, toBlock }: WantedEntries): AsyncGenerator<ExportedEntry> {
  for await (const entry of readIndex(index, 'entries', { ...filter, order: 'oldest' })) {
    // Oldest first: nothing that comes after it is wanted.
    if (toBlock !== undefined && entry.blockNumber > toBlock) return;
    yield { ...entryOfIndex(entry), organisation: entry.organisation };
  }
}

async function* fromChain(
  client: ChartkeyClient,
  { filter, toBlock, onProgress }: WantedEntries,
): AsyncGenerator<ExportedEntry> {
  if (filter.organisation !== undefined) {
    throw new ChartkeyError('INPUT_INVALID', 'organisation: needs an index.', {
      advice: 'Leave the organisation out, or read from an index.',
    });
  }
  const { patient, accessor, from: since, until } = filter;
  for await (const entry of logEntries(client, { patient, accessor, since, until, toBlock, onProgress })) {
    if (isWantedEntry(entry, filter)) yield entry;
  }
}

/** Whether an entry is one of those that were asked for. */
export function isWantedEntry(entry: ExportedEntry, filter: EntryFilter): boolean {
  const { patient, accessor, organisation, purpose, decision, outcome, emergency, from, until } = filter;
  const isEmergency = entry.purpose === 'ETREAT' || entry.purpose === 'BTG';
  return (
    isSame(entry.patient, patient) &&
    isSame(entry.accessor, accessor) &&
    isSame(entry.organisation, organisation) &&
    (purpose === undefined || entry.purpose === purpose) &&
    (decision === undefined || entry.decision === decision) &&
    (outcome === undefined || (entry.decision === 'Permit') === (outcome === 'permitted')) &&
    (emergency === undefined || isEmergency === emergency) &&
    (from === undefined || entry.openedAt >= from) &&
    (until === undefined || entry.openedAt < until)
  );
}

function isSame(account: string | null | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || account?.toLowerCase() === wanted.toLowerCase();
}

/** What was asked for, in words, as a report says it: `purpose: ETREAT`. */
export function describeFilter(filter: EntryFilter): string[] {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const isTime = name === 'from' || name === 'until';
      return `${name}: ${isTime ? isoTime(Number(value)) : String(value)}`;
    });
}
