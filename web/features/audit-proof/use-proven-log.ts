'use client';

import { type ChartkeyClient, type Index, type ProvenEntries, provenEntries } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
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
 * a block: from the index where that adds up, else from the chain.
 *
 * @param index where lists are read from; without one, or if it does not answer, the chain
 */
export function useProvenLog(patient: Address, index?: Index): ProvenLogHandle {
  const reader = useReader();
  const witness = useWitness();
  const query = useQuery({
    queryKey: ['proven-log', patient, index?.url, witness !== undefined],
    queryFn: () => readProven(reader, { patient, index, witness }),
    refetchInterval: 15_000,
  });
  return { log: query.data, error: query.data ? undefined : query.error, retry: () => void query.refetch() };
}

async function readProven(
  reader: ChartkeyClient,
  asked: {
    readonly patient: Address;
    readonly index?: Index | undefined;
    readonly witness?: Witness | undefined;
  },
): Promise<ProvenLog> {
  const { hash, number } = await reader.publicClient.getBlock({ blockTag: 'latest' });
  const block = { hash, number };
  const { patient, index, witness } = asked;
  const [log, witnessed] = await Promise.all([
    provenEntries(reader, { patient, index, block }),
    witness?.confirms(block) ?? false,
  ]);
  return { ...log, witnessed };
}
