'use client';

import { addRecords, ChartkeyError, type RecordId, submitRecord } from '@chartkey/sdk';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Address } from 'viem';
import { encodeNames, type Folders, NAMES_COMPARTMENT, NAMES_MEDIA_TYPE } from '../folders/index.ts';
import { type Signing, useSigning } from '../session/index.ts';
import { type StorageSignIn, useStorageSignIn, useVault } from '../vault/index.ts';
import { type Item, readItem, type Unit, unitsOf } from './item.ts';

export type Queue = {
  readonly items: readonly Item[];
  readonly signing: Signing;
  readonly signIn: StorageSignIn;
  readonly busy: boolean;
  readonly add: (files: readonly File[]) => Promise<void>;
  readonly change: (id: string, to: Partial<Item>) => void;
  readonly remove: (id: string) => void;
  /** Encrypts and stores everything that is not done, then signs for all of it. */
  readonly start: (how: How) => Promise<void>;
  readonly cancel: () => void;
  readonly clear: () => void;
};

/** Whose chart, and who adds to it. */
export type Target = { readonly patient: Address; readonly author: Address };

/** What the page knows when the person says go; later nobody may be on it. */
export type How = {
  /** Where a record goes for which the person chose no folder. */
  readonly folderFor: (unit: Pick<Unit, 'suggestion' | 'folder'>) => number;
  /** Whether the records count at once, or the patient has yet to accept them. */
  readonly direct: boolean;
  /** Names that are not saved yet: they come with the first records, under the same signature. */
  readonly unsavedNames: Folders['list'] | undefined;
};

/** As many as one signature adds. */
const BATCH = 100;
/** Uploads wait for storage and keepers most of the time. */
const AT_ONCE = 3;
const NAMES = 'folder names';

export function useQueue({ patient, author }: Target): Queue {
  const t = useTranslations('addRecords');
  const vault = useVault();
  const signing = useSigning();
  const signIn = useStorageSignIn();
  const [items, setItems] = useState<readonly Item[]>([]);
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController | undefined>(undefined);
  const [sealed] = useState(() => new Map<string, RecordId>());
  const [signed] = useState(() => new Set<string>());

  const begun = useRef(new Set<string>());
  const forget = useRef(vault.forgetSeal);
  // Whoever takes another account gives up what is not done.
  useEffect(() => {
    const ids = begun.current;
    const forgetSeal = forget.current;
    return () => {
      abort.current?.abort();
      for (const id of ids) forgetSeal(id);
    };
  }, []);

  const change = useCallback((id: string, to: Partial<Item>) => {
    setItems((all) => all.map((item) => (item.id === id ? { ...item, ...to } : item)));
  }, []);

  /** All records of one file, a few at a time; those that are stored stay so. */
  const seal = async (item: Item, units: readonly Unit[], signal: AbortSignal): Promise<boolean> => {
    const todo = units.filter(({ id }) => !sealed.has(id));
    const queue = todo.values();
    const one = async () => {
      for (const unit of queue) {
        if (signal.aborted) return;
        begun.current.add(unit.id);
        const request = { id: unit.id, file: unit.file(), patient, author, described: unit.described };
        const tell = (state: {
          done: number;
          total: number;
          stage: 'encrypting' | 'confirming' | 'waiting';
        }) => {
          const many = {
            ...state,
            done: units.filter(({ id }) => sealed.has(id)).length,
            total: units.length,
          };
          change(item.id, { state: { step: 'sealing', ...(units.length > 1 ? many : state) } });
        };
        tell({ done: 0, total: request.file.size, stage: 'encrypting' });
        sealed.set(unit.id, await vault.seal(request, tell, signal));
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, todo.length) }, one));
      if (units.some(({ id }) => !sealed.has(id))) throw cancelled();
      change(item.id, { state: { step: 'sealed' } });
      return true;
    } catch (error) {
      change(item.id, { state: { step: 'failed', error, stored: false } });
      return false;
    }
  };

  const sealNames = async ({ unsavedNames, direct }: How, signal: AbortSignal): Promise<readonly Unit[]> => {
    if (!direct || !unsavedNames || signed.has(NAMES)) return [];
    const described = { title: t('folderNames'), mediaType: NAMES_MEDIA_TYPE, fhirType: '' };
    const file = encodeNames(unsavedNames);
    if (!sealed.has(NAMES)) {
      const request = { id: crypto.randomUUID(), file, patient, author, described };
      sealed.set(NAMES, await vault.seal(request, () => undefined, signal));
    }
    const unit = {
      id: NAMES,
      file: () => file,
      described,
      suggestion: 'general',
      sealed: undefined,
    } as const;
    return [{ ...unit, folder: NAMES_COMPARTMENT }];
  };

  /** One signature for a hundred records; the patient accepts what is only sent, so that is one each. */
  const sign = async (
    { direct, folderFor }: How,
    units: readonly Unit[],
  ): Promise<{ readonly error: unknown } | undefined> => {
    const size = direct ? BATCH : 1;
    for (;;) {
      const next = units.filter(({ id }) => !signed.has(id)).slice(0, size);
      const [first] = next;
      if (!first) return undefined;
      const outcome: { error?: unknown } = {};
      const idOf = ({ id }: Unit) => sealed.get(id) as RecordId;
      const records = next.map((unit) => ({ recordId: idOf(unit), compartment: folderFor(unit) }));
      const sent = await signing.run(async (client) => {
        try {
          if (direct) return await addRecords(client, { patient, records });
          return await submitRecord(client, { recordId: idOf(first), patient });
        } catch (error) {
          outcome.error = error;
          throw error;
        }
      });
      if (!sent) return { error: outcome.error };
      for (const { id } of next) signed.add(id);
    }
  };

  const start = async (how: How) => {
    const controller = new AbortController();
    const { signal } = controller;
    abort.current = controller;
    setBusy(true);
    const ready: { readonly item: Item; readonly units: readonly Unit[] }[] = [];
    const todo = items.filter(({ state }) => state.step !== 'done');
    const stored = todo.every((item) => unitsOf(item, sealed).every(({ id }) => sealed.has(id)));
    const admitted = stored || (await signIn.ensure(author));
    for (const item of admitted ? todo : []) {
      if (signal.aborted) break;
      const units = unitsOf(item, sealed);
      if (await seal(item, units, signal)) ready.push({ item, units });
    }
    if (ready.length > 0 && !signal.aborted) {
      for (const { item } of ready) change(item.id, { state: { step: 'signing' } });
      const failed = await sealNames(how, signal).then(
        (names) => sign(how, [...names, ...ready.flatMap(({ units }) => units)]),
        (error: unknown) => ({ error }),
      );
      for (const { item, units } of ready) {
        const done = !failed || units.every(({ id }) => signed.has(id));
        change(item.id, {
          state: done ? { step: 'done' } : { step: 'failed', error: failed.error, stored: true },
        });
      }
    }
    signing.reset();
    setBusy(false);
  };

  return {
    ...{ items, signing, signIn, busy, change, start },
    add: async (files) => {
      const read = await Promise.all(files.map(readItem));
      setItems((all) => [...all, ...read]);
    },
    remove: (id) => {
      for (const begunId of begun.current) if (begunId.startsWith(id)) vault.forgetSeal(begunId);
      setItems((all) => all.filter((item) => item.id !== id));
    },
    cancel: () => {
      abort.current?.abort();
      signIn.stop();
      signing.stop();
    },
    clear: () => setItems((all) => all.filter(({ state }) => state.step !== 'done')),
  };
}

function cancelled(): ChartkeyError {
  return new ChartkeyError('CANCELLED', 'The upload was cancelled.');
}
