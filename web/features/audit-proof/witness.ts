'use client';

import { IntegrityError, type TrustedBlock } from '@chartkey/sdk';
import { useMemo } from 'react';
import { type Hex, numberToHex } from 'viem';
import { useConnection } from 'wagmi';

type Provider = {
  readonly request: (asked: { method: string; params?: readonly unknown[] }) => Promise<unknown>;
};

/** Holds a block against what somebody else than our own server says of it. */
export type Witness = {
  /**
   * @returns false if it does not know the block, or does not answer
   * @throws IntegrityError `PROOF_BROKEN` if it has another block of that number
   */
  readonly confirms: (block: TrustedBlock) => Promise<boolean>;
};

/**
 * The wallet has a way of its own to the chain: what both say of a block was not made up by the server
 * that this page came from. Asks for nothing that a wallet would show to its person.
 */
export function useWitness(): Witness | undefined {
  const { connector } = useConnection();
  return useMemo(
    () =>
      connector && {
        confirms: async (block) => confirms((await connector.getProvider()) as Provider, block),
      },
    [connector],
  );
}

async function confirms(provider: Provider, { number, hash }: TrustedBlock): Promise<boolean> {
  const theirs = await provider
    .request({ method: 'eth_getBlockByNumber', params: [numberToHex(number), false] })
    .catch(() => null);
  const theirHash = (theirs as { readonly hash?: Hex } | null)?.hash;
  if (typeof theirHash !== 'string') return false;
  if (theirHash.toLowerCase() === hash.toLowerCase()) return true;
  throw new IntegrityError('PROOF_BROKEN', 'Your wallet and this site see different chains.', {
    advice: 'Wait a minute and look again. If it stays, do not rely on this list.',
  });
}
