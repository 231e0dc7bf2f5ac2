'use client';

import { Card, Group, Stack, Text } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { type Address, isAddressEqual } from 'viem';
import { CopyButton, EmptyState, ErrorNotice, Loading, Page, Person } from '../../ui/index.ts';
import { RequireWallet } from '../session/index.ts';
import { ApproveWallet } from './approve-wallet.tsx';
import { AskedByHand } from './asked-by-hand.tsx';
import { askedIn, type WalletAsked } from './asked-in-link.ts';
import { ConfirmEmergency } from './confirm-emergency.tsx';
import { useWards, type Ward } from './use-guardians.ts';
import { WhatTheyCan } from './what-they-can.tsx';

/** For whoever is a guardian: of whom, and what waits. */
export function GuardianPage() {
  const t = useTranslations('guardians');
  return (
    <RequireWallet title={t('whomIGuard')}>{({ address }) => <Guarding guardian={address} />}</RequireWallet>
  );
}

function Guarding({ guardian }: { readonly guardian: Address }) {
  const t = useTranslations('guardians');
  const { data, isPending, error, retry } = useWards(guardian);
  const [asked, setAsked] = useAsked();
  const wards = data ?? [];
  const named = asked && wards.find(({ patient }) => isAddressEqual(patient, asked.patient));
  return (
    <Page title={t('whomIGuard')} lead={t('whatTheyAskOfYou')}>
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingWhomYouGuard')} />}
      {asked && data && !named && (
        <EmptyState
          icon={<IconUsersGroup />}
          title={t('youAreNoGuardianOfThem')}
          text={t('whoeverSentYouThis')}
        />
      )}
      {data && wards.length === 0 && !asked && (
        <EmptyState
          icon={<IconUsersGroup />}
          title={t('youAreNobodysGuardian')}
          text={t('giveThemYourAccount')}
        />
      )}
      {wards.map((ward) => (
        <WardCard
          key={ward.patient}
          ward={ward}
          asked={ward === named ? asked : undefined}
          guardian={guardian}
        />
      ))}
      {wards.length > 0 && <AskedByHand onAsked={setAsked} />}
      <Card component="section" aria-label={t('yourAccount')}>
        <Group justify="space-between" gap="sm">
          <Person address={guardian} kind={t('yourAccount')} detail={t('giveItToWhoeverTrustsYou')} />
          <CopyButton value={guardian} label={t('copyMyAccount')} />
        </Group>
      </Card>
      <WhatTheyCan />
    </Page>
  );
}

/** What the link asks with which somebody came here. */
function useAsked() {
  const [asked, setAsked] = useState<WalletAsked>();
  useEffect(() => {
    const look = () => setAsked(askedIn(window.location.hash));
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return [asked, setAsked] as const;
}

type WardCardProps = {
  readonly ward: Ward;
  readonly asked: WalletAsked | undefined;
  readonly guardian: Address;
};

function WardCard({ ward, asked, guardian }: WardCardProps) {
  const t = useTranslations('guardians');
  const { patient, moves, emergencies, threshold, guardians } = ward;
  const fresh =
    asked && !moves.some(({ move }) => isAddressEqual(move.wallet, asked.wallet)) ? asked : undefined;
  const quiet = moves.length === 0 && emergencies.length === 0 && !fresh;
  return (
    <Card component="section" aria-label={t('patient')}>
      <Stack gap="md">
        <Person
          address={patient}
          kind={t('patient')}
          detail={t('soManyOf', { needed: threshold, of: guardians.length })}
        />
        {quiet && <Text c="dimmed">{t('nothingWaitsHere')}</Text>}
        {emergencies.map((pending) => (
          <ConfirmEmergency
            key={String(pending.emergency.emergencyId)}
            pending={pending}
            threshold={threshold}
          />
        ))}
        {fresh && <ApproveWallet key={fresh.wallet} ward={ward} wallet={fresh.wallet} guardian={guardian} />}
        {moves.map((pending) => (
          <ApproveWallet
            key={pending.move.wallet}
            ward={ward}
            wallet={pending.move.wallet}
            pending={pending}
            guardian={guardian}
          />
        ))}
      </Stack>
    </Card>
  );
}
