'use client';

import { type ChartkeyClient, MAX_SESSION_SECONDS, sessionForwarderAbi, startSession } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';
import { type Shift, type ShiftEnd, useVault } from '../vault/index.ts';

export type ShiftState = {
  /** Stands in this browser: openings need no signature. */
  readonly here: Shift | undefined;
  /** Stands on the chain, wherever its key is. Undefined for none, or while it is not known. */
  readonly onChain: { readonly key: Address; readonly expiresAt: number } | undefined;
  readonly isPending: boolean;
  /** Why the last one of this browser stands no more. */
  readonly ended: ShiftEnd | undefined;
  /** Its key is gone at once. Signs nothing, so it works when nothing else does. */
  readonly endHere: () => void;
};

/** The person's working session: what this browser has of it, and what the chain says. */
export function useShift(person: Address | undefined): ShiftState {
  const reader = useReader();
  const vault = useVault();
  const query = useQuery({
    queryKey: ['shift', person],
    enabled: person !== undefined,
    refetchInterval: 5_000,
    queryFn: async () => {
      if (!person) throw new Error('No wallet');
      // The block is named, so that the answer can be told from one of before the shift began.
      const blockNumber = await reader.publicClient.getBlockNumber({ cacheTime: 0 });
      const [key, expiresAt] = await reader.publicClient.readContract({
        address: reader.deployment.forwarder,
        abi: sessionForwarderAbi,
        functionName: 'sessionOf',
        args: [person],
        blockNumber,
      });
      return { blockNumber, session: expiresAt === 0 ? undefined : { key, expiresAt } };
    },
  });
  const here = vault.shift?.person.toLowerCase() === person?.toLowerCase() ? vault.shift : undefined;
  const known = query.data;
  const endedElsewhere =
    here !== undefined &&
    known !== undefined &&
    known.blockNumber >= here.blockNumber &&
    known.session?.key.toLowerCase() !== here.key.toLowerCase();
  useEffect(() => {
    if (endedElsewhere) void vault.endShift('elsewhere');
  }, [endedElsewhere, vault]);
  return {
    here: endedElsewhere ? undefined : here,
    onChain: known?.session,
    isPending: query.isPending,
    ended: here ? undefined : vault.shiftEnded,
    endHere: () => void vault.endShift('here'),
  };
}

/** So long a shift is offered, in hours; the first one unless another is chosen. */
export const SHIFT_HOURS = [8, 4, 12] as const;

/** The chain's clock may be behind this one. */
const MARGIN_SECONDS = 300;

/** When a shift of so many hours that begins now ends, in Unix seconds. */
export function endOfShift(hours: number, now = Date.now() / 1000): number {
  return Math.floor(now + Math.min(hours * 3_600, MAX_SESSION_SECONDS - MARGIN_SECONDS));
}

/** Starts a shift in this browser: one signature. */
export function useStartShift(person: Address) {
  const vault = useVault();
  return async (client: ChartkeyClient, hours: number): Promise<void> => {
    const expiresAt = endOfShift(hours);
    const key = await vault.newShiftKey();
    const { receipt } = await startSession(client, { expiresAt, key });
    await vault.beginShift({ person, key: key.address, expiresAt, blockNumber: receipt.blockNumber });
  };
}
