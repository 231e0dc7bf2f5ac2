'use client';

import { type IndexedRecord, type RecordId, recordOf } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconFileUnknown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EmptyState, ErrorNotice, Loading, Page, TechnicalDetails } from '../../ui/index.ts';
import { isStanding, useConsentWords } from '../consent/index.ts';
import { useTypeName } from '../content/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient, useReader } from '../session/index.ts';
import { useConsents } from '../sharing/index.ts';
import { UnlockPanel, useTitles, useVault } from '../vault/index.ts';
import { LogEntries, useAccessLog } from '../who-looked/index.ts';
import { OpenedRecords } from './opened-records.tsx';
import { OpeningStatus } from './opening-status.tsx';
import { useOpening } from './use-opening.ts';

export function RecordPage({ recordId }: { readonly recordId: RecordId }) {
  const t = useTranslations('records');
  return (
    <RequirePatient title={t('record')}>
      {(session) => <OneRecord session={session} recordId={recordId} key={recordId} />}
    </RequirePatient>
  );
}

type OneRecordProps = { readonly session: PatientSession; readonly recordId: RecordId };

function OneRecord({ session, recordId }: OneRecordProps) {
  const t = useTranslations('records');
  const reader = useReader();
  const query = useQuery({
    queryKey: ['record', recordId],
    queryFn: async () => (await recordOf(reader, { recordId })) ?? null,
  });
  if (query.error && query.data === undefined) {
    return (
      <Page title={t('record')}>
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) return <Loading what={t('lookingUpTheRecord')} />;
  if (query.data === null || query.data.patient.toLowerCase() !== session.patient.toLowerCase()) {
    return (
      <Page title={t('record')}>
        <EmptyState
          icon={<IconFileUnknown />}
          title={t('notOneOfYourRecords')}
          text={t('checkTheAddressOfThis')}
        />
      </Page>
    );
  }
  return <Known session={session} record={query.data} />;
}

type KnownProps = { readonly session: PatientSession; readonly record: IndexedRecord };

function Known({ session, record }: KnownProps) {
  const t = useTranslations('records');
  const typeName = useTypeName();
  const title = useTitles([record]).get(record.recordId);
  const folders = useFolders(session.patient);
  return (
    <Page
      title={title ? title.title || t('untitled') : t('lockedRecord')}
      lead={[title && typeName(title), folders.nameOf(record.compartment)].filter(Boolean).join(' · ')}
      actions={
        <Button
          component={Link}
          href="/patient/records"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          {t('allRecords')}
        </Button>
      }
    >
      <Content session={session} record={record} />
      <WhoCanSee session={session} record={record} />
      <WhoLooked session={session} record={record} />
      <TechnicalDetails
        details={[
          { name: t('recordId'), value: record.recordId },
          { name: t('envelope'), value: record.envelopeDigest },
          { name: t('author'), value: record.author },
          { name: t('status'), value: t(`statuses.${record.status}`) },
        ]}
      />
    </Page>
  );
}

/** Unlocked: opened here, by nobody's leave. Locked: with passkey or code, or through the keepers. */
function Content({ session, record }: KnownProps) {
  const t = useTranslations('records');
  const vault = useVault();
  const opening = useOpening();
  const { recordId } = record;
  const own = useQuery({
    queryKey: ['content', vault.unlocked, recordId],
    enabled: vault.unlocked !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: () => vault.openOwn(recordId),
  });
  const opened = opening.outcome?.records ?? (own.data ? [own.data] : []);
  if (opened.length > 0) return <OpenedRecords records={opened} headed={own.data === undefined} />;
  if (vault.unlocked !== undefined && own.isPending) return <Loading what={t('fetchingAndDecrypting')} />;
  return (
    <Stack gap="sm">
      {own.error && <ErrorNotice error={own.error} onRetry={() => void own.refetch()} />}
      <UnlockPanel patient={session.patient} text={t('unlockToOpenItHere')} />
      <Card>
        <Stack gap="sm">
          <Title order={2} size="h5">
            {t(session.represented ? 'openItForThePatient' : 'orOpenItWithoutYour')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('theKeepersReleaseItTo')}
          </Text>
          <SignOpening opening={opening} recordId={recordId} />
        </Stack>
      </Card>
    </Stack>
  );
}

function SignOpening({
  opening,
  recordId,
}: {
  readonly opening: ReturnType<typeof useOpening>;
  readonly recordId: RecordId;
}) {
  const t = useTranslations('records');
  return (
    <>
      <Group>
        <Button
          variant="default"
          loading={opening.signing.busy || opening.fetching}
          onClick={() => void opening.open([recordId], 'PATRQT')}
        >
          {t('openThroughTheKeepers')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('yourWalletWillAskYou')}
      </Text>
      <OpeningStatus opening={opening} />
    </>
  );
}

function WhoCanSee({ session, record }: KnownProps) {
  const t = useTranslations('records');
  const { describeScope } = useConsentWords();
  const { list } = useConsents(session.patient);
  const { nameOf } = useFolders(session.patient);
  const can = list.filter(
    ({ consent }) => isStanding(consent) && consent.compartments.includes(record.compartment),
  );
  return (
    <Card component="section" aria-label={t('whoCanSeeIt')}>
      <Title order={2} size="h4" mb="xs">
        {t('whoCanSeeIt')}
      </Title>
      {can.length === 0 && <Text c="dimmed">{t('onlyYou')}</Text>}
      <Stack gap="sm">
        {can.map(({ accessor, consent }) => (
          <ProviderLine key={accessor} address={accessor} detail={describeScope(consent, nameOf)} />
        ))}
      </Stack>
    </Card>
  );
}

function WhoLooked({ session, record }: KnownProps) {
  const t = useTranslations('records');
  const log = useAccessLog(session.patient);
  const looks = (log.view?.entries ?? []).filter(({ recordId }) => recordId === record.recordId);
  return (
    <Card component="section" aria-label={t('whoLookedAtIt')}>
      <Title order={2} size="h4" mb="xs">
        {t('whoLookedAtIt')}
      </Title>
      {looks.length === 0 ? (
        <Text c="dimmed">{t('nobodyYet')}</Text>
      ) : (
        <LogEntries entries={looks} self={session.address} />
      )}
    </Card>
  );
}
