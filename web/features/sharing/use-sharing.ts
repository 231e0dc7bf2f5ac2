'use client';

import { indexedSharingList, type SharingList, sharingListOf } from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';

export type SharingHandle = Pick<SharingList, 'consents' | 'requests'> & {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

const NONE: readonly never[] = [];

/**
 * Consents and requests of one patient or one accessor: at first from the index, where there is one,
 * and then what is new from the chain.
 */
export function useSharing(
  party: { readonly patient: Address } | { readonly accessor: Address },
): SharingHandle {
  const reader = useReader();
  const queries = useQueryClient();
  const { first } = useIndex();
  const queryKey = ['sharing', party];
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const before = queries.getQueryData<SharingList>(queryKey);
      const since = before ?? (await first((index) => indexedSharingList(reader, { ...party, index })));
      return sharingListOf(reader, { ...party, since });
    },
    refetchInterval: 5_000,
  });
  return {
    consents: query.data?.consents ?? NONE,
    requests: query.data?.requests ?? NONE,
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}
