'use client';

import { type SharingList, sharingListOf } from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';

export type SharingHandle = Pick<SharingList, 'consents' | 'requests'> & {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

const NONE: readonly never[] = [];

/** Consents and requests of one patient or one accessor; only what is new is asked for again. */
export function useSharing(
  party: { readonly patient: Address } | { readonly accessor: Address },
): SharingHandle {
  const reader = useReader();
  const queries = useQueryClient();
  const queryKey = ['sharing', party];
  const query = useQuery({
    queryKey,
    queryFn: () => sharingListOf(reader, { ...party, since: queries.getQueryData<SharingList>(queryKey) }),
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
