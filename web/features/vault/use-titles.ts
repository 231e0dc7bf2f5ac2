'use client';

import type { RecordId } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { RecordTitle } from './types.ts';
import { useVault } from './use-vault.ts';

export type Titles = {
  readonly get: (recordId: RecordId) => RecordTitle | undefined;
  /** Unlocked, and not read yet. */
  readonly reading: boolean;
};

/** Titles of one's own records; none while locked. They are in memory as long as the page is unlocked. */
export function useTitles(ids: readonly RecordId[]): Titles {
  const vault = useVault();
  const query = useQuery({
    queryKey: ['titles', vault.unlocked, ...ids],
    enabled: vault.unlocked !== undefined && ids.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => vault.titles(ids),
    placeholderData: (previous) => (vault.unlocked === undefined ? undefined : previous),
  });
  const known = vault.unlocked === undefined ? undefined : query.data;
  return {
    get: (recordId) => known?.get(recordId),
    reading: vault.unlocked !== undefined && (query.isPending || query.isPlaceholderData),
  };
}
