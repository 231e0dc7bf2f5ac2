'use client';

import type { Emergency } from '@chartkey/sdk';
import { Button, Card } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EmptyState, ErrorNotice, Loading, Page, shortAddress, useWords } from '../../ui/index.ts';
import type { ProviderSession } from '../clinician/index.ts';
import { ConfirmedBy, Facts, StateBadge, useEmergency } from '../emergency/index.ts';
import { CoSign } from './co-sign.tsx';
import { Requested } from './requested.tsx';
import { RequireClinician } from './require-clinician.tsx';

/** One emergency: to whoever asked how it stands, to a colleague whether it is one. */
export function OneEmergencyPage({ emergencyId }: { readonly emergencyId: bigint }) {
  const t = useTranslations('breakGlass');
  return (
    <RequireClinician title={t('emergency')}>
      {(session) => <One session={session} emergencyId={emergencyId} />}
    </RequireClinician>
  );
}

type OneProps = { readonly session: ProviderSession; readonly emergencyId: bigint };

function One({ session, emergencyId }: OneProps) {
  const t = useTranslations('breakGlass');
  const { emergency, error, retry } = useEmergency(emergencyId);
  const title = t('emergencyNumber', { number: String(emergencyId) });
  if (!emergency) {
    return (
      <Page title={title}>
        {error !== undefined && error !== null ? (
          <ErrorNotice error={error} onRetry={retry} />
        ) : emergency === undefined ? (
          <Loading what={t('askingTheChain')} />
        ) : (
          <EmptyState icon={<IconFileOff />} title={t('noSuchEmergency')} text={t('checkTheNumber')}>
            <Button component={Link} href="/clinician/emergency" variant="default">
              {t('backToEmergencies')}
            </Button>
          </EmptyState>
        )}
      </Page>
    );
  }
  const mine = emergency.requester.toLowerCase() === session.address.toLowerCase();
  return (
    <Page title={title} actions={<StateBadge emergency={emergency} />}>
      {mine ? (
        <Requested emergency={emergency} />
      ) : (
        <CoSign emergency={emergency} address={session.address} />
      )}
      <About emergency={emergency} />
    </Page>
  );
}

function About({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const words = useWords();
  const { emergencyId, reason, requestedAt, patient, requester } = emergency;
  return (
    <Card component="section" aria-label={t('aboutIt')}>
      <Facts
        facts={[
          { name: te('requester'), value: t('clinicianWho', { account: shortAddress(requester) }) },
          { name: te('patient'), value: shortAddress(patient) },
          { name: t('why'), value: te(`reasons.${reason}`) },
          { name: te('askedAt'), value: words.dateTime(requestedAt) },
          { name: te('confirmedBy'), value: <ConfirmedBy emergencyId={emergencyId} /> },
        ]}
      />
    </Card>
  );
}
