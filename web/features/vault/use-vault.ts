'use client';

import type {
  ExportProgress,
  IndexedRecord,
  importOpensWith,
  Opening,
  RecordId,
  SessionKey,
  SignInMessage,
  Unlocker,
  UnsignedRequest,
} from '@chartkey/sdk';
import { proxy, type Remote, transfer, wrap } from 'comlink';
import { useMemo, useSyncExternalStore } from 'react';
import type { Address, Hex } from 'viem';
import type { AppConfig } from '../../server/config.ts';
import { useNetwork } from '../session/index.ts';
import { revive } from './errors.ts';
import { idleLockOf, keepIdleLock } from './idle-lock.ts';
import type {
  EncryptRequest,
  Exported,
  ExportRequest,
  ImportPreview,
  ImportRequest,
  InspectRequest,
  KeyRequest,
  NewKey,
  OlderRecord,
  OpenedRecord,
  OpeningOutcome,
  RecordTitle,
  Rewrapped,
  SealedImport,
  SealProgress,
  SealRequest,
  Shift,
  ShiftEnd,
  SignedIn,
  VaultState,
} from './types.ts';
import type { VaultWorker } from './worker.ts';

export type VaultHandle = {
  /** What the chain holds of the key that is unlocked; undefined while locked. */
  readonly unlocked: Hex | undefined;
  /** Changes with each lock. What was opened without a key is to be cleared then. */
  readonly locks: number;
  readonly makeKey: (request: KeyRequest) => Promise<NewKey>;
  /** Puts the new key where its patient and authors find it. */
  readonly publishKey: (patient: Address) => Promise<void>;
  /** From now on the new key is the one that is unlocked: after the chain took it. */
  readonly adoptKey: (patient: Address) => Promise<void>;
  /** What `wallet` has to sign before this author can store anything; nothing while a session lasts. */
  readonly storageSignIn: (author: Address, wallet: Address) => Promise<readonly SignInMessage[]>;
  readonly handInSignIn: (author: Address, signed: SignedIn) => Promise<void>;
  /** @throws when the code or passkey is wrong, or belongs to another chart. */
  readonly unlock: (patient: Address, unlocker: Unlocker) => Promise<void>;
  readonly lock: () => void;
  /** From now on, in this browser, it locks after so many seconds without anybody. */
  readonly lockAfter: (seconds: number) => void;
  /** With the same `id` as before, an interrupted one goes on where it stopped. */
  readonly seal: (
    parameters: {
      readonly id: string;
      readonly file: File;
      readonly patient: Address;
      readonly author: Address;
      readonly described?: SealRequest['described'];
    },
    onProgress: (progress: SealProgress) => void,
    signal: AbortSignal,
  ) => Promise<RecordId>;
  /** Wipes what was kept for going on. */
  readonly forgetSeal: (id: string) => void;
  readonly exportChart: (
    request: Omit<ExportRequest, 'job'>,
    onProgress: (progress: ExportProgress) => void,
    signal: AbortSignal,
  ) => Promise<Exported>;
  readonly encryptFile: (
    request: Omit<EncryptRequest, 'job'>,
    signal: AbortSignal,
  ) => Promise<Blob | undefined>;
  readonly importOpensWith: (file: File) => ReturnType<typeof importOpensWith>;
  readonly inspectImport: (
    request: Omit<InspectRequest, 'job'>,
    onProgress: (progress: { readonly done: number; readonly total: number }) => void,
    signal: AbortSignal,
  ) => Promise<ImportPreview>;
  readonly importRecords: (
    request: Omit<ImportRequest, 'job' | 'page'>,
    onSealed: (sealed: SealedImport) => void,
    onProgress: (progress: SealProgress & { readonly path: string }) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly titles: (records: readonly IndexedRecord[]) => Promise<ReadonlyMap<RecordId, RecordTitle>>;
  readonly openOwn: (recordId: RecordId) => Promise<OpenedRecord>;
  /** A fresh one-time key for one opening; it stays in the worker. */
  readonly newOpeningKey: () => Promise<Hex>;
  readonly openThroughKeepers: (opening: Opening) => Promise<OpeningOutcome>;
  /** Those of these records that are not sealed to the newest key. */
  readonly olderRecords: (ids: readonly RecordId[]) => Promise<readonly OlderRecord[]>;
  readonly rewrapOwn: (recordId: RecordId, patient: Address) => Promise<Rewrapped>;
  readonly rewrapOpened: (opening: Opening, patient: Address) => Promise<readonly Rewrapped[]>;
  /** The working session that stands in this browser, in all of its pages. */
  readonly shift: Shift | undefined;
  /** Why the last one stands no more. */
  readonly shiftEnded: ShiftEnd | undefined;
  /** A key for a new one. It stays in the worker. */
  readonly newShiftKey: () => Promise<SessionKey>;
  /** After the chain took it. */
  readonly beginShift: (shift: Shift) => Promise<void>;
  readonly endShift: (why: ShiftEnd) => Promise<void>;
};

/** This page, among those that share a worker. */
const page = typeof crypto === 'undefined' ? '' : crypto.randomUUID();

let worker: Remote<VaultWorker> | undefined;
const NOTHING: VaultState = { unlocked: undefined, locks: 0, shift: undefined, shiftEnded: undefined };
let state = NOTHING;
const listeners = new Set<() => void>();

/** How often at most a page says that somebody is there. */
const TOUCH_EVERY_MS = 1_000;

function setState(next: VaultState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Keys and plaintext are worked on away from the screen's thread, in one place for all pages if possible. */
function workerFor(config: AppConfig): Remote<VaultWorker> {
  if (!worker) {
    worker = wrap<VaultWorker>(startWorker());
    void worker.configure(config);
    void worker.lockAfter(idleLockOf(config));
    keepCompany(worker);
  }
  return worker;
}

function startWorker(): Worker | MessagePort {
  if (typeof SharedWorker === 'undefined') {
    return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'vault' });
  }
  return new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'vault' }).port;
}

/** Tells the worker that this page is there, that somebody uses it, and that it goes. */
function keepCompany(remote: Remote<VaultWorker>): void {
  const join = () => void remote.join(page, proxy(setState));
  join();
  window.addEventListener('pagehide', () => {
    void remote.leave(page);
    setState(locked());
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) join();
  });
  let touched = 0;
  const touch = () => {
    if (Date.now() - touched < TOUCH_EVERY_MS) return;
    touched = Date.now();
    void remote.touch();
  };
  for (const event of ['pointerdown', 'keydown', 'wheel', 'touchmove']) {
    window.addEventListener(event, touch, { passive: true });
  }
}

/** What a passkey gave moves to the worker; nothing of it stays here. */
function handedOver<T extends object>(parameters: T): T {
  const secret = 'prf' in parameters && parameters.prf instanceof Uint8Array ? [parameters.prf.buffer] : [];
  return transfer(parameters, secret);
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw revive(error);
  }
}

/** Long work in the worker that a signal ends. */
async function asJob<T>(
  config: AppConfig,
  signal: AbortSignal,
  work: (vault: Remote<VaultWorker>, job: string) => Promise<T>,
): Promise<T> {
  const job = crypto.randomUUID();
  const cancel = () => void workerFor(config).cancel(job);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await asked(work(workerFor(config), job));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

export function useVault(): VaultHandle {
  const config = useNetwork();
  const known = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      // Another page of this browser may have unlocked it already.
      if (typeof SharedWorker !== 'undefined') workerFor(config);
      return () => listeners.delete(listener);
    },
    () => state,
    () => NOTHING,
  );
  return useMemo(() => handleFor(config, known), [config, known]);
}

/** What a page knows at once when it locks; the worker says the same a moment later. */
function locked(): VaultState {
  const shiftEnded = state.shift ? 'locked' : state.shiftEnded;
  return { unlocked: undefined, locks: state.locks + 1, shift: undefined, shiftEnded };
}

/** The key of a shift as a page has it: it signs in the worker. */
export function shiftKeyOf(config: AppConfig, address: Address): SessionKey {
  const signTypedData = async ({ message }: { readonly message: Record<string, unknown> }) => {
    const { value: _, ...request } = message;
    return asked(workerFor(config).signOpening(request as UnsignedRequest));
  };
  return { address, signTypedData: signTypedData as SessionKey['signTypedData'] };
}

function handleFor(config: AppConfig, known: VaultState): VaultHandle {
  return {
    ...known,
    makeKey: (request) => asked(workerFor(config).makeKey(handedOver(request))),
    publishKey: (patient) => asked(workerFor(config).publishKey(patient)),
    adoptKey: (patient) => asked(workerFor(config).adoptKey(patient)),
    storageSignIn: (author, wallet) => asked(workerFor(config).storageSignIn(author, wallet)),
    handInSignIn: (author, signed) => asked(workerFor(config).handInSignIn(author, signed)),
    unlock: (patient, unlocker) => asked(workerFor(config).unlock(patient, handedOver(unlocker))),
    lockAfter(seconds) {
      keepIdleLock(config, seconds);
      void workerFor(config).lockAfter(seconds);
    },
    lock() {
      void worker?.lock();
      setState(locked());
    },
    seal: (parameters, onProgress, signal) =>
      asJob(config, signal, (vault, job) => vault.seal({ ...parameters, job, page }, proxy(onProgress))),
    forgetSeal: (id) => void worker?.forgetSeal(id),
    exportChart: (request, onProgress, signal) =>
      asJob(config, signal, (vault, job) => vault.exportChart({ ...request, job }, proxy(onProgress))),
    encryptFile: (request, signal) =>
      asJob(config, signal, (vault, job) => vault.encryptFile({ ...request, job })),
    importOpensWith: (file) => asked(workerFor(config).importOpensWith(file)),
    inspectImport: (request, onProgress, signal) =>
      asJob(config, signal, (vault, job) => vault.inspectImport({ ...request, job }, proxy(onProgress))),
    importRecords: (request, onSealed, onProgress, signal) =>
      asJob(config, signal, (vault, job) =>
        vault.importRecords({ ...request, job, page }, proxy(onSealed), proxy(onProgress)),
      ),
    titles: async (records) => new Map(await asked(workerFor(config).titles(records))),
    openOwn: (recordId) => asked(workerFor(config).openOwn(recordId)),
    newOpeningKey: () => asked(workerFor(config).newOpeningKey()),
    async openThroughKeepers(opening) {
      const outcome = await asked(workerFor(config).openThroughKeepers(opening));
      const failed = outcome.failed.map(({ recordId, error }) => ({ recordId, error: revive(error) }));
      return { ...outcome, failed };
    },
    olderRecords: (ids) => asked(workerFor(config).olderRecords(ids)),
    rewrapOwn: (recordId, patient) => asked(workerFor(config).rewrapOwn(recordId, patient)),
    rewrapOpened: (opening, patient) => asked(workerFor(config).rewrapOpened(opening, patient)),
    newShiftKey: async () => shiftKeyOf(config, await asked(workerFor(config).newShiftKey())),
    beginShift: (shift) => asked(workerFor(config).beginShift(shift)),
    endShift: (why) => asked(workerFor(config).endShift(why)),
  };
}
