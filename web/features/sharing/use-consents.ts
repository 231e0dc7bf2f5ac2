'use client';

import { type ConsentGiven, consentsOf } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { isStanding } from '../consent/index.ts';
import { useReader } from '../session/index.ts';

export type Consents = {
  readonly list: readonly ConsentGiven[];
  readonly standing: readonly ConsentGiven[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

export function useConsents(patient: Address): Consents {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['consents', patient],
    queryFn: () => consentsOf(reader, { patient }),
    refetchInterval: 5_000,
  });
  const list = query.data ?? [];
  return {
    list,
    standing: list.filter(({ consent }) => isStanding(consent)),
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}
