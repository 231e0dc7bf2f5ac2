'use client';

import { consentOf, type PurposeOfUse } from '@chartkey/sdk';
import { Anchor, Button, Card, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconFileOff, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { use, useState } from 'react';
import type { Address } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page, Person } from '../../ui/index.ts';
import { AddRecords } from '../add-records/index.ts';
import { isStanding, useConsentWords } from '../consent/index.ts';
import { EmergencyOnChart, isLive, useLatestEmergency } from '../emergency/index.ts';
import { OpenedRecords, OpeningStatus, useOpening, useRecords } from '../records/index.ts';
import { ShiftContext, SwitchNetwork, useReader } from '../session/index.ts';
import { type ProviderSession, RequireProvider } from './require-provider.tsx';

export function ChartPage({ patient }: { readonly patient: Address }) {
  const t = useTranslations('clinician');
  return (
    <RequireProvider title={t('chart')}>
      {(session) => <Chart key={patient} session={session} patient={patient} />}
    </RequireProvider>
  );
}

/** One opening takes this many; a longer chart is opened in steps. */
const MAX_AT_ONCE = 64;

function Chart({ session, patient }: { readonly session: ProviderSession; readonly patient: Address }) {
  const { describeScope, purposeName } = useConsentWords();
  const t = useTranslations('clinician');
  const reader = useReader();
  const records = useRecords(patient);
  const opening = useOpening();
  const [adding, setAdding] = useState(useSearchParams().get('do') === 'add');
  const consent = useQuery({
    queryKey: ['consent', patient, session.address],
    queryFn: async () => (await consentOf(reader, { patient, accessor: session.address })) ?? null,
    refetchInterval: 5_000,
  });
  const [chosen, setChosen] = useState<PurposeOfUse>();
  const given = consent.data;
  const standing = given !== undefined && given !== null && isStanding(given) ? given : undefined;
  const purpose = chosen ?? standing?.purposes[0] ?? 'TREAT';
  const mine = records.active.filter(({ compartment }) => standing?.compartments.includes(compartment));
  const others = records.active.length - mine.length;
  const opened = opening.outcome?.records ?? [];
  const busy = opening.signing.busy || opening.fetching;
  const onShift = use(ShiftContext) !== undefined;
  const emergency = useLatestEmergency({ patient, requester: session.address });
  const brokeIt = emergency !== undefined && isLive(emergency);
  const mayBreak = session.provider.role === 'Clinician' && !brokeIt;
  const ids = mine.slice(0, MAX_AT_ONCE).map(({ recordId }) => recordId);

  return (
    <Page
      title={t('chart')}
      lead={standing ? describeScope(standing) : undefined}
      actions={
        <Button variant="default" onClick={() => setAdding(!adding)} aria-expanded={adding}>
          {t('addToChart')}
        </Button>
      }
    >
      <Person address={patient} kind={t('patient')} />
      <EmergencyOnChart patient={patient} requester={session.address} />
      {adding && (
        <AddRecords
          patient={patient}
          author={session.address}
          writable={standing?.mayWrite ? standing.compartments : []}
        />
      )}
      {records.error !== undefined && records.error !== null && (
        <ErrorNotice error={records.error} onRetry={records.retry} />
      )}
      {(records.isPending || consent.isPending) && !records.error && (
        <Loading what={t('lookingUpTheChart')} />
      )}
      {consent.data === null && (
        <EmptyState
          icon={<IconLock />}
          title={t('thisPatientDoesNotShare')}
          text={t('whatYouSawBeforeStays')}
        >
          <Button component={Link} href={`/clinician/ask?patient=${patient}`}>
            {t('askForAccess')}
          </Button>
          {mayBreak && <BreakGlassLink patient={patient} />}
        </EmptyState>
      )}
      {given && !standing && (
        <EmptyState icon={<IconLock />} title={t('yourAccessHasEnded')} text={t('askThePatientToGive')}>
          {mayBreak && <BreakGlassLink patient={patient} />}
        </EmptyState>
      )}
      {standing && !records.isPending && mine.length === 0 && (
        <EmptyState icon={<IconFileOff />} title={t('noRecordsInWhatIs')} text={t('whenThePatientAddsOne')} />
      )}
      {(consent.data === null || (given && !standing)) && !brokeIt && records.active.length > 0 && (
        <TryAnyway
          opening={opening}
          ids={records.active.slice(0, 1).map(({ recordId }) => recordId)}
          busy={busy}
        />
      )}
      {standing && mine.length > 0 && session.wrongNetwork && <SwitchNetwork />}
      {standing && mine.length > 0 && !session.wrongNetwork && (
        <Card className="ck-no-print">
          <Stack gap="sm">
            <Title order={2} size="h4">
              {t('recordsAreSharedWithYou', { count: mine.length })}
            </Title>
            <Group align="flex-end">
              <Select
                label={t('whyYouOpenThem')}
                data={standing.purposes.map((code) => ({ value: code, label: purposeName(code) }))}
                value={purpose}
                onChange={(code) => setChosen((code ?? undefined) as PurposeOfUse | undefined)}
                allowDeselect={false}
                w={220}
              />
              <Button loading={busy} onClick={() => void opening.open(ids, purpose)}>
                {opened.length > 0 ? t('openAgain') : t('open', { count: ids.length })}
              </Button>
            </Group>
            {!busy && (
              <Text size="sm" c="dimmed">
                {t(onShift ? 'yourShiftSignsIt' : 'yourWalletWillAskYou', {
                  count: ids.length,
                  purpose: purposeName(purpose),
                })}
              </Text>
            )}
            <OpeningStatus opening={opening} />
          </Stack>
        </Card>
      )}
      <OpenedRecords records={opened} />
      {standing && others > 0 && (
        <Text c="dimmed" size="sm">
          {t('moreRecordsAreNotShared', { count: others })}{' '}
          <Link href={`/clinician/ask?patient=${patient}`}>{t('askForAccess')}</Link>
        </Text>
      )}
    </Page>
  );
}

/** For when there is nobody to ask. */
function BreakGlassLink({ patient }: { readonly patient: Address }) {
  const t = useTranslations('clinician');
  return (
    <Anchor
      component={Link}
      href={`/clinician/emergency?patient=${patient}`}
      c="var(--mantine-color-red-light-color)"
      underline="always"
    >
      {t('itIsAnEmergency')}
    </Anchor>
  );
}

type TryAnywayProps = {
  readonly opening: ReturnType<typeof useOpening>;
  readonly ids: Parameters<ReturnType<typeof useOpening>['open']>[0];
  readonly busy: boolean;
};

/** What the chain says is decided by the chain: asking it costs an entry, and never opens by mistake. */
function TryAnyway({ opening, ids, busy }: TryAnywayProps) {
  const t = useTranslations('clinician');
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" c="dimmed" maw={520}>
            {t('youCanStillTryTo')}
          </Text>
          <Button variant="default" loading={busy} onClick={() => void opening.open(ids, 'TREAT')}>
            {t('tryToOpen')}
          </Button>
        </Group>
        <OpeningStatus opening={opening} />
      </Stack>
    </Card>
  );
}
