'use client';

import type { Deployment } from '@chartkey/sdk';
import { Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import type { Translate } from '../../i18n/messages.ts';
import { CopyButton, useWords } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { VERSION } from './version.ts';

type Contract = Exclude<keyof Deployment, 'chainId' | 'startBlock'>;

const NAMES: Readonly<Record<Contract, string>> = {
  participants: 'ParticipantRegistry',
  consents: 'ConsentRegistry',
  records: 'RecordIndex',
  log: 'AccessLog',
  guardianship: 'Guardianship',
  emergencies: 'EmergencyAccess',
  keepers: 'KeeperSet',
  view: 'KeeperView',
  forwarder: 'SessionForwarder',
  authority: 'AccessManager',
};

/** What a contract of ours is called, by its address. */
export function contractName(t: Translate<'network'>, deployment: Deployment, address: Address): string {
  const found = contractsOf(deployment).find(([, at]) => at.toLowerCase() === address.toLowerCase());
  return found ? NAMES[found[0]] : t('anotherContract');
}

/** The rules, and where to find them. */
export function Contracts() {
  const t = useTranslations('network');
  const words = useWords();
  const { deployment } = useNetwork();
  return (
    <Card component="section" aria-label={t('contracts')}>
      <Title order={2} size="h4">
        {t('contracts')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('theRulesAsProgramsThat', {
          chainId: deployment.chainId,
          block: words.number(deployment.startBlock),
          version: VERSION,
        })}
      </Text>
      <Stack gap="sm">
        {contractsOf(deployment).map(([key, address]) => (
          <Group key={key} justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {t(`does.${key}`)}{' '}
                <Text span c="dimmed" fw={400}>
                  {NAMES[key]}
                </Text>
              </Text>
              <Code style={{ overflowWrap: 'anywhere', background: 'none', padding: 0 }}>{address}</Code>
            </div>
            <CopyButton value={address} label={t('copy')} />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function contractsOf(deployment: Deployment): readonly (readonly [Contract, Address])[] {
  return (Object.keys(NAMES) as Contract[]).map((key) => [key, deployment[key]] as const);
}
