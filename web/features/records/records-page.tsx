'use client';

import { Button, Card, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconFiles, IconFolderCog, IconLockOpen, IconPackageExport, IconSearch } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { EmptyState, ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import { AddRecords } from '../add-records/index.ts';
import { useTypeName } from '../content/index.ts';
import { FolderNames, type Folders, type Records, useFolders, useRecords } from '../folders/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { type Titles, UnlockPanel, useTitles, useVault } from '../vault/index.ts';
import { arrange, matches, type Order } from './arrange.ts';
import { RecordList } from './record-list.tsx';
import { RepresentedRecords } from './represented-records.tsx';
import { SubmittedRecords } from './submitted-records.tsx';

/** FHIR comes when somebody asks for trends. */
const RecordTrends = dynamic(() => import('./record-trends.tsx').then((m) => m.RecordTrends), {
  ssr: false,
  loading: GettingReady,
});

function GettingReady() {
  const t = useTranslations('records');
  return <Loading what={t('gettingReady')} />;
}

export function RecordsPage() {
  const t = useTranslations('records');
  return (
    <RequirePatient title={t('yourRecordsTitle')}>
      {(session) => <MyRecords session={session} />}
    </RequirePatient>
  );
}

function MyRecords({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('records');
  const { patient, address, represented } = session;
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
      title={t('yourRecordsTitle')}
      lead={t('whatIsInYourChart')}
      actions={
        <>
          {mayName && (
            <Button
              variant="default"
              leftSection={<IconFolderCog size={16} aria-hidden />}
              aria-expanded={naming}
              onClick={() => setNaming(!naming)}
            >
              {t('nameFolders')}
            </Button>
          )}
          {!represented && (
            <Button
              component={Link}
              href="/patient/portable"
              variant="default"
              leftSection={<IconPackageExport size={16} aria-hidden />}
            >
              {t('exportOrImport')}
            </Button>
          )}
          {vault.unlocked !== undefined && (
            <Button
              variant="default"
              leftSection={<IconLockOpen size={16} aria-hidden />}
              onClick={vault.lock}
            >
              {t('lock')}
            </Button>
          )}
        </>
      }
    >
      {naming && mayName && (
        <FolderNames patient={patient} author={address} folders={folders} onClose={() => setNaming(false)} />
      )}
      {represented ? (
        <RepresentedRecords key={patient} active={active} />
      ) : (
        <AddRecords patient={patient} author={address} />
      )}
      {active.length + pending.length > 0 && (
        <UnlockPanel patient={patient} text={t('unlockToSeeTitlesAnd')} />
      )}
      <SubmittedRecords pending={pending} titles={titles} folders={folders} />
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what={t('lookingUpYourRecords')} />}
      {!isPending && !error && active.length === 0 && pending.length === 0 && (
        <EmptyState icon={<IconFiles />} title={t('noRecordsYet')} text={t('dropYourFirstFileAbove')} />
      )}
      {active.length > 0 && <Listed active={active} titles={titles} folders={folders} />}
    </Page>
  );
}

type View = Order | 'trends';

const VIEWS: readonly View[] = ['date', 'type', 'trends'];

type ListedProps = Pick<Records, 'active'> & { readonly titles: Titles; readonly folders: Folders };

function Listed({ active, titles, folders }: ListedProps) {
  const t = useTranslations('records');
  const words = useWords();
  const typeName = useTypeName();
  const vault = useVault();
  const [chosen, setChosen] = useState<View>('date');
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const locked = vault.unlocked === undefined;
  const view = locked ? 'date' : chosen;
  const inWords = {
    ...{ typeName, day: words.day },
    ...{ stillReading: t('stillReading'), unreadable: t('couldNotBeRead') },
  };
  const found = active.filter((record) => {
    const title = titles.get(record.recordId);
    return matches(inWords, record, { title, folder: folders.nameOf(record.compartment), wanted });
  });
  return (
    <Stack gap="sm">
      <Group align="flex-end" justify="space-between" gap="sm">
        {!locked && (
          <SegmentedControl
            aria-label={t('howToShowYourRecords')}
            data={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
            value={chosen}
            onChange={(value) => setChosen(value as View)}
          />
        )}
        {active.length > 5 && view !== 'trends' && (
          <TextInput
            label={t('find')}
            placeholder={t('titleTypeFolderOrDate')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            w={{ base: '100%', xs: 320 }}
          />
        )}
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {statusOf(t, { locked, titles, all: active.length, found: found.length, wanted })}
      </Text>
      {view === 'trends' ? (
        <RecordTrends active={active} titles={titles} />
      ) : (
        <Card padding={0} component="section" aria-label={t('yourRecords')}>
          {found.length > 0 ? (
            <RecordList
              rows={arrange(inWords, found, titles, view)}
              titles={titles}
              nameOf={folders.nameOf}
            />
          ) : (
            <Text p="md" c="dimmed">
              {titles.reading ? t('nothingMatchesYet', { search }) : t('nothingMatches', { search })}
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

function statusOf(t: Translate<'records'>, { locked, titles, all, found, wanted }: Counts): string {
  const records = t('records', { count: all });
  if (wanted !== '') return t('of', { found, records });
  if (locked) return t('locked', { records });
  return titles.reading ? t('titlesReadSoFar', { records, read: titles.read }) : records;
}
