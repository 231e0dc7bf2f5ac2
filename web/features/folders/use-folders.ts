'use client';

import type { CompartmentSuggestion, IndexedRecord } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Address } from 'viem';
import { useConsentWords } from '../consent/index.ts';
import { useVault } from '../vault/index.ts';
import {
  type DefaultNames,
  decodeNames,
  type Folder,
  generalFolder,
  NAMES_COMPARTMENT,
  presetFolders,
  unnamed,
} from './names.ts';
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
  const names = useDefaultNames();
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
      const list = [...named, ...unnamed(names, named, used)];
      return foldersOf(names, 'named', list, list);
    }
    const general = generalFolder(names);
    const saved = [general, ...unnamed(names, [general], used)];
    if (isPending) return foldersOf(names, 'looking', saved, saved);
    if (record === undefined) return foldersOf(names, 'new', draftOf(names, patient, used), saved);
    if (vault.unlocked === undefined) return foldersOf(names, 'locked', saved, saved);
    return foldersOf(names, named === null || query.error ? 'unreadable' : 'looking', saved, saved);
  }, [names, named, used, isPending, record, query.error, patient, vault.unlocked]);
}

function useDefaultNames(): DefaultNames {
  const t = useTranslations('folders');
  const { folderName } = useConsentWords();
  return useMemo(() => ({ nameOf: folderName, presetName: (kind) => t(`presets.${kind}`) }), [folderName, t]);
}

function namesRecord(all: readonly IndexedRecord[]): IndexedRecord | undefined {
  return all.find(
    ({ status, compartment, author, patient }) =>
      status === 'Active' &&
      compartment === NAMES_COMPARTMENT &&
      author.toLowerCase() === patient.toLowerCase(),
  );
}

function draftOf(names: DefaultNames, patient: Address, used: readonly number[]): readonly Folder[] {
  const there = drafts.get(patient);
  if (there) return [...there, ...unnamed(names, there, used)];
  const made = presetFolders(names, used);
  drafts.set(patient, made);
  return made;
}

function foldersOf(
  { nameOf }: DefaultNames,
  state: Folders['state'],
  list: readonly Folder[],
  saved: readonly Folder[],
): Folders {
  const names = new Map(list.map(({ number, name }) => [number, name]));
  return {
    ...{ state, list, saved },
    nameOf: (compartment) => names.get(compartment) ?? nameOf(compartment),
    numberFor: (suggestion) => list.find(({ kind }) => kind === suggestion)?.number ?? 0,
  };
}
