import {
  type ChartkeyClient,
  ChartkeyError,
  type ExportedEntry,
  entryOfIndex,
  type Index,
  logEntries,
  readIndex,
} from '@chartkey/sdk';
import type { Given } from '../command.ts';
import { settingsFor } from '../settings.ts';
import { type Filter, isWanted } from './filter.ts';

export type Wanted = {
  /** Where to read from; the chain itself without one. */
  readonly index: Index | undefined;
  readonly filter: Filter;
  /** Nothing that stands later. */
  readonly toBlock?: bigint | undefined;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
};

/** The index of the settings, if they name one. @throws ChartkeyError `INPUT_INVALID` */
export async function indexFrom(given: Given): Promise<Index | undefined> {
  const { indexUrl } = await settingsFor(given);
  return indexUrl === undefined ? undefined : { url: indexUrl };
}

/** @throws ChartkeyError `INPUT_INVALID` if the settings name none */
export async function neededIndex(given: Given): Promise<Index> {
  const index = await indexFrom(given);
  if (index) return index;
  throw new ChartkeyError('INPUT_INVALID', 'index: none is named.', {
    advice: 'Name one: --index-url, CHARTKEY_INDEX_URL, or indexUrl in the configuration file.',
  });
}

/**
 * Entries, oldest first, one after the other: a million take no more memory than a page. The one place
 * that knows where they come from.
 */
export function entriesFrom(client: ChartkeyClient, wanted: Wanted): AsyncGenerator<ExportedEntry> {
  return wanted.index ? fromIndex(wanted.index, wanted) : fromChain(client, wanted);
}

async function* fromIndex(index: Index, { filter, toBlock }: Wanted): AsyncGenerator<ExportedEntry> {
  for await (const entry of readIndex(index, 'entries', { ...filter, order: 'oldest' })) {
    // Oldest first: nothing that comes after it is wanted.
    if (toBlock !== undefined && entry.blockNumber > toBlock) return;
    yield { ...entryOfIndex(entry), organisation: entry.organisation };
  }
}

async function* fromChain(
  client: ChartkeyClient,
  { filter, toBlock, onProgress }: Wanted,
): AsyncGenerator<ExportedEntry> {
  if (filter.organisation !== undefined) {
    throw new ChartkeyError('INPUT_INVALID', '--organisation: needs an index (--index-url).');
  }
  const { patient, accessor, from: since, until } = filter;
  for await (const entry of logEntries(client, { patient, accessor, since, until, toBlock, onProgress })) {
    if (isWanted(entry, filter)) yield entry;
  }
}
