'use client';

import { type IndexedRecord, recordsOf } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';

export type Records = {
  /** Newest first. */
  readonly active: readonly IndexedRecord[];
  readonly pending: readonly IndexedRecord[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

export function useRecords(patient: Address): Records {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['records', patient],
    queryFn: async () => (await recordsOf(reader, { patient })).reverse(),
    refetchInterval: 5_000,
  });
  const all = query.data ?? [];
  return {
    active: all.filter(({ status }) => status === 'Active'),
    pending: all.filter(({ status }) => status === 'Pending'),
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}
