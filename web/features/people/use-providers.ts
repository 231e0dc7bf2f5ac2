'use client';

import { indexedProviderList, type ListedProvider, type ProviderList, providerListOf } from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';

const KEY = ['providers'];
const NONE: readonly ListedProvider[] = [];

/** Everybody who ever applied, as they stand now: at first from the index, then what is new from the chain. */
export function useProviders(): {
  readonly list: readonly ListedProvider[];
  readonly isPending: boolean;
  readonly error: unknown;
} {
  const reader = useReader();
  const queries = useQueryClient();
  const { first } = useIndex();
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const before = queries.getQueryData<ProviderList>(KEY);
      const since = before ?? (await first((index) => indexedProviderList(reader, { index })));
      return providerListOf(reader, { since });
    },
    refetchInterval: 5_000,
  });
  return { list: query.data?.providers ?? NONE, isPending: query.isPending, error: query.error };
}
