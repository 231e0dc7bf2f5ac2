'use client';

import type { RecordId } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { RecordTitle } from './types.ts';
import { useVault } from './use-vault.ts';

/** Titles of one's own records; empty while locked. They are in memory as long as the page is unlocked. */
export function useTitles(ids: readonly RecordId[]): ReadonlyMap<RecordId, RecordTitle> {
  const vault = useVault();
  const query = useQuery({
    queryKey: ['titles', vault.unlocked, ...ids],
    enabled: vault.unlocked !== undefined && ids.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => vault.titles(ids),
    placeholderData: (previous) => (vault.unlocked === undefined ? undefined : previous),
  });
  return vault.unlocked === undefined ? NONE : (query.data ?? NONE);
}

const NONE: ReadonlyMap<RecordId, RecordTitle> = new Map();
