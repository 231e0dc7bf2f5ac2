'use client';

import { acceptRecord, type IndexedRecord, rejectRecord } from '@chartkey/sdk';
import { Button, Card, Divider, Group, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconFiles, IconLockOpen, IconPackageExport } from '@tabler/icons-react';
import Link from 'next/link';
import { Fragment, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { AddRecords } from '../add-records/index.ts';
import { FOLDERS, folderName } from '../consent/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { type RecordTitle, UnlockPanel, useTitles, useVault } from '../vault/index.ts';
import { RecordLine } from './record-line.tsx';
import { useRecords } from './use-records.ts';

export function RecordsPage() {
  return <RequirePatient title="Records">{(session) => <Records session={session} />}</RequirePatient>;
}

function Records({ session }: { readonly session: PatientSession }) {
  const { patient, address } = session;
  const vault = useVault();
  const { active, pending, isPending, error, retry } = useRecords(patient);
  const titles = useTitles([...pending, ...active].map(({ recordId }) => recordId));
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = active.filter(
    ({ recordId, compartment }) =>
      wanted === '' ||
      titles.get(recordId)?.title.toLowerCase().includes(wanted) ||
      folderName(compartment).toLowerCase().includes(wanted),
  );
  return (
    <Page
      title="Records"
      lead="What is in your chart. Titles can be read only while it is unlocked."
      actions={
        <>
          <Button
            component={Link}
            href="/patient/portable"
            variant="default"
            leftSection={<IconPackageExport size={16} aria-hidden />}
          >
            Export or import
          </Button>
          {vault.unlocked !== undefined && (
            <Button
              variant="default"
              leftSection={<IconLockOpen size={16} aria-hidden />}
              onClick={vault.lock}
            >
              Lock
            </Button>
          )}
        </>
      }
    >
      <AddRecords patient={patient} author={address} />
      {active.length + pending.length > 0 && (
        <UnlockPanel patient={patient} text="Unlock to see titles and open your records with your own key." />
      )}
      {pending.length > 0 && (
        <Stack gap="sm" component="section" aria-label="Waiting for you">
          <Title order={2} size="h4">
            Waiting for you
          </Title>
          {pending.map((record) => (
            <Submitted key={record.recordId} record={record} title={titles.get(record.recordId)} />
          ))}
        </Stack>
      )}
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what="Looking up your records…" />}
      {!isPending && !error && active.length === 0 && pending.length === 0 && (
        <EmptyState
          icon={<IconFiles />}
          title="No records yet"
          text="Drop your first file above. It takes one signature."
        />
      )}
      {active.length > 0 && (
        <Stack gap="sm">
          {active.length > 5 && (
            <TextInput
              label="Find"
              placeholder="Title or folder"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              maw={320}
            />
          )}
          <Card padding={0} component="section" aria-label="Your records">
            {found.map((record, at) => (
              <Fragment key={record.recordId}>
                {at > 0 && <Divider />}
                <UnstyledButton component={Link} href={`/patient/records/${record.recordId}`} display="block">
                  <RecordLine
                    record={record}
                    titles={titles}
                    right={<IconChevronRight size={18} aria-hidden style={{ flexShrink: 0 }} />}
                  />
                </UnstyledButton>
              </Fragment>
            ))}
            {found.length === 0 && (
              <Text p="md" c="dimmed">
                Nothing matches “{search}”.
              </Text>
            )}
          </Card>
        </Stack>
      )}
    </Page>
  );
}

type SubmittedProps = { readonly record: IndexedRecord; readonly title: RecordTitle | undefined };

/** A record that a provider sent. It counts, and can be opened, once it is accepted. */
function Submitted({ record, title }: SubmittedProps) {
  const [folder, setFolder] = useState(0);
  const [rejecting, setRejecting] = useState(false);
  const { recordId } = record;
  return (
    <Card>
      <Stack gap="sm">
        <ProviderLine address={record.author} detail="wants to add a record to your chart" />
        {title && <Text fw={600}>{title.title}</Text>}
        <Group gap="xs" role="group" aria-label="Into which folder">
          {FOLDERS.map((number) => (
            <Button
              key={number}
              size="xs"
              variant={number === folder ? 'light' : 'default'}
              aria-pressed={number === folder}
              onClick={() => setFolder(number)}
            >
              {folderName(number)}
            </Button>
          ))}
        </Group>
        {rejecting ? (
          <SignButton
            signs="this record is turned away for good."
            action={(client) => rejectRecord(client, { recordId })}
            button={{ color: 'red' }}
            beside={
              <Button variant="default" onClick={() => setRejecting(false)}>
                Cancel
              </Button>
            }
          >
            Reject for good
          </SignButton>
        ) : (
          <SignButton
            signs={`this record goes into ${folderName(folder)} of your chart.`}
            action={(client) => acceptRecord(client, { recordId, compartment: folder })}
            beside={
              <Button variant="default" onClick={() => setRejecting(true)}>
                Reject…
              </Button>
            }
          >
            Accept
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}
