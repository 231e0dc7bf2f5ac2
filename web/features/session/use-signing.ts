'use client';

import { ChainError, type ChartkeyClient, type Wallet } from '@chartkey/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { Hex } from 'viem';
import { useConfig } from 'wagmi';
import { getWalletClient } from 'wagmi/actions';
import { useReader } from './network.ts';

export type SigningState =
  | { readonly stage: 'idle' }
  | { readonly stage: 'working' }
  | { readonly stage: 'wallet' }
  | { readonly stage: 'chain'; readonly hash: Hex }
  | { readonly stage: 'failed'; readonly error: unknown };

export type Signing = {
  readonly state: SigningState;
  readonly busy: boolean;
  /** Runs an action with the connected wallet. Undefined when it failed: `state` says why. */
  readonly run: <T>(action: (client: ChartkeyClient) => Promise<T>) => Promise<T | undefined>;
  /** Ends waiting for the wallet: a closed pop-up can leave a request pending for ever. */
  readonly stop: () => void;
  readonly reset: () => void;
};

export function useSigning(): Signing {
  const config = useConfig();
  const reader = useReader();
  const queries = useQueryClient();
  const [state, setState] = useState<SigningState>({ stage: 'idle' });
  const stopWaiting = useRef<(() => void) | undefined>(undefined);

  const run = useCallback(
    async <T>(action: (client: ChartkeyClient) => Promise<T>): Promise<T | undefined> => {
      setState({ stage: 'working' });
      try {
        const wallet = await walletOf(config);
        const stopped = new Promise<never>((_, reject) => {
          stopWaiting.current = () => reject(stoppedWaiting());
        });
        stopped.catch(() => undefined);
        const result = await action({ ...reader, walletClient: watched(wallet, stopped, setState) });
        setState({ stage: 'idle' });
        return result;
      } catch (error) {
        setState({ stage: 'failed', error });
        return undefined;
      } finally {
        stopWaiting.current = undefined;
        await queries.invalidateQueries();
      }
    },
    [config, reader, queries],
  );

  return {
    state,
    busy: state.stage !== 'idle' && state.stage !== 'failed',
    run,
    stop: useCallback(() => stopWaiting.current?.(), []),
    reset: useCallback(() => setState({ stage: 'idle' }), []),
  };
}

async function walletOf(config: ReturnType<typeof useConfig>): Promise<Wallet> {
  try {
    return await getWalletClient(config, { assertChainId: false });
  } catch (cause) {
    throw new ChainError('WALLET_MISSING', 'Your wallet is locked or no longer connected.', {
      retryable: true,
      advice: 'Unlock it and connect again. Nothing was sent.',
      cause,
    });
  }
}

/** The same wallet, which also says when it is being waited for, and can be waited for no longer. */
function watched(wallet: Wallet, stopped: Promise<never>, setState: (state: SigningState) => void): Wallet {
  const writeContract = (async (parameters: Parameters<Wallet['writeContract']>[0]) => {
    setState({ stage: 'wallet' });
    const hash = await Promise.race([wallet.writeContract(parameters), stopped]);
    setState({ stage: 'chain', hash });
    return hash;
  }) as Wallet['writeContract'];
  return { ...wallet, writeContract };
}

function stoppedWaiting(): ChainError {
  return new ChainError('CANCELLED', 'You stopped waiting for your wallet.', {
    retryable: true,
    advice: 'If a request is still open in your wallet, decline it there; if you approve it, it counts.',
  });
}
