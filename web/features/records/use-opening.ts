'use client';

import { type Decision, openRecords, type PurposeOfUse, type RecordId } from '@chartkey/sdk';
import { useEffect, useRef, useState } from 'react';
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

  // Locked by hand or because nobody was there: what was opened goes from the screen, and what
  // could fetch it again. An opening that is on its way then must not show up afterwards either.
  const { locks } = vault;
  const current = useRef(locks);
  useEffect(() => {
    if (current.current === locks) return;
    current.current = locks;
    setOutcome(undefined);
    setRefused([]);
    setRetry(undefined);
    setError(undefined);
  }, [locks]);

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
        const before = current.current;
        const opened = await vault.openThroughKeepers(opening);
        if (current.current !== before) return;
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
