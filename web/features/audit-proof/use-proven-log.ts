'use client';

import { type ChartkeyClient, type Index, type ProvenEntries, provenEntries } from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';
import { useWitness, type Witness } from './witness.ts';

export type ProvenLog = ProvenEntries & {
  /** Whether the wallet's own node has the same block. */
  readonly witnessed: boolean;
};

export type ProvenLogHandle = {
  readonly log: ProvenLog | undefined;
  readonly error: unknown;
  readonly retry: () => void;
};

/**
 * A patient's log, recomputed in this browser and held against the head that a proof shows to stand in
 * a block: from the index where that adds up, else from the chain. Entries are read again only when the
 * head has moved.
 *
 * @param fromChain without the index: to hold what the index told against it
 */
export function useProvenLog(patient: Address, { fromChain = false } = {}): ProvenLogHandle {
  const reader = useReader();
  const witness = useWitness();
  const queries = useQueryClient();
  const { index } = useIndex();
  const queryKey = ['proven-log', patient, fromChain, witness !== undefined];
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const since = queries.getQueryData<ProvenLog>(queryKey);
      const from = fromChain ? undefined : await index();
      return readProven(reader, { patient, index: from, witness, since });
    },
    refetchInterval: 5_000,
  });
  return { log: query.data, error: query.data ? undefined : query.error, retry: () => void query.refetch() };
}

async function readProven(
  reader: ChartkeyClient,
  asked: {
    readonly patient: Address;
    readonly index?: Index | undefined;
    readonly witness?: Witness | undefined;
    readonly since?: ProvenEntries | undefined;
  },
): Promise<ProvenLog> {
  const { hash, number } = await reader.publicClient.getBlock({ blockTag: 'latest' });
  const block = { hash, number };
  const { witness, ...wanted } = asked;
  const [log, witnessed] = await Promise.all([
    provenEntries(reader, { ...wanted, block }),
    witness?.confirms(block) ?? false,
  ]);
  return { ...log, witnessed };
}
