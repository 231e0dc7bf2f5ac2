'use client';

import { type ChartkeyClient, entriesFrom, entryOfIndex, type Index, readIndex } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';
import { dayOf, nextDay, startOf } from './filter.ts';
import { type Overview, OverviewCount } from './overview.ts';
import { indexedReviews, type Review, reviewsOnChain } from './reviews.ts';

/** So many of the newest are counted; a page that counts on would be waited for too long. */
const MAX_COUNTED = 50_000;

export type OverviewOf = Overview & {
  readonly source: 'index' | 'chain';
  /** Whether older ones are left out. */
  readonly cut: boolean;
  readonly reviews: readonly Review[];
};

/** What happened since a day. @param from `YYYY-MM-DD` */
export function useOverview(from: string): {
  readonly overview: OverviewOf | undefined;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const reader = useReader();
  const { first } = useIndex();
  const query = useQuery({
    queryKey: ['audit-overview', from],
    staleTime: 30_000,
    queryFn: async () => (await first((index) => fromIndex(index, from))) ?? (await fromChain(reader, from)),
  });
  return {
    overview: query.data,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}

async function fromIndex(index: Index, from: string): Promise<OverviewOf> {
  const count = new OverviewCount();
  let [counted, cut] = [0, false];
  for await (const entry of readIndex(index, 'entries', { from: startOf(from) })) {
    cut = counted === MAX_COUNTED;
    if (cut) break;
    count.add(entryOfIndex(entry));
    counted += 1;
  }
  const reviews = await indexedReviews(index);
  return { ...count.result(daysFrom(from)), source: 'index', cut, reviews };
}

async function fromChain(reader: ChartkeyClient, from: string): Promise<OverviewOf> {
  const count = new OverviewCount();
  for await (const entry of entriesFrom(reader, { filter: { from: startOf(from) } })) count.add(entry);
  const reviews = await reviewsOnChain(reader);
  return { ...count.result(daysFrom(from)), source: 'chain', cut: false, reviews };
}

function daysFrom(from: string, now = Date.now() / 1_000): string[] {
  const days: string[] = [];
  for (let day = from; startOf(day) <= now; day = dayOf(nextDay(day))) days.push(day);
  return days;
}
