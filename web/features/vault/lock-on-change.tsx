'use client';

import { useEffect, useRef } from 'react';
import type { Address } from 'viem';
import { useVault } from './use-vault.ts';

/** Locks the chart when another account is chosen or the wallet goes: the next person starts locked. */
export function LockOnChange({ address }: { readonly address: Address | undefined }) {
  const vault = useVault();
  const before = useRef(address);
  useEffect(() => {
    if (before.current !== undefined && before.current !== address) vault.lock();
    before.current = address;
  }, [address, vault]);
  return null;
}
