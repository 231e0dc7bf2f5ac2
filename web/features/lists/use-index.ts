'use client';

import { type ChartkeyClient, type Index, IndexError } from '@chartkey/sdk';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ServiceHealth } from '../../server/health.ts';
import { useNetwork, useReader } from '../session/index.ts';

/** Where this server leads to an index. */
const INDEX: Index = { url: '/index', timeoutMs: 10_000 };
/** Nobody waits longer to hear that it is not there. */
const HEALTH_MS = 2_000;
/** So long an answer about it counts, good or bad. */
const STALE_MS = 15_000;
/** Further behind it saves nothing. */
const MAX_BLOCKS_BEHIND = 1_000n;

/**
 * Whether lists are read from the index: `absent` where the server leads to none, `down` where it does
 * not answer or can't do its work, `late` where it is far behind the chain.
 */
type IndexState = 'up' | 'late' | 'down' | 'absent';

const KEY = ['index-state'];

export type IndexFirst = {
  /** What the index says; undefined if there is none, or it is late or fails: then ask the chain. */
  readonly first: <T>(ask: (index: Index) => Promise<T>) => Promise<T | undefined>;
  /** The index itself, for whoever holds its word against the chain; undefined as above. */
  readonly index: () => Promise<Index | undefined>;
};

/**
 * The one place that decides where lists come from. It is asked through the server's own health check,
 * which always answers, so that an index that is not there leaves no error on anybody's console.
 */
export function useIndex(): IndexFirst {
  const reader = useReader();
  const queries = useQueryClient();
  const { index: isThere } = useNetwork();
  return useMemo(() => {
    const index = async () => {
      if (!isThere) return undefined;
      const state = await queries.fetchQuery({ ...stateQuery(reader), staleTime: STALE_MS });
      return state === 'up' ? INDEX : undefined;
    };
    return { index, first: async (ask) => orChain(queries, await index(), ask) };
  }, [isThere, queries, reader]);
}

async function orChain<T>(
  queries: QueryClient,
  index: Index | undefined,
  ask: (index: Index) => Promise<T>,
): Promise<T | undefined> {
  if (!index) return undefined;
  try {
    return await ask(index);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    // Nobody else asks it for a while.
    queries.setQueryData<IndexState>(KEY, 'down');
    return undefined;
  }
}

function stateQuery(reader: ChartkeyClient) {
  return { queryKey: KEY, retry: false, queryFn: () => stateOf(reader) };
}

async function stateOf({ publicClient }: ChartkeyClient): Promise<IndexState> {
  const [health, head] = await Promise.all([
    healthOf(),
    publicClient.getBlockNumber({ cacheTime: 0 }).catch(() => undefined),
  ]);
  if (health?.state !== 'up') return health?.state === 'absent' ? 'absent' : 'down';
  if (head === undefined || health.block === undefined) return 'up';
  return head - BigInt(health.block) > MAX_BLOCKS_BEHIND ? 'late' : 'up';
}

async function healthOf(): Promise<ServiceHealth | undefined> {
  try {
    const answer = await fetch('/api/health/index', { signal: AbortSignal.timeout(HEALTH_MS) });
    return (await answer.json()) as ServiceHealth;
  } catch {
    return undefined;
  }
}
