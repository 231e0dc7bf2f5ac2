'use client';

import { addRecords, type ImportableRecord, type OpenAgeWith, type RecordId } from '@chartkey/sdk';
import { useState } from 'react';
import type { Address } from 'viem';
import { type Folder, freeNumber, NAMES_COMPARTMENT } from '../folders/index.ts';
import { type Job, useJob } from '../save/index.ts';
import { type Signing, useSigning } from '../session/index.ts';
import {
  type ImportPreview,
  type SealProgress,
  type StorageSignIn,
  useStorageSignIn,
  useVault,
} from '../vault/index.ts';

export type ChosenFile = {
  readonly file: File;
  readonly opensWith: 'plain' | 'passphrase' | 'identity';
};

export type Inspected = {
  readonly preview: ImportPreview;
  readonly opening: OpenAgeWith | undefined;
  /** Those that the chart does not have yet. */
  readonly fresh: readonly ImportableRecord[];
  /** Where a folder of the file goes in this chart. */
  readonly folderOf: ReadonlyMap<number, { readonly number: number; readonly isNew: boolean }>;
};

export type ImportStep = SealProgress & { readonly sealed: number };

export type Import = {
  readonly chosen: ChosenFile | undefined;
  readonly inspected: Inspected | undefined;
  /** Records that are in the chart now. */
  readonly added: number;
  readonly finished: boolean;
  readonly reading: Job<{ readonly done: number; readonly total: number }>;
  readonly sealing: Job<ImportStep>;
  readonly signing: Signing;
  readonly signIn: StorageSignIn;
  readonly choose: (file: File | undefined) => Promise<void>;
  readonly inspect: (opening: OpenAgeWith | undefined) => Promise<void>;
  /** Seals what is not sealed yet and signs what is not signed yet: also the way to try again. */
  readonly start: () => Promise<void>;
};

type ImportTarget = {
  readonly patient: Address;
  readonly author: Address;
  readonly present: readonly RecordId[];
  readonly folders: readonly Folder[];
};

/** As many as one signature adds. */
const BATCH = 100;

export function useImport({ patient, author, present, folders }: ImportTarget): Import {
  const vault = useVault();
  const signing = useSigning();
  const signIn = useStorageSignIn();
  const reading = useJob<{ readonly done: number; readonly total: number }>();
  const sealing = useJob<ImportStep>();
  const [chosen, setChosen] = useState<ChosenFile>();
  const [inspected, setInspected] = useState<Inspected>();
  const [sealed] = useState(() => new Map<string, RecordId>());
  const [signed] = useState(() => new Set<string>());
  const [added, setAdded] = useState(0);
  const [finished, setFinished] = useState(false);

  const choose = (file: File | undefined) =>
    reading.run(async () => {
      setInspected(undefined);
      setFinished(false);
      sealed.clear();
      signed.clear();
      setAdded(0);
      setChosen(undefined);
      sealing.reset();
      signing.reset();
      if (file) setChosen({ file, opensWith: await vault.importOpensWith(file) });
    });

  const inspect = (opening: OpenAgeWith | undefined) =>
    reading.run(async (signal, onProgress) => {
      if (!chosen) return;
      const preview = await vault.inspectImport({ file: chosen.file, opening, present }, onProgress, signal);
      const there = new Set(preview.there);
      const fresh = preview.records.filter(({ path }) => !there.has(path));
      const own = preview.patient === patient.toLowerCase();
      setInspected({ preview, opening, fresh, folderOf: foldersFor(preview.records, { own, folders }) });
    });

  const seal = ({ fresh, opening }: Inspected, file: File) =>
    sealing.run(async (signal, onProgress) => {
      const records = fresh.filter(({ path }) => !sealed.has(path));
      await vault.importRecords(
        { file, opening, records, patient, author },
        ({ path, recordId }) => sealed.set(path, recordId),
        (progress) => onProgress({ ...progress, sealed: sealed.size }),
        signal,
      );
    });

  /** Everything that is sealed, a hundred at a time; false when the person declined. */
  const sign = async ({ fresh, folderOf }: Inspected): Promise<boolean> => {
    for (;;) {
      const open = fresh.filter(({ path }) => sealed.has(path) && !signed.has(path)).slice(0, BATCH);
      if (open.length === 0) return true;
      const records = open.map(({ path, compartment }) => ({
        recordId: sealed.get(path) as RecordId,
        compartment: folderOf.get(compartment)?.number ?? 0,
      }));
      if (!(await signing.run((client) => addRecords(client, { patient, records })))) return false;
      for (const { path } of open) signed.add(path);
      setAdded(signed.size);
    }
  };

  const start = async () => {
    if (!chosen || !inspected) return;
    // What is sealed needs no storage any more.
    if (inspected.fresh.some(({ path }) => !sealed.has(path)) && !(await signIn.ensure(author))) return;
    await seal(inspected, chosen.file);
    // What is sealed counts even if the rest failed or was cancelled: it is signed next time.
    if (inspected.fresh.some(({ path }) => !sealed.has(path))) return;
    setFinished(await sign(inspected));
  };

  return { chosen, inspected, added, finished, reading, sealing, signing, signIn, choose, inspect, start };
}

/**
 * Numbers mean something in the chart they come from. Back in that chart they are kept; in another
 * one each folder but the first becomes a new one, so that nothing lands in what is shared already.
 */
function foldersFor(
  records: readonly ImportableRecord[],
  { own, folders }: { readonly own: boolean; readonly folders: readonly Folder[] },
): Inspected['folderOf'] {
  const found = new Map<number, { readonly number: number; readonly isNew: boolean }>();
  const taken = [...folders];
  for (const { compartment } of records) {
    if (found.has(compartment)) continue;
    const known = taken.some(({ number }) => number === compartment);
    if (compartment === 0 || (own && compartment < NAMES_COMPARTMENT)) {
      found.set(compartment, { number: compartment, isNew: !known });
      continue;
    }
    const number = freeNumber(taken);
    taken.push({ number, name: '' });
    found.set(compartment, { number, isNew: true });
  }
  return found;
}
