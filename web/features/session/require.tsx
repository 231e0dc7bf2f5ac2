'use client';

import { Button, Stack } from '@mantine/core';
import { IconIdBadge2, IconWallet } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { ConnectPanel } from './connect-panel.tsx';
import { type Session, useSession } from './use-session.ts';

type RequireProps = {
  readonly title: string;
  readonly children: (session: Session & { address: Address }) => ReactNode;
};

/** Shows a page to whoever has a wallet connected, and to others how to connect one. */
export function RequireWallet({ title, children }: RequireProps) {
  const t = useTranslations('session');
  const session = useSession();
  const { address } = session;
  if (address !== undefined && session.status === 'ready') return children({ ...session, address });
  return (
    <Page title={title}>
      {session.error ? (
        <ErrorNotice error={session.error} onRetry={session.retry} />
      ) : session.status === 'disconnected' ? (
        <EmptyState icon={<IconWallet />} title={t('connectYourWallet')} text={t('itIsTheKeyThat')}>
          <Stack w="100%" maw={420} ta="left">
            <ConnectPanel />
          </Stack>
        </EmptyState>
      ) : (
        <Loading what={t('oneMoment')} />
      )}
    </Page>
  );
}

export type PatientSession = Session & { readonly address: Address; readonly patient: Address };

type RequirePatientProps = {
  readonly title: string;
  readonly children: (session: PatientSession) => ReactNode;
};

/** Shows a page to patients, and to others how to become one. */
export function RequirePatient({ title, children }: RequirePatientProps) {
  const t = useTranslations('session');
  return (
    <RequireWallet title={title}>
      {(session) =>
        session.patient === undefined ? (
          <Page title={title}>
            <EmptyState icon={<IconIdBadge2 />} title={t('youHaveNoChartHere')} text={t('setOneUpWithThis')}>
              <Button component={Link} href="/patient/enrol">
                {t('setUpMyChart')}
              </Button>
            </EmptyState>
          </Page>
        ) : (
          children({ ...session, patient: session.patient })
        )
      }
    </RequireWallet>
  );
}
