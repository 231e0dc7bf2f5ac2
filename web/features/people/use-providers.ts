'use client';

import { type ListedProvider, providers } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useReader } from '../session/index.ts';

/** Everybody who ever applied, as they stand now. */
export function useProviders(): {
  readonly list: readonly ListedProvider[];
  readonly isPending: boolean;
  readonly error: unknown;
} {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['providers'],
    queryFn: () => providers(reader),
    refetchInterval: 5_000,
  });
  return { list: query.data ?? [], isPending: query.isPending, error: query.error };
}
