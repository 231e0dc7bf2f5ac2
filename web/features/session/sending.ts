'use client';

import type { Session } from '@chartkey/sdk';
import { createContext, useCallback, useSyncExternalStore } from 'react';
import { useNetwork } from './network.ts';

/** Who sends what was signed, and pays: the relay, or the person's own wallet. */
export type Sender = 'relay' | 'self';

/** The working session that stands in this browser, for openings without the wallet. */
export const ShiftContext = createContext<Session | undefined>(undefined);

const SETTING = 'chartkey.sender';
const listeners = new Set<() => void>();

/** What the person chose; the relay where there is one and they chose nothing. */
export function useSender(): {
  readonly sender: Sender;
  /** Whether there is anything to choose. */
  readonly relay: boolean;
  readonly choose: (sender: Sender) => void;
} {
  const { relay } = useNetwork();
  const chosen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => window.localStorage.getItem(SETTING) === 'self',
    () => false,
  );
  const choose = useCallback((sender: Sender) => {
    if (sender === 'self') window.localStorage.setItem(SETTING, sender);
    else window.localStorage.removeItem(SETTING);
    for (const listener of listeners) listener();
  }, []);
  return { sender: relay && !chosen ? 'relay' : 'self', relay, choose };
}
