'use client';

import type { CompartmentSuggestion, IndexedRecord } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Address } from 'viem';
import { folderName } from '../consent/index.ts';
import { useVault } from '../vault/index.ts';
import { decodeNames, type Folder, NAMES_COMPARTMENT, presetFolders, unnamed } from './names.ts';
import { useRecords } from './use-records.ts';

export type Folders = {
  /**
   * `new`: nobody gave names yet. `locked`: there are some, behind the key. `unreadable`: the key
   * is here and they don't open, for now or for good: nothing may write over them by itself.
   */
  readonly state: 'looking' | 'locked' | 'unreadable' | 'new' | 'named';
  /** With names that are proposed and not saved yet. */
  readonly list: readonly Folder[];
  /** Those that stand: only they can be shared or sorted into later. */
  readonly saved: readonly Folder[];
  readonly nameOf: (compartment: number) => string;
  readonly numberFor: (suggestion: CompartmentSuggestion) => number;
};

/** Drawn once for as long as the page is open: what was chosen must be what is saved. */
const drafts = new Map<Address, readonly Folder[]>();

/** The patient's own names for their compartments. */
export function useFolders(patient: Address): Folders {
  const vault = useVault();
  const { all, isPending } = useRecords(patient);
  const record = useMemo(() => namesRecord(all), [all]);
  const used = useMemo(
    () => [...new Set(all.filter(({ status }) => status === 'Active').map((one) => one.compartment))],
    [all],
  );
  const query = useQuery({
    queryKey: ['folders', vault.unlocked, record?.recordId],
    enabled: vault.unlocked !== undefined && record !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: async () => {
      if (!record) return null;
      const { content } = await vault.openOwn(record.recordId);
      return decodeNames(await content.text()) ?? null;
    },
  });
  const named = vault.unlocked !== undefined && record !== undefined ? query.data : undefined;
  return useMemo(() => {
    if (named) {
      const list = [...named, ...unnamed(named, used)];
      return foldersOf('named', list, list);
    }
    const general: Folder = { number: 0, name: folderName(0), kind: 'general' };
    const saved = [general, ...unnamed([general], used)];
    if (isPending) return foldersOf('looking', saved, saved);
    if (record === undefined) return foldersOf('new', draftOf(patient, used), saved);
    if (vault.unlocked === undefined) return foldersOf('locked', saved, saved);
    return foldersOf(named === null || query.error ? 'unreadable' : 'looking', saved, saved);
  }, [named, used, isPending, record, query.error, patient, vault.unlocked]);
}

function namesRecord(all: readonly IndexedRecord[]): IndexedRecord | undefined {
  return all.find(
    ({ status, compartment, author, patient }) =>
      status === 'Active' &&
      compartment === NAMES_COMPARTMENT &&
      author.toLowerCase() === patient.toLowerCase(),
  );
}

function draftOf(patient: Address, used: readonly number[]): readonly Folder[] {
  const there = drafts.get(patient);
  if (there) return [...there, ...unnamed(there, used)];
  const made = presetFolders(used);
  drafts.set(patient, made);
  return made;
}

function foldersOf(state: Folders['state'], list: readonly Folder[], saved: readonly Folder[]): Folders {
  const names = new Map(list.map(({ number, name }) => [number, name]));
  return {
    ...{ state, list, saved },
    nameOf: (compartment) => names.get(compartment) ?? folderName(compartment),
    numberFor: (suggestion) => list.find(({ kind }) => kind === suggestion)?.number ?? 0,
  };
}
