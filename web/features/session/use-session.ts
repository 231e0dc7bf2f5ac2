'use client';

import { isManager, type Provider, patientOf, providerOf } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { type Address, parseAbiItem } from 'viem';
import { useConnection } from 'wagmi';
import { useNetwork, useReader } from './network.ts';

export type Session = {
  /** `starting` until it is known whether a wallet is connected already. */
  readonly status: 'starting' | 'disconnected' | 'loading' | 'ready';
  readonly address: Address | undefined;
  readonly wrongNetwork: boolean;
  /** The patient's id; undefined if this wallet is no patient's. */
  readonly patient: Address | undefined;
  readonly provider: Provider | undefined;
  readonly managedAreas: readonly number[];
  readonly error: unknown;
  readonly retry: () => void;
};

const ROLE_GRANTED = parseAbiItem(
  'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
);

/** Who is connected, and what they are on this network. Reads only. */
export function useSession(): Session {
  const { address, status, chainId } = useConnection();
  const { deployment } = useNetwork();
  const reader = useReader();
  const query = useQuery({
    queryKey: ['session', address],
    enabled: address !== undefined,
    staleTime: 10_000,
    refetchInterval: 5_000,
    queryFn: async () => {
      if (!address) throw new Error('No wallet');
      const [patient, provider, granted] = await Promise.all([
        patientOf(reader, { wallet: address }),
        providerOf(reader, { provider: address }),
        reader.publicClient.getLogs({
          address: deployment.authority,
          event: ROLE_GRANTED,
          args: { account: address },
          fromBlock: 'earliest',
          strict: true,
        }),
      ]);
      // A manager's role is 2^32 plus the area; the log says which to ask for, the contract decides.
      const areas = granted.map(({ args }) => args.roleId).filter((role) => role >> 32n === 1n);
      const candidates = [...new Set(areas.map((role) => Number(role & 0xffffffffn)))];
      const managed = await Promise.all(
        candidates.map(async (area) => ((await isManager(reader, { account: address, area })) ? [area] : [])),
      );
      return {
        patient,
        provider: provider.status === 'None' ? undefined : provider,
        managedAreas: managed.flat(),
      };
    },
  });

  const connecting = status === 'reconnecting' || status === 'connecting';
  const known = address === undefined ? undefined : query.data;
  return {
    status: address === undefined ? (connecting ? 'starting' : 'disconnected') : known ? 'ready' : 'loading',
    address,
    wrongNetwork: address !== undefined && chainId !== deployment.chainId,
    patient: known?.patient,
    provider: known?.provider,
    managedAreas: known?.managedAreas ?? [],
    error: known ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}
