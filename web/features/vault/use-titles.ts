'use client';

import type { IndexedRecord, RecordId } from '@chartkey/sdk';
import { useEffect, useSyncExternalStore } from 'react';
import type { Hex } from 'viem';
import type { RecordTitle } from './types.ts';
import { useVault, type VaultHandle } from './use-vault.ts';

export type Titles = {
  readonly get: (recordId: RecordId) => RecordTitle | undefined;
  /** Unlocked, and not all read yet. */
  readonly reading: boolean;
  /** How many were looked at, also those that this key does not open. */
  readonly read: number;
};

/** Small enough that those which came on screen meanwhile are next. */
const AT_ONCE = 48;

type Known = {
  /** The key that opened them: with another one, or none, they are gone. */
  readonly unlocked: Hex | undefined;
  readonly titles: ReadonlyMap<RecordId, RecordTitle | undefined>;
};

const NOTHING: Known = { unlocked: undefined, titles: new Map() };
let known: Known = NOTHING;
let wanted: readonly IndexedRecord[] = [];
let busy = false;
const listeners = new Set<() => void>();

function set(next: Known): void {
  known = next;
  for (const listener of listeners) listener();
}

/**
 * Titles of one's own records, read in steps in the given order; none while locked. They are in
 * memory as long as the chart is unlocked.
 */
export function useTitles(records: readonly IndexedRecord[]): Titles {
  const vault = useVault();
  const { unlocked, titles } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => known,
    () => NOTHING,
  );
  useEffect(() => {
    if (known.unlocked !== vault.unlocked) set({ unlocked: vault.unlocked, titles: new Map() });
    wanted = records;
    void readOn(vault);
  }, [records, vault]);
  const current = vault.unlocked !== undefined && unlocked === vault.unlocked ? titles : NOTHING.titles;
  const read = records.filter(({ recordId }) => current.has(recordId)).length;
  return {
    get: (recordId) => current.get(recordId),
    reading: vault.unlocked !== undefined && read < records.length,
    read,
  };
}

async function readOn(vault: VaultHandle): Promise<void> {
  if (busy || vault.unlocked === undefined) return;
  busy = true;
  try {
    for (;;) {
      const next = wanted.filter(({ recordId }) => !known.titles.has(recordId)).slice(0, AT_ONCE);
      if (next.length === 0 || known.unlocked !== vault.unlocked) return;
      const found = await vault.titles(next);
      if (known.unlocked !== vault.unlocked) return;
      const titles = new Map(known.titles);
      for (const { recordId } of next) titles.set(recordId, found.get(recordId));
      set({ ...known, titles });
    }
  } catch {
    // Locked in between: the next unlocking begins anew.
  } finally {
    busy = false;
  }
}
