'use client';

import {
  askIndex,
  type ChartkeyClient,
  type EntryFilter,
  type ExportedEntry,
  entriesFrom,
  entryOfIndex,
  type Index,
} from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type IndexFirst, useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';

const PAGE = 200;
/** Without an index all are read, and so many of the newest are shown. */
const MAX_FROM_CHAIN = 2_000;

type EntryPage = {
  /** Newest first. */
  readonly items: readonly ExportedEntry[];
  readonly next: string | undefined;
  readonly source: 'index' | 'chain';
  /** How far the index had read. */
  readonly upTo: number | undefined;
  /** Whether older ones are left out. */
  readonly cut: boolean;
};

export type EntriesHandle = {
  readonly entries: readonly ExportedEntry[];
  readonly newest: EntryPage | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  readonly again: () => void;
};

/** Entries of all logs, the newest first, page by page. */
export function useEntries(filter: EntryFilter): EntriesHandle {
  const reader = useReader();
  const lists = useIndex();
  const first = useQuery({
    queryKey: ['audit-entries', filter],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: () => readPage(reader, lists, filter),
  });
  const [older, setOlder] = useState<Older>(NONE);
  // Another first page, be it of another filter, has other pages after it.
  const mine = older.after === first.data ? older : NONE;
  const last = mine.pages.at(-1) ?? first.data;
  const more = async () => {
    if (last?.next === undefined) return;
    const { pages } = mine;
    const after = first.data;
    setOlder({ after, pages, isLoading: true, error: undefined });
    try {
      const page = await readPage(reader, lists, filter, last.next);
      setOlder({ after, pages: [...pages, page], isLoading: false, error: undefined });
    } catch (error) {
      setOlder({ after, pages, isLoading: false, error });
    }
  };
  const entries = useMemo(
    () => [...(first.data?.items ?? []), ...mine.pages.flatMap(({ items }) => items)],
    [first.data, mine.pages],
  );
  return {
    entries,
    newest: first.data,
    isPending: first.isPending,
    error: (first.data ? mine.error : first.error) ?? undefined,
    more: last?.next === undefined ? undefined : () => void more(),
    isLoadingMore: mine.isLoading,
    again: () => void first.refetch(),
  };
}

type Older = {
  /** The first page that these come after. */
  readonly after: EntryPage | undefined;
  readonly pages: readonly EntryPage[];
  readonly isLoading: boolean;
  readonly error: unknown;
};

const NONE: Older = { after: undefined, pages: [], isLoading: false, error: undefined };

async function readPage(
  reader: ChartkeyClient,
  { first, index }: IndexFirst,
  filter: EntryFilter,
  cursor?: string,
): Promise<EntryPage> {
  const ask = (from: Index) => indexPage(from, filter, cursor);
  if (cursor === undefined) return (await first(ask)) ?? chainPage(reader, filter);
  // What an index began only it can go on with.
  return ask((await index()) ?? { url: '/index' });
}

async function indexPage(index: Index, filter: EntryFilter, cursor: string | undefined): Promise<EntryPage> {
  const page = await askIndex(index, 'entries', { ...filter, limit: PAGE, cursor });
  return {
    items: page.items.map((entry) => ({ ...entryOfIndex(entry), organisation: entry.organisation })),
    next: page.next ?? undefined,
    source: 'index',
    upTo: page.upTo.blockNumber,
    cut: false,
  };
}

async function chainPage(reader: ChartkeyClient, filter: EntryFilter): Promise<EntryPage> {
  const items: ExportedEntry[] = [];
  let cut = false;
  for await (const entry of entriesFrom(reader, { filter })) {
    items.push(entry);
    if (items.length < 2 * MAX_FROM_CHAIN) continue;
    items.splice(0, MAX_FROM_CHAIN);
    cut = true;
  }
  const shown = items.slice(-MAX_FROM_CHAIN).reverse();
  return {
    ...{ items: shown, next: undefined, source: 'chain', upTo: undefined },
    cut: cut || shown.length < items.length,
  };
}
