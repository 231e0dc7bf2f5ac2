'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EmptyState, Page, shortAddress } from '../../ui/index.ts';
import { ConnectPanel, SwitchNetwork, useSession } from '../session/index.ts';

export function ConnectPage() {
  const t = useTranslations('start');
  const session = useSession();
  return (
    <Page title={t('connect')} lead={t('yourWalletIsTheKey')}>
      {session.address === undefined ? (
        <Stack maw={480}>
          <ConnectPanel />
        </Stack>
      ) : session.wrongNetwork ? (
        <SwitchNetwork />
      ) : (
        <EmptyState
          icon={<IconCircleCheck />}
          title={t('connected')}
          text={t('thisPageKnowsYouAs', { account: shortAddress(session.address) })}
        >
          <Next />
        </EmptyState>
      )}
    </Page>
  );
}

function Next() {
  const t = useTranslations('start');
  const { patient, provider, managedAreas, status } = useSession();
  if (status !== 'ready') return <Text c="dimmed">{t('oneMoment')}</Text>;
  const known = patient !== undefined || provider !== undefined || managedAreas.length > 0;
  return (
    <Group justify="center">
      {patient !== undefined && (
        <Button component={Link} href="/patient">
          {t('goToMyChart')}
        </Button>
      )}
      {provider !== undefined && (
        <Button component={Link} href="/clinician">
          {t('goToMyPatients')}
        </Button>
      )}
      {managedAreas.length > 0 && (
        <Button component={Link} href="/manager">
          {t('goToTheProviders')}
        </Button>
      )}
      {!known && (
        <>
          <Button component={Link} href="/patient/enrol">
            {t('iAmAPatient')}
          </Button>
          <Button variant="default" component={Link} href="/clinician/register">
            {t('iAmAProvider')}
          </Button>
        </>
      )}
    </Group>
  );
}
