'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useReader } from '../session/index.ts';

const LOOK_MS = 5_000;

/** Unix seconds as the contracts will see them: this clock, or the newest block where that is ahead of it. */
export function useChainTime(tickMs = 1_000): number {
  const reader = useReader();
  const { data: block = 0 } = useQuery({
    queryKey: ['chain-time'],
    refetchInterval: LOOK_MS,
    queryFn: async () => Number((await reader.publicClient.getBlock({ blockTag: 'latest' })).timestamp),
  });
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return Math.max(now, block);
}
