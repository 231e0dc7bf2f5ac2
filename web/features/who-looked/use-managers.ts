'use client';

import { isManager } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { type Address, parseAbiItem } from 'viem';
import { useReader } from '../session/index.ts';

const ROLE_GRANTED = parseAbiItem(
  'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
);
/** An area's role is this plus its number. */
const FIRST_ROLE = 1n << 32n;

/** Who manages an area now: events name them, the contract decides. */
export function useManagers(area: number | undefined): readonly Address[] {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['managers', area],
    enabled: area !== undefined,
    queryFn: async () => {
      if (area === undefined) return [];
      const granted = await reader.publicClient.getLogs({
        address: reader.deployment.authority,
        event: ROLE_GRANTED,
        args: { roleId: FIRST_ROLE + BigInt(area) },
        fromBlock: 'earliest',
        strict: true,
      });
      const accounts = [...new Set(granted.map(({ args }) => args.account))];
      const still = await Promise.all(accounts.map((account) => isManager(reader, { account, area })));
      return accounts.filter((_, at) => still[at]);
    },
  });
  return data ?? [];
}
