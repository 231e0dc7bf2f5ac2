'use client';

import { type AccessLogView, accessLogOf } from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';

export type AccessLogHandle = {
  readonly view: AccessLogView | undefined;
  readonly error: unknown;
  readonly retry: () => void;
};

/** A patient's log, recomputed in this browser and held against the chain. */
export function useAccessLog(patient: Address): AccessLogHandle {
  const reader = useReader();
  const queries = useQueryClient();
  const queryKey = ['log', patient];
  const query = useQuery({
    queryKey,
    queryFn: () => accessLogOf(reader, { patient, since: queries.getQueryData<AccessLogView>(queryKey) }),
    refetchInterval: 5_000,
  });
  return { view: query.data, error: query.data ? undefined : query.error, retry: () => void query.refetch() };
}
