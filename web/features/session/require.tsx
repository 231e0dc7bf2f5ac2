'use client';

import { Anchor, Button, Stack } from '@mantine/core';
import { IconIdBadge2, IconUserShield, IconWallet } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, use } from 'react';
import type { Address } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { ActingContext } from './acting.ts';
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

export type PatientSession = Session & {
  readonly address: Address;
  /** Of the chart that the page is about: one's own, or that of whom one acts for. */
  readonly patient: Address;
  /** Whether somebody acts in the patient's name. */
  readonly represented: boolean;
};

type RequirePatientProps = {
  readonly title: string;
  /** What nobody does in a patient's name. */
  readonly inPerson?: boolean;
  readonly children: (session: PatientSession) => ReactNode;
};

/** Shows a page to patients and who acts for one, and to others how to become one. */
export function RequirePatient({ title, inPerson = false, children }: RequirePatientProps) {
  const t = useTranslations('session');
  const acting = use(ActingContext);
  return (
    <RequireWallet title={title}>
      {(session) => {
        const represented = acting !== undefined;
        const patient = acting ?? session.patient;
        if (represented && inPerson) {
          return (
            <Page title={title}>
              <EmptyState
                icon={<IconUserShield />}
                title={t('onlyThePatientDoesThis')}
                text={t('youActForSomebodyElse')}
              />
            </Page>
          );
        }
        if (patient !== undefined) return children({ ...session, patient, represented });
        return (
          <Page title={title}>
            <EmptyState icon={<IconIdBadge2 />} title={t('youHaveNoChartHere')} text={t('setOneUpWithThis')}>
              <Button component={Link} href="/patient/enrol">
                {t('setUpMyChart')}
              </Button>
              <Anchor component={Link} href="/wallet" size="sm">
                {t('iHadOneWithAnotherWallet')}
              </Anchor>
            </EmptyState>
          </Page>
        );
      }}
    </RequireWallet>
  );
}
