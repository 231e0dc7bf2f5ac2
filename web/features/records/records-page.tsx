'use client';

import { Button, Card, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconFiles, IconFolderCog, IconLockOpen, IconPackageExport, IconSearch } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useDeferredValue, useMemo, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { AddRecords } from '../add-records/index.ts';
import { FolderNames, type Folders, type Records, useFolders, useRecords } from '../folders/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { type Titles, UnlockPanel, useTitles, useVault } from '../vault/index.ts';
import { arrange, matches, type Order } from './arrange.ts';
import { RecordList } from './record-list.tsx';
import { SubmittedRecords } from './submitted-records.tsx';

/** FHIR comes when somebody asks for trends. */
const RecordTrends = dynamic(() => import('./record-trends.tsx').then((m) => m.RecordTrends), {
  ssr: false,
  loading: () => <Loading what="Getting ready…" />,
});

export function RecordsPage() {
  return <RequirePatient title="Records">{(session) => <MyRecords session={session} />}</RequirePatient>;
}

function MyRecords({ session }: { readonly session: PatientSession }) {
  const { patient, address } = session;
  const vault = useVault();
  const records = useRecords(patient);
  const folders = useFolders(patient);
  const [naming, setNaming] = useState(false);
  const { active, pending, isPending, error, retry } = records;
  const listed = useMemo(() => [...pending, ...active], [pending, active]);
  const titles = useTitles(listed);
  const mayName = vault.unlocked !== undefined && folders.state !== 'looking' && folders.state !== 'locked';
  return (
    <Page
      title="Records"
      lead="What is in your chart. Titles can be read only while it is unlocked."
      actions={
        <>
          {mayName && (
            <Button
              variant="default"
              leftSection={<IconFolderCog size={16} aria-hidden />}
              aria-expanded={naming}
              onClick={() => setNaming(!naming)}
            >
              Name folders
            </Button>
          )}
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
      {naming && mayName && (
        <FolderNames patient={patient} author={address} folders={folders} onClose={() => setNaming(false)} />
      )}
      <AddRecords patient={patient} author={address} />
      {active.length + pending.length > 0 && (
        <UnlockPanel patient={patient} text="Unlock to see titles and open your records with your own key." />
      )}
      <SubmittedRecords pending={pending} titles={titles} folders={folders} />
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what="Looking up your records…" />}
      {!isPending && !error && active.length === 0 && pending.length === 0 && (
        <EmptyState
          icon={<IconFiles />}
          title="No records yet"
          text="Drop your first file above. It takes one signature."
        />
      )}
      {active.length > 0 && <Listed active={active} titles={titles} folders={folders} />}
    </Page>
  );
}

type View = Order | 'trends';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'date', label: 'By visit' },
  { value: 'type', label: 'By type' },
  { value: 'trends', label: 'Trends' },
];

type ListedProps = Pick<Records, 'active'> & { readonly titles: Titles; readonly folders: Folders };

function Listed({ active, titles, folders }: ListedProps) {
  const vault = useVault();
  const [chosen, setChosen] = useState<View>('date');
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const locked = vault.unlocked === undefined;
  const view = locked ? 'date' : chosen;
  const found = active.filter((record) => {
    const title = titles.get(record.recordId);
    return matches(record, { title, folder: folders.nameOf(record.compartment), wanted });
  });
  return (
    <Stack gap="sm">
      <Group align="flex-end" justify="space-between" gap="sm">
        {!locked && (
          <SegmentedControl
            aria-label="How to show your records"
            data={[...VIEWS]}
            value={chosen}
            onChange={(value) => setChosen(value as View)}
          />
        )}
        {active.length > 5 && view !== 'trends' && (
          <TextInput
            label="Find"
            placeholder="Title, type, folder or date"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            w={{ base: '100%', xs: 320 }}
          />
        )}
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {statusOf({ locked, titles, all: active.length, found: found.length, wanted })}
      </Text>
      {view === 'trends' ? (
        <RecordTrends active={active} titles={titles} />
      ) : (
        <Card padding={0} component="section" aria-label="Your records">
          {found.length > 0 ? (
            <RecordList rows={arrange(found, titles, view)} titles={titles} nameOf={folders.nameOf} />
          ) : (
            <Text p="md" c="dimmed">
              Nothing matches “{search}”{titles.reading && ' in what is read so far'}.
            </Text>
          )}
        </Card>
      )}
    </Stack>
  );
}

type Counts = {
  readonly locked: boolean;
  readonly titles: Titles;
  readonly all: number;
  readonly found: number;
  readonly wanted: string;
};

function statusOf({ locked, titles, all, found, wanted }: Counts): string {
  const records = all === 1 ? '1 record' : `${all.toLocaleString('en-GB')} records`;
  if (wanted !== '') return `${found.toLocaleString('en-GB')} of ${records}`;
  if (locked) return `${records}, locked`;
  return titles.reading ? `${records}; ${titles.read.toLocaleString('en-GB')} titles read so far` : records;
}
