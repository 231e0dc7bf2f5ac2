'use client';

import { useLocalStorage } from '@mantine/hooks';
import type { Address } from 'viem';

/** When somebody last looked into their inbox in this browser, Unix seconds; 0 for never. */
export function useSeen(address: Address): readonly [seen: number, seeNow: () => void] {
  const [seen, setSeen] = useLocalStorage({ key: `chartkey.seen.${address.toLowerCase()}`, defaultValue: 0 });
  return [Number(seen) || 0, () => setSeen(Math.floor(Date.now() / 1000))];
}
