'use client';

import { type IndexedRecord, type RecordId, recordOf } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconFileUnknown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { EmptyState, ErrorNotice, Loading, Page, TechnicalDetails } from '../../ui/index.ts';
import { describeScope, isStanding } from '../consent/index.ts';
import { typeName } from '../content/index.ts';
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
  return (
    <RequirePatient title="Record">
      {(session) => <OneRecord session={session} recordId={recordId} key={recordId} />}
    </RequirePatient>
  );
}

type OneRecordProps = { readonly session: PatientSession; readonly recordId: RecordId };

function OneRecord({ session, recordId }: OneRecordProps) {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['record', recordId],
    queryFn: async () => (await recordOf(reader, { recordId })) ?? null,
  });
  if (query.error && query.data === undefined) {
    return (
      <Page title="Record">
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) return <Loading what="Looking up the record…" />;
  if (query.data === null || query.data.patient.toLowerCase() !== session.patient.toLowerCase()) {
    return (
      <Page title="Record">
        <EmptyState
          icon={<IconFileUnknown />}
          title="Not one of your records"
          text="Check the address of this page."
        />
      </Page>
    );
  }
  return <Known session={session} record={query.data} />;
}

type KnownProps = { readonly session: PatientSession; readonly record: IndexedRecord };

function Known({ session, record }: KnownProps) {
  const title = useTitles([record]).get(record.recordId);
  const folders = useFolders(session.patient);
  return (
    <Page
      title={title ? title.title || 'Untitled' : 'Locked record'}
      lead={[title && typeName(title), folders.nameOf(record.compartment)].filter(Boolean).join(' · ')}
      actions={
        <Button
          component={Link}
          href="/patient/records"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          All records
        </Button>
      }
    >
      <Content session={session} record={record} />
      <WhoCanSee session={session} record={record} />
      <WhoLooked session={session} record={record} />
      <TechnicalDetails
        details={[
          { name: 'Record id', value: record.recordId },
          { name: 'Envelope', value: record.envelopeDigest },
          { name: 'Author', value: record.author },
          { name: 'Status', value: record.status },
        ]}
      />
    </Page>
  );
}

/** Unlocked: opened here, by nobody's leave. Locked: with passkey or code, or through the keepers. */
function Content({ session, record }: KnownProps) {
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
  if (vault.unlocked !== undefined && own.isPending) return <Loading what="Fetching and decrypting…" />;
  return (
    <Stack gap="sm">
      {own.error && <ErrorNotice error={own.error} onRetry={() => void own.refetch()} />}
      <UnlockPanel
        patient={session.patient}
        text="Unlock to open it here. That leaves no entry: it is your own key."
      />
      <Card>
        <Stack gap="sm">
          <Title order={2} size="h5">
            Or open it without your key
          </Title>
          <Text size="sm" c="dimmed">
            The keepers release it to your wallet. Like every opening, this one stands in your log.
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
  return (
    <>
      <Group>
        <Button
          variant="default"
          loading={opening.signing.busy || opening.fetching}
          onClick={() => void opening.open([recordId], 'PATRQT')}
        >
          Open through the keepers
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        Your wallet will ask you to sign: you open this one record, at your own request.
      </Text>
      <OpeningStatus opening={opening} />
    </>
  );
}

function WhoCanSee({ session, record }: KnownProps) {
  const { list } = useConsents(session.patient);
  const { nameOf } = useFolders(session.patient);
  const can = list.filter(
    ({ consent }) => isStanding(consent) && consent.compartments.includes(record.compartment),
  );
  return (
    <Card component="section" aria-label="Who can see it">
      <Title order={2} size="h4" mb="xs">
        Who can see it
      </Title>
      {can.length === 0 && <Text c="dimmed">Only you.</Text>}
      <Stack gap="sm">
        {can.map(({ accessor, consent }) => (
          <ProviderLine key={accessor} address={accessor} detail={describeScope(consent, nameOf)} />
        ))}
      </Stack>
    </Card>
  );
}

function WhoLooked({ session, record }: KnownProps) {
  const log = useAccessLog(session.patient);
  const looks = (log.view?.entries ?? []).filter(({ recordId }) => recordId === record.recordId);
  return (
    <Card component="section" aria-label="Who looked at it">
      <Title order={2} size="h4" mb="xs">
        Who looked at it
      </Title>
      {looks.length === 0 ? (
        <Text c="dimmed">Nobody yet.</Text>
      ) : (
        <LogEntries entries={looks} self={session.address} />
      )}
    </Card>
  );
}
