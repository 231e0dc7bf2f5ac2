'use client';

import { type Decision, openRecords, type PurposeOfUse, type RecordId } from '@chartkey/sdk';
import { useState } from 'react';
import { type Signing, useSigning } from '../session/index.ts';
import { type OpeningOutcome, useVault } from '../vault/index.ts';

export type OpeningHandle = {
  readonly signing: Signing;
  readonly fetching: boolean;
  readonly outcome: OpeningOutcome | undefined;
  readonly refused: readonly { readonly recordId: RecordId; readonly decision: Decision }[];
  readonly error: unknown;
  readonly open: (recordIds: readonly RecordId[], purpose: PurposeOfUse) => Promise<void>;
  /** Asks the keepers again for what was signed already: no second entry, no second signature. */
  readonly retry: (() => Promise<void>) | undefined;
};

/** Opens records through the keepers: a fresh key, one signature, shares, plaintext. */
export function useOpening(): OpeningHandle {
  const vault = useVault();
  const signing = useSigning();
  const [fetching, setFetching] = useState(false);
  const [outcome, setOutcome] = useState<OpeningOutcome>();
  const [refused, setRefused] = useState<OpeningHandle['refused']>([]);
  const [error, setError] = useState<unknown>();
  const [retry, setRetry] = useState<(() => Promise<void>) | undefined>();

  const open = async (recordIds: readonly RecordId[], purpose: PurposeOfUse) => {
    setError(undefined);
    setOutcome(undefined);
    setRefused([]);
    setRetry(undefined);
    const result = await signing.run(async (client) => {
      const keyHash = await vault.newOpeningKey();
      return openRecords(client, { recordIds, purpose, keyHash });
    });
    if (!result) return;
    setRefused(result.refused);
    const { opening } = result;
    if (!opening) return;
    const fetch = async () => {
      setFetching(true);
      setError(undefined);
      try {
        const opened = await vault.openThroughKeepers(opening);
        setOutcome(opened);
        setError(opened.records.length === 0 ? opened.failed[0]?.error : undefined);
      } catch (caught) {
        setError(caught);
      } finally {
        setFetching(false);
      }
    };
    setRetry(() => fetch);
    await fetch();
  };
  return { signing, fetching, outcome, refused, error, open, retry };
}
