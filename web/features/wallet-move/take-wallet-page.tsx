'use client';

import { moveOf, patientWalletOf, wasObjectedTo } from '@chartkey/sdk';
import { Button, Card, List, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { Address } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { PatientField, parsePatient, usePatient } from '../patient-number/index.ts';
import { RequireWallet, useReader } from '../session/index.ts';
import { Move } from './move.tsx';

/** The new wallet's part: which chart it wants, and what is still missing. */
export function TakeWalletPage() {
  const t = useTranslations('walletMove');
  const [taken, setTaken] = useState(false);
  return (
    <RequireWallet title={t('moveMyChartHere')}>
      {({ address, patient }) =>
        taken ? (
          <Taken />
        ) : patient !== undefined ? (
          <Page title={t('moveMyChartHere')}>
            <EmptyState icon={<IconWallet />} title={t('thisWalletHasAChart')} text={t('aWalletHasOneChart')}>
              <Button component={Link} href="/patient/wallet">
                {t('changeFromThisWallet')}
              </Button>
            </EmptyState>
          </Page>
        ) : (
          <Take wallet={address} onTaken={() => setTaken(true)} />
        )
      }
    </RequireWallet>
  );
}

type TakeProps = { readonly wallet: Address; readonly onTaken: () => void };

function Take({ wallet, onTaken }: TakeProps) {
  const t = useTranslations('walletMove');
  const [text, setText] = useState('');
  useEffect(() => setText(decodeURIComponent(window.location.hash.slice(1))), []);
  const named = parsePatient(text);
  const { patient, error } = usePatient(named);
  return (
    <Page title={t('moveMyChartHere')} lead={t('forWhoeverLostOrLeaves')}>
      <Card component="section" aria-label={t('whichChart')}>
        <PatientField
          label={t('whichChart')}
          description={t('yourPatientNumber')}
          value={text}
          onChange={setText}
          error={
            (text.trim() !== '' && named === undefined && t('thisIsNoPatientNumber')) ||
            (patient === null ? t('nobodyHasThisNumber') : undefined)
          }
        />
      </Card>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {named !== undefined && patient === undefined && !error && <Loading what={t('lookingUpTheChart')} />}
      {patient && <Standing patient={patient} wallet={wallet} onTaken={onTaken} />}
    </Page>
  );
}

function Standing({ patient, wallet, onTaken }: TakeProps & { readonly patient: Address }) {
  const t = useTranslations('walletMove');
  const reader = useReader();
  const query = useQuery({
    queryKey: ['wallet-move', patient, wallet],
    refetchInterval: 5_000,
    queryFn: async () => {
      const [move, before, objected] = await Promise.all([
        moveOf(reader, { patient, wallet }),
        patientWalletOf(reader, { patient }),
        wasObjectedTo(reader, { patient, wallet }),
      ]);
      return { move, before, objected };
    },
  });
  if (query.data === undefined) {
    if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
    return <Loading what={t('lookingWhetherAMove')} />;
  }
  return <Move patient={patient} wallet={wallet} {...query.data} onTaken={onTaken} />;
}

/** What comes after: the key is another matter than the wallet. */
function Taken() {
  const t = useTranslations('walletMove');
  return (
    <Page title={t('moveMyChartHere')}>
      <EmptyState icon={<IconCircleCheck />} title={t('yourChartIsHere')} text={t('allStaysAsItWas')}>
        <Stack gap="sm" ta="left" maw={480}>
          <Title order={3} size="h5">
            {t('whatNext')}
          </Title>
          <List type="ordered" spacing={6} pr="md">
            <List.Item>
              <Text>{t('unlockWithYourKit')}</Text>
            </List.Item>
            <List.Item>
              <Text>{t('orMakeANewKey')}</Text>
            </List.Item>
            <List.Item>
              <Text>{t('lookAtYourGuardians')}</Text>
            </List.Item>
          </List>
        </Stack>
        <Button component={Link} href="/patient">
          {t('goToMyChart')}
        </Button>
        <Button component={Link} href="/patient/keys" variant="default">
          {t('goToMyKey')}
        </Button>
      </EmptyState>
    </Page>
  );
}
