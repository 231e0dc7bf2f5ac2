'use client';

import {
  type Activity,
  activityIn,
  type ChartkeyClient,
  MAX_ACTIVITY_BLOCKS,
  toChainError,
} from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Hex } from 'viem';
import { useReader } from '../session/index.ts';

const FOLLOW_MS = 2_000;
/** Enough for a page; what is older is on the chain for good. */
const MAX_SHOWN = 200;
/** How far back the page looks before it says that nothing happened: 100,000 blocks. */
const MAX_WINDOWS = 20;

/** What one transaction did in our contracts. */
export type ActivityEntry = {
  readonly hash: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  /** Unix seconds. */
  readonly at: number;
  readonly events: readonly Activity[];
};

export type ActivityFeed = {
  readonly head: { readonly number: bigint; readonly at: number } | undefined;
  /** The newest first. */
  readonly entries: readonly ActivityEntry[];
  readonly isPending: boolean;
  /** Why the newest is not known; what was seen before stays. */
  readonly error: unknown;
  readonly retry: () => void;
};

type Known = Pick<ActivityFeed, 'head' | 'entries'>;

/** What happened lately in our contracts, followed as it happens. */
export function useActivity(): ActivityFeed {
  const reader = useReader();
  const follow = useMemo(() => followerOf(reader), [reader]);
  const query = useQuery({
    queryKey: ['network-activity'],
    queryFn: follow,
    refetchInterval: FOLLOW_MS,
    // Offline is a state of the chain's line here, and shown as one.
    networkMode: 'always',
    retry: false,
    gcTime: 0,
  });
  return {
    head: query.data?.head,
    entries: query.data?.entries ?? [],
    isPending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** Asks for what is new since it was last asked; the first time, for what there was. */
function followerOf(reader: ChartkeyClient): () => Promise<Known> {
  let known: Known = { head: undefined, entries: [] };
  const look = async (): Promise<Known> => {
    const { number, timestamp } = await reader.publicClient.getBlock({ blockTag: 'latest' });
    const before = known.head?.number;
    if (before !== undefined && number >= before) {
      const fresh = number === before ? [] : await between(reader, before + 1n, number);
      known = {
        head: { number, at: Number(timestamp) },
        entries: [...fresh, ...known.entries].slice(0, MAX_SHOWN),
      };
    } else {
      // The first look, or a chain that began anew.
      known = { head: { number, at: Number(timestamp) }, entries: await lately(reader, number) };
    }
    return known;
  };
  return () =>
    look().catch((error: unknown) => {
      throw toChainError(error);
    });
}

async function lately(reader: ChartkeyClient, head: bigint): Promise<readonly ActivityEntry[]> {
  const first = BigInt(reader.deployment.startBlock);
  const entries: ActivityEntry[] = [];
  let to = head;
  for (let window = 0; window < MAX_WINDOWS && to >= first && entries.length < MAX_SHOWN; window++) {
    const from = to - MAX_ACTIVITY_BLOCKS + 1n;
    entries.push(...(await between(reader, from > first ? from : first, to)));
    to = from - 1n;
  }
  return entries.slice(0, MAX_SHOWN);
}

/** By transaction, the newest first. */
async function between(reader: ChartkeyClient, from: bigint, to: bigint): Promise<readonly ActivityEntry[]> {
  const fromBlock = to - from >= MAX_ACTIVITY_BLOCKS ? to - MAX_ACTIVITY_BLOCKS + 1n : from;
  const events = await activityIn(reader, { fromBlock, toBlock: to });
  const byHash = [...Map.groupBy(events, ({ transactionHash }) => transactionHash)].slice(-MAX_SHOWN);
  const times = await timesOf(reader, [...new Set(byHash.map(([, those]) => blockOf(those)))]);
  const entries = byHash.map(([hash, those]) => ({
    hash,
    blockNumber: blockOf(those),
    blockHash: those[0]?.blockHash ?? '0x',
    at: times.get(blockOf(those)) ?? 0,
    events: those,
  }));
  return entries.reverse();
}

function blockOf(events: readonly Activity[]): bigint {
  return events[0]?.blockNumber ?? 0n;
}

async function timesOf(
  { publicClient }: ChartkeyClient,
  numbers: readonly bigint[],
): Promise<ReadonlyMap<bigint, number>> {
  const blocks = await Promise.all(numbers.map((blockNumber) => publicClient.getBlock({ blockNumber })));
  return new Map(blocks.map(({ number, timestamp }) => [number, Number(timestamp)]));
}
