'use client';

import type { Deployment } from '@chartkey/sdk';
import { Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import type { Address } from 'viem';
import { CopyButton } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { VERSION } from './version.ts';

type Contract = Exclude<keyof Deployment, 'chainId' | 'startBlock'>;

const NAMES: Readonly<Record<Contract, { readonly name: string; readonly does: string }>> = {
  participants: { name: 'ParticipantRegistry', does: 'Who is who' },
  consents: { name: 'ConsentRegistry', does: 'Who may read what' },
  records: { name: 'RecordIndex', does: 'Which records exist' },
  log: { name: 'AccessLog', does: 'Who looked' },
  guardianship: { name: 'Guardianship', does: 'Who stands in for a patient' },
  emergencies: { name: 'EmergencyAccess', does: 'Who reads in an emergency' },
  keepers: { name: 'KeeperSet', does: 'Who keeps the shares of keys' },
  view: { name: 'KeeperView', does: 'What keepers ask before they release' },
  forwarder: { name: 'SessionForwarder', does: 'Signed requests and shifts' },
  authority: { name: 'AccessManager', does: 'Who appoints managers and auditors' },
};

/** What a contract of ours is called, by its address. */
export function contractName(deployment: Deployment, address: Address): string {
  const found = contractsOf(deployment).find(([, at]) => at.toLowerCase() === address.toLowerCase());
  return found ? NAMES[found[0]].name : 'another contract';
}

/** The rules, and where to find them. */
export function Contracts() {
  const { deployment } = useNetwork();
  return (
    <Card component="section" aria-label="Contracts">
      <Title order={2} size="h4">
        Contracts
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        The rules, as programs that nobody can change. Chain id {deployment.chainId}, from block{' '}
        {deployment.startBlock.toLocaleString('en-GB')} on. This page is version {VERSION}.
      </Text>
      <Stack gap="sm">
        {contractsOf(deployment).map(([key, address]) => (
          <Group key={key} justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {NAMES[key].does}{' '}
                <Text span c="dimmed" fw={400}>
                  {NAMES[key].name}
                </Text>
              </Text>
              <Code style={{ overflowWrap: 'anywhere', background: 'none', padding: 0 }}>{address}</Code>
            </div>
            <CopyButton value={address} label="Copy" />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function contractsOf(deployment: Deployment): readonly (readonly [Contract, Address])[] {
  return (Object.keys(NAMES) as Contract[]).map((key) => [key, deployment[key]] as const);
}
