'use client';

import type { Opening, RecordId } from '@chartkey/sdk';
import { proxy, type Remote, wrap } from 'comlink';
import { useMemo, useSyncExternalStore } from 'react';
import type { Address, Hex } from 'viem';
import type { AppConfig } from '../../server/config.ts';
import { useNetwork } from '../session/index.ts';
import { revive } from './errors.ts';
import type { NewKey, OpenedRecord, OpeningOutcome, RecordTitle, SealProgress } from './types.ts';
import type { VaultWorker } from './worker.ts';

export type VaultHandle = {
  /** SHA-256 of the key that is unlocked; undefined while locked. */
  readonly unlocked: Hex | undefined;
  /** Makes a new patient key and keeps it, unlocked. */
  readonly createKey: () => Promise<NewKey>;
  /** Puts the public key where authors find it. */
  readonly publishKey: () => Promise<void>;
  /** @throws when the code is wrong or belongs to another key than `expected`. */
  readonly unlock: (code: string, expected: Hex) => Promise<void>;
  readonly lock: () => void;
  readonly seal: (
    parameters: { readonly file: File; readonly patient: Address; readonly author: Address },
    onProgress: (progress: SealProgress) => void,
    signal: AbortSignal,
  ) => Promise<RecordId>;
  readonly titles: (ids: readonly RecordId[]) => Promise<ReadonlyMap<RecordId, RecordTitle>>;
  readonly openOwn: (recordId: RecordId) => Promise<OpenedRecord>;
  /** A fresh one-time key for one opening; it stays in the worker. */
  readonly newOpeningKey: () => Promise<Hex>;
  readonly openThroughKeepers: (opening: Opening) => Promise<OpeningOutcome>;
};

let worker: Remote<VaultWorker> | undefined;
let unlocked: Hex | undefined;
const listeners = new Set<() => void>();

function setUnlocked(hash: Hex | undefined): void {
  unlocked = hash;
  for (const listener of listeners) listener();
}

/** One worker a page: keys and plaintext are worked on there, away from the screen's thread. */
function workerFor(config: AppConfig): Remote<VaultWorker> {
  if (!worker) {
    const thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'vault' });
    worker = wrap<VaultWorker>(thread);
    void worker.configure(config);
  }
  return worker;
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw revive(error);
  }
}

export function useVault(): VaultHandle {
  const config = useNetwork();
  const key = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unlocked,
    () => undefined,
  );
  return useMemo(() => handleFor(config, key), [config, key]);
}

function handleFor(config: AppConfig, key: Hex | undefined): VaultHandle {
  return {
    unlocked: key,
    async createKey() {
      const created = await asked(workerFor(config).createKey());
      setUnlocked(created.publicKeyHash);
      return created;
    },
    publishKey: () => asked(workerFor(config).publishKey()),
    async unlock(code, expected) {
      setUnlocked(await asked(workerFor(config).unlock(code, expected)));
    },
    lock() {
      void worker?.lock();
      setUnlocked(undefined);
    },
    async seal(parameters, onProgress, signal) {
      const job = crypto.randomUUID();
      const cancel = () => void workerFor(config).cancel(job);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await asked(workerFor(config).seal({ ...parameters, job }, proxy(onProgress)));
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    titles: async (ids) => new Map(await asked(workerFor(config).titles(ids))),
    openOwn: (recordId) => asked(workerFor(config).openOwn(recordId)),
    newOpeningKey: () => asked(workerFor(config).newOpeningKey()),
    async openThroughKeepers(opening) {
      const outcome = await asked(workerFor(config).openThroughKeepers(opening));
      const failed = outcome.failed.map(({ recordId, error }) => ({ recordId, error: revive(error) }));
      return { ...outcome, failed };
    },
  };
}
