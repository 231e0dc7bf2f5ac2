'use client';

import { type Representation, type RepresentedAct, representations, representedActsOf } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';

const FOLLOW_MS = 5_000;
/** The newest that are shown; the chain has all. */
const MAX_ACTS = 100;

type Of = { readonly patient: Address } | { readonly representative: Address };

export type RepresentationList = {
  readonly list: readonly Representation[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

/** The representations of a patient, by a representative, or all that there are; none while nobody is named. */
export function useRepresentations(of: Of | 'all' | undefined): RepresentationList {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['representations', of],
    enabled: of !== undefined,
    refetchInterval: FOLLOW_MS,
    queryFn: () => representations(reader, of === 'all' || of === undefined ? {} : of),
  });
  return {
    list: query.data ?? [],
    isPending: query.isPending && of !== undefined,
    error: query.data ? undefined : (query.error ?? undefined),
    retry: () => void query.refetch(),
  };
}

/** What was done in a patient's name and when, in Unix seconds; the newest first. */
export type ActDone = RepresentedAct & { readonly at: number };

export function useActs(patient: Address) {
  const reader = useReader();
  return useQuery({
    queryKey: ['represented-acts', patient],
    refetchInterval: FOLLOW_MS,
    queryFn: async (): Promise<readonly ActDone[]> => {
      const acts = (await representedActsOf(reader, { patient })).slice(-MAX_ACTS).reverse();
      const blocks = [...new Set(acts.map(({ blockNumber }) => blockNumber))];
      const times = await Promise.all(
        blocks.map(async (blockNumber) => {
          const { timestamp } = await reader.publicClient.getBlock({ blockNumber });
          return [blockNumber, Number(timestamp)] as const;
        }),
      );
      const timeOf = new Map(times);
      return acts.map((act) => ({ ...act, at: timeOf.get(act.blockNumber) ?? 0 }));
    },
  });
}
