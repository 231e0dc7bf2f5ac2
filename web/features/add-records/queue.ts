'use client';

import { addRecords, type ChartkeyClient, type RecordId, submitRecord } from '@chartkey/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Address } from 'viem';
import { type Signing, useSigning } from '../session/index.ts';
import { type SealProgress, type StorageSignIn, useStorageSignIn, useVault } from '../vault/index.ts';

/** A file on its way. What was stored is not stored again when only the signature failed. */
export type Item = {
  readonly id: string;
  readonly file: File;
  readonly state:
    | { readonly step: 'waiting' }
    | {
        readonly step: 'sealing';
        readonly done: number;
        readonly total: number;
        readonly stage: SealProgress['stage'];
      }
    | { readonly step: 'sealed'; readonly recordId: RecordId }
    | { readonly step: 'signing'; readonly recordId: RecordId }
    | { readonly step: 'done'; readonly recordId: RecordId }
    | { readonly step: 'failed'; readonly error: unknown; readonly recordId: RecordId | undefined };
};

export type Queue = {
  readonly items: readonly Item[];
  readonly signing: Signing;
  readonly signIn: StorageSignIn;
  readonly busy: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: string) => void;
  /** Encrypts, stores and signs everything that is not done. */
  readonly start: () => Promise<void>;
  readonly cancel: () => void;
  readonly clear: () => void;
};

export type Target = {
  readonly patient: Address;
  readonly author: Address;
  readonly compartment: number;
  /** Whether the records count at once, or the patient has yet to accept them. */
  readonly direct: boolean;
};

export function useQueue(target: Target): Queue {
  const vault = useVault();
  const signing = useSigning();
  const signIn = useStorageSignIn();
  const [items, setItems] = useState<readonly Item[]>([]);
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController | undefined>(undefined);

  const begun = useRef(new Set<string>());
  const forget = useRef(vault.forgetSeal);
  // Whoever goes elsewhere in the app gives up what is not done: the list is gone with it.
  useEffect(() => {
    const ids = begun.current;
    const forgetSeal = forget.current;
    return () => {
      for (const id of ids) forgetSeal(id);
    };
  }, []);

  const update = useCallback((id: string, state: Item['state']) => {
    setItems((all) => all.map((item) => (item.id === id ? { ...item, state } : item)));
  }, []);

  const seal = async (item: Item, signal: AbortSignal): Promise<RecordId | undefined> => {
    const known = 'recordId' in item.state ? item.state.recordId : undefined;
    if (known !== undefined) return known;
    begun.current.add(item.id);
    update(item.id, { step: 'sealing', done: 0, total: item.file.size, stage: 'encrypting' });
    try {
      const recordId = await vault.seal(
        { id: item.id, file: item.file, patient: target.patient, author: target.author },
        (progress) => update(item.id, { step: 'sealing', ...progress }),
        signal,
      );
      update(item.id, { step: 'sealed', recordId });
      return recordId;
    } catch (error) {
      update(item.id, { step: 'failed', error, recordId: undefined });
      return undefined;
    }
  };

  const sign = async (sealed: readonly Sealed[]): Promise<boolean> => {
    for (const { id, recordId } of sealed) update(id, { step: 'signing', recordId });
    const outcome: { error?: unknown } = {};
    const sent = await signing.run(async (client) => {
      try {
        return await enter(client, sealed, target);
      } catch (error) {
        outcome.error = error;
        throw error;
      }
    });
    for (const { id, recordId } of sealed) {
      update(id, sent ? { step: 'done', recordId } : { step: 'failed', error: outcome.error, recordId });
    }
    return sent !== undefined;
  };

  /** Those that are stored now, or were already. */
  const sealAll = async (todo: readonly Item[], signal: AbortSignal): Promise<readonly Sealed[]> => {
    const sealed: Sealed[] = [];
    for (const item of todo) {
      if (signal.aborted) break;
      const recordId = await seal(item, signal);
      if (recordId !== undefined) sealed.push({ id: item.id, recordId });
    }
    return sealed;
  };

  const start = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setBusy(true);
    const todo = items.filter(({ state }) => state.step !== 'done');
    const stored = todo.every(({ state }) => 'recordId' in state && state.recordId !== undefined);
    if (stored || (await signIn.ensure(target.author))) {
      const sealed = await sealAll(todo, controller.signal);
      // Who declined once is not asked for the rest.
      for (const batch of batchesOf(sealed, target)) if (!(await sign(batch))) break;
    }
    signing.reset();
    setBusy(false);
  };

  return {
    items,
    signing,
    signIn,
    busy,
    add: (files) =>
      setItems((all) => [
        ...all,
        ...files.map((file): Item => ({ id: crypto.randomUUID(), file, state: { step: 'waiting' } })),
      ]),
    remove: (id) => {
      vault.forgetSeal(id);
      setItems((all) => all.filter((item) => item.id !== id));
    },
    start,
    cancel: () => {
      abort.current?.abort();
      signIn.stop();
      signing.stop();
    },
    clear: () => setItems((all) => all.filter(({ state }) => state.step !== 'done')),
  };
}

type Sealed = { readonly id: string; readonly recordId: RecordId };

/** One signature adds all of them; who only submits signs for each. */
function batchesOf(sealed: readonly Sealed[], { direct }: Target): readonly (readonly Sealed[])[] {
  if (direct) return sealed.length === 0 ? [] : [sealed];
  return sealed.map((one) => [one]);
}

function enter(client: ChartkeyClient, sealed: readonly Sealed[], { patient, compartment, direct }: Target) {
  const [first] = sealed;
  if (!direct && first) return submitRecord(client, { recordId: first.recordId, patient });
  const records = sealed.map(({ recordId }) => ({ recordId, compartment }));
  return addRecords(client, { patient, records });
}
