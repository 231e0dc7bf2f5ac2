'use client';

import { MAX_OPENING_BATCH, openRecords, rewrapRecord } from '@chartkey/sdk';
import { useState } from 'react';
import type { Address } from 'viem';
import { type Signing, useSigning } from '../session/index.ts';
import {
  type OlderRecord,
  type Rewrapped,
  type StorageSignIn,
  useStorageSignIn,
  useVault,
} from '../vault/index.ts';

export type Move = {
  readonly signing: Signing;
  readonly signIn: StorageSignIn;
  readonly busy: boolean;
  readonly done: number;
  readonly total: number;
  readonly error: unknown;
  /** Can be stopped and started again: what is moved is moved. */
  readonly start: (records: readonly OlderRecord[]) => Promise<void>;
};

/** Puts records under the newest key, one signature each; those of a lost key through the keepers first. */
export function useMove(patient: Address): Move {
  const vault = useVault();
  const signing = useSigning();
  const signIn = useStorageSignIn();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(0);
  const [total, setTotal] = useState(0);
  const [error, setError] = useState<unknown>();

  /** False when the person declined or something failed: then the rest waits. */
  const sign = async ({ recordId, envelopeDigest }: Rewrapped): Promise<boolean> => {
    const sent = await signing.run((client) => rewrapRecord(client, { recordId, envelopeDigest }));
    if (sent) setDone((count) => count + 1);
    return sent !== undefined;
  };

  const throughKeepers = async (records: readonly OlderRecord[]): Promise<readonly Rewrapped[]> => {
    const recordIds = records.slice(0, MAX_OPENING_BATCH).map(({ recordId }) => recordId);
    if (recordIds.length === 0) return [];
    const opened = await signing.run(async (client) => {
      const keyHash = await vault.newOpeningKey();
      return openRecords(client, { recordIds, purpose: 'PATRQT', keyHash });
    });
    return opened?.opening ? vault.rewrapOpened(opened.opening, patient) : [];
  };

  const start = async (records: readonly OlderRecord[]) => {
    setBusy(true);
    setDone(0);
    setTotal(records.length);
    setError(undefined);
    try {
      if (!(await signIn.ensure(patient))) return;
      for (const { recordId } of records.filter(({ own }) => own)) {
        if (!(await sign(await vault.rewrapOwn(recordId, patient)))) return;
      }
      for (const rewrapped of await throughKeepers(records.filter(({ own }) => !own))) {
        if (!(await sign(rewrapped))) return;
      }
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { signing, signIn, busy, done, total, error, start };
}
