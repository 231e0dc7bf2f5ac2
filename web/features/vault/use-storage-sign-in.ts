'use client';

import { ChainError, toChainError } from '@chartkey/sdk';
import { useCallback, useRef, useState } from 'react';
import type { Address } from 'viem';
import { useConfig } from 'wagmi';
import { getConnection, signMessage } from 'wagmi/actions';
import { useVault } from './use-vault.ts';

export type SignInState =
  | { readonly stage: 'idle' }
  | { readonly stage: 'asking' }
  | { readonly stage: 'wallet' }
  | { readonly stage: 'failed'; readonly error: unknown };

export type StorageSignIn = {
  readonly state: SignInState;
  /**
   * After a click: true once this author may store. The wallet is asked only if no session lasts and
   * the author's own key is not unlocked. False when it failed: `state` says why.
   */
  readonly ensure: (author: Address) => Promise<boolean>;
  /** Ends waiting for the wallet: a closed pop-up can leave a request pending for ever. */
  readonly stop: () => void;
};

export function useStorageSignIn(): StorageSignIn {
  const vault = useVault();
  const config = useConfig();
  const [state, setState] = useState<SignInState>({ stage: 'idle' });
  const stopWaiting = useRef<(() => void) | undefined>(undefined);

  const ensure = async (author: Address): Promise<boolean> => {
    setState({ stage: 'asking' });
    try {
      const wallet = getConnection(config).address;
      if (wallet === undefined) throw noWallet();
      for (const each of await vault.storageSignIn(author, wallet)) {
        const stopped = new Promise<never>((_, reject) => {
          stopWaiting.current = () => reject(stoppedWaiting());
        });
        setState({ stage: 'wallet' });
        const signed = signMessage(config, { account: wallet, message: each.message });
        const signature = await Promise.race([signed.catch(asOurs), stopped]);
        setState({ stage: 'asking' });
        await vault.handInSignIn(author, { ...each, signature });
      }
      setState({ stage: 'idle' });
      return true;
    } catch (error) {
      setState({ stage: 'failed', error });
      return false;
    } finally {
      stopWaiting.current = undefined;
    }
  };
  return { state, ensure, stop: useCallback(() => stopWaiting.current?.(), []) };
}

function asOurs(error: unknown): never {
  throw toChainError(error);
}

function noWallet(): ChainError {
  return new ChainError('WALLET_MISSING', 'Your wallet is locked or no longer connected.', {
    retryable: true,
    advice: 'Unlock it and connect again. Nothing was sent.',
  });
}

function stoppedWaiting(): ChainError {
  return new ChainError('CANCELLED', 'You stopped waiting for your wallet.', {
    retryable: true,
    advice: 'Nothing was stored. If the request is still open in your wallet, decline it there.',
  });
}
