'use client';

import {
  ChainError,
  type ChartkeyClient,
  type RelayChoice,
  RelayError,
  type Session,
  type Wallet,
} from '@chartkey/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { use, useCallback, useEffect, useRef, useState } from 'react';
import type { Hex } from 'viem';
import { useConfig } from 'wagmi';
import { getWalletClient } from 'wagmi/actions';
import { RELAY_PATH } from '../../chain/index.ts';
import { ActingContext } from './acting.ts';
import { useReader } from './network.ts';
import { ShiftContext, useSender } from './sending.ts';

export type SigningState =
  | { readonly stage: 'idle' }
  | { readonly stage: 'working' }
  /** `signature`: costs nothing. `transaction`: the wallet sends, and pays. */
  | { readonly stage: 'wallet'; readonly asks: 'signature' | 'transaction' }
  /** Signed; the relay has it, or is about to get it. */
  | { readonly stage: 'relay' }
  | { readonly stage: 'chain'; readonly hash: Hex }
  /** The relay failed: waits for a word of the person's. */
  | { readonly stage: 'choice'; readonly error: RelayError }
  | { readonly stage: 'failed'; readonly error: unknown };

export type Signing = {
  readonly state: SigningState;
  readonly busy: boolean;
  /** Runs an action with the connected wallet. Undefined when it failed: `state` says why. */
  readonly run: <T>(action: (client: ChartkeyClient) => Promise<T>) => Promise<T | undefined>;
  /** Ends waiting for the wallet: a closed pop-up can leave a request pending for ever. */
  readonly stop: () => void;
  /** Answers the question that a failing or slow relay raises. */
  readonly choose: (choice: RelayChoice) => void;
  readonly reset: () => void;
};

/** One attempt: what was said while it went on. */
type Attempt = {
  readonly controller: AbortController;
  /** Answers the question that is on the screen. */
  answer: ((choice: RelayChoice) => void) | undefined;
  said: 'self' | 'stop' | undefined;
  /** To be signed anew: what was signed is refused for good. */
  anew: boolean;
};

export function useSigning(): Signing {
  const config = useConfig();
  const reader = useReader();
  const queries = useQueryClient();
  const [state, setState] = useState<SigningState>({ stage: 'idle' });
  const latest = useRef<Attempt | undefined>(undefined);
  const shift = use(ShiftContext);
  const { sender } = useSender();
  const representing = use(ActingContext);
  const current = useRef({ shift, sender, representing });
  useEffect(() => {
    current.current = { shift, sender, representing };
  }, [shift, sender, representing]);

  const clientFor = useCallback(
    async (attempt: Attempt, show: SetState): Promise<ChartkeyClient> => {
      const walletClient = watchedWallet(await walletOf(config), attempt.controller.signal, show);
      const { sender, representing } = current.current;
      if (sender === 'self') return { ...reader, walletClient, representing };
      const session = watchedSession(current.current.shift, show);
      const aroundRelay = { ask: askPerson(attempt, show), said: () => attempt.said };
      return { ...reader, walletClient, representing, relay: { url: RELAY_PATH }, aroundRelay, session };
    },
    [config, reader],
  );

  const run = useCallback(
    async <T>(action: (client: ChartkeyClient) => Promise<T>): Promise<T | undefined> => {
      // A question that nobody answered is taken back by doing it anew.
      latest.current?.answer?.('stop');
      for (;;) {
        const attempt = newAttempt();
        latest.current = attempt;
        const show: SetState = (next) => {
          if (latest.current === attempt) setState(next);
        };
        show({ stage: 'working' });
        try {
          const result = await action(await clientFor(attempt, show));
          show({ stage: 'idle' });
          await queries.invalidateQueries();
          return result;
        } catch (error) {
          void queries.invalidateQueries();
          if (attempt.anew && latest.current === attempt) continue;
          const left = attempt.said === 'stop' && error instanceof RelayError;
          show(left ? { stage: 'idle' } : { stage: 'failed', error });
          return undefined;
        }
      }
    },
    [clientFor, queries],
  );

  const choose = useCallback((choice: RelayChoice) => {
    const attempt = latest.current;
    if (attempt?.answer) attempt.answer(choice);
    else if (attempt && choice !== 'again') attempt.said = choice;
  }, []);

  return {
    state,
    busy: !['idle', 'failed', 'choice'].includes(state.stage),
    run,
    stop: useCallback(() => latest.current?.controller.abort(), []),
    choose,
    reset: useCallback(() => setState({ stage: 'idle' }), []),
  };
}

function newAttempt(): Attempt {
  return { controller: new AbortController(), answer: undefined, said: undefined, anew: false };
}

/** Shows what the relay said and waits for the person's word. */
function askPerson(attempt: Attempt, show: SetState) {
  return async (error: RelayError): Promise<RelayChoice> => {
    const choice = await new Promise<RelayChoice>((resolve) => {
      attempt.answer = resolve;
      show({ stage: 'choice', error });
    });
    attempt.answer = undefined;
    attempt.said = choice === 'stop' ? choice : undefined;
    show({ stage: choice === 'again' ? 'relay' : 'working' });
    // The relay would refuse the very same once more.
    attempt.anew = choice === 'again' && error.code === 'RELAY_REFUSED' && !error.retryable;
    return attempt.anew ? 'stop' : choice;
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

type SetState = (state: SigningState) => void;

/** The same wallet, which also says when it is being waited for, and can be waited for no longer. */
function watchedWallet(wallet: Wallet, signal: AbortSignal, setState: SetState): Wallet {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(stoppedWaiting()), { once: true });
  });
  stopped.catch(() => undefined);
  const writeContract = (async (parameters: Parameters<Wallet['writeContract']>[0]) => {
    setState({ stage: 'wallet', asks: 'transaction' });
    const hash = await Promise.race([wallet.writeContract(parameters), stopped]);
    setState({ stage: 'chain', hash });
    return hash;
  }) as Wallet['writeContract'];
  const signTypedData = (async (parameters: Parameters<Wallet['signTypedData']>[0]) => {
    setState({ stage: 'wallet', asks: 'signature' });
    const signature = await Promise.race([wallet.signTypedData(parameters), stopped]);
    setState({ stage: 'relay' });
    return signature;
  }) as Wallet['signTypedData'];
  return { ...wallet, writeContract, signTypedData };
}

/** The same session, which says when the relay is waited for. */
function watchedSession(session: Session | undefined, setState: SetState): Session | undefined {
  if (!session) return undefined;
  const signTypedData = (async (typed: Parameters<Session['key']['signTypedData']>[0]) => {
    const signature = await session.key.signTypedData(typed);
    setState({ stage: 'relay' });
    return signature;
  }) as Session['key']['signTypedData'];
  return { ...session, key: { address: session.key.address, signTypedData } };
}

function stoppedWaiting(): ChainError {
  return new ChainError('CANCELLED', 'You stopped waiting for your wallet.', {
    retryable: true,
    advice: 'If a request is still open in your wallet, decline it there; if you approve it, it counts.',
  });
}
