'use client';

import { patientAddressOf } from '@chartkey/sdk';
import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconFilePlus, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import type { Translate } from '../../i18n/messages.ts';
import { CopyButton, Page, shortAddress } from '../../ui/index.ts';
import { useFolders, useRecords } from '../folders/index.ts';
import { GuardianReminder } from '../guardians/index.ts';
import { PatientCode, patientNumber } from '../patient-number/index.ts';
import { RecordLine } from '../records/index.ts';
import { type PatientSession, RequirePatient, useReader } from '../session/index.ts';
import { PendingRequests, useConsents, useRequests } from '../sharing/index.ts';
import { UnlockPanel, useTitles } from '../vault/index.ts';
import { LogEntries, useAccessLog } from '../who-looked/index.ts';

export function PatientHome() {
  const t = useTranslations('patient');
  return <RequirePatient title={t('home')}>{(session) => <Home session={session} />}</RequirePatient>;
}

const LATEST = 3;

function Home({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('patient');
  const { patient, address, represented } = session;
  const { standing, isPending } = useConsents(patient);
  const { pending } = useRequests(patient);
  const records = useRecords(patient);
  const log = useAccessLog(patient);
  const latest = records.active.slice(0, LATEST);
  const titles = useTitles(latest);
  const folders = useFolders(patient);
  return (
    <Page
      title={isPending ? t('home') : readersInWords(t, standing.length)}
      lead={standing.length === 0 ? t('giveAccessToAProvider') : t('onlyWhatYouChoseAnd')}
      actions={
        <>
          {!represented && (
            <Button
              component={Link}
              href="/patient/records"
              leftSection={<IconFilePlus size={18} aria-hidden />}
            >
              {t('addRecords')}
            </Button>
          )}
          <Button
            component={Link}
            href="/patient/sharing"
            variant="default"
            leftSection={<IconUserPlus size={18} aria-hidden />}
          >
            {t('giveAccess')}
          </Button>
        </>
      }
    >
      {!represented && <GuardianReminder patient={patient} />}
      {pending.length > 0 && (
        <Stack gap="sm" component="section" aria-label={t('requests')}>
          <Title order={2} size="h4">
            {t('requestsForYou', { count: pending.length })}
          </Title>
          <PendingRequests patient={patient} />
        </Stack>
      )}
      {records.pending.length > 0 && (
        <Card component="section" aria-label={t('waitingRecords')}>
          <Group justify="space-between">
            <Text>{t('providersSentRecordsForYour', { count: records.pending.length })}</Text>
            <Button component={Link} href="/patient/records" variant="light">
              {t('lookAtThem', { count: records.pending.length })}
            </Button>
          </Group>
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Card component="section" aria-label={t('latestRecords')} padding={0}>
          <Group justify="space-between" p="lg" pb="xs">
            <Title order={2} size="h4">
              {t('latestRecords')}
            </Title>
            <Anchor component={Link} href="/patient/records" size="sm">
              {t('all', { count: records.active.length })}
            </Anchor>
          </Group>
          {latest.length === 0 && (
            <Text c="dimmed" px="lg" pb="lg">
              {records.isPending ? t('looking') : t('nothingHereYetAddYour')}
            </Text>
          )}
          {latest.map((record) => (
            <UnstyledButton
              key={record.recordId}
              component={Link}
              href={`/patient/records/${record.recordId}`}
              display="block"
            >
              <RecordLine record={record} titles={titles} nameOf={folders.nameOf} />
            </UnstyledButton>
          ))}
        </Card>
        <Card component="section" aria-label={t('whoLookedLast')}>
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h4">
              {t('whoLookedLast')}
            </Title>
            <Anchor component={Link} href="/patient/log" size="sm">
              {t('all', { count: log.view?.entries.length ?? 0 })}
            </Anchor>
          </Group>
          {log.view && log.view.entries.length > 0 ? (
            <LogEntries entries={log.view.entries.slice(-LATEST)} self={address} />
          ) : (
            <Text c="dimmed">{log.view ? t('nobodyHasLooked') : t('readingTheLog')}</Text>
          )}
        </Card>
      </SimpleGrid>
      {records.active.length > 0 && <UnlockPanel patient={patient} text={t('unlockToSeeTitlesAnd')} />}
      <PatientName patient={patient} />
    </Page>
  );
}

/** What a patient tells a provider who wants to ask for access. */
function PatientName({ patient }: { readonly patient: Address }) {
  const t = useTranslations('patient');
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['patient-name', patient],
    queryFn: async () => (await patientAddressOf(reader, { patient })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data) return null;
  return (
    <Card component="section" aria-label={t('yourPatientNumber')} bg="var(--ck-soft)">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{t('yourPatientNumber')}</Text>
          <Text size="sm" c="dimmed">
            {t('areaGiveItToA', { area: data.area, pid: shortAddress(data.pid) })}
          </Text>
        </div>
        <CopyButton value={patientNumber(data)} label={t('copyPatientNumber')} />
        <PatientCode number={patientNumber(data)} />
      </Group>
    </Card>
  );
}

function readersInWords(t: Translate<'patient'>, n: number): string {
  if (n === 0) return t('nobodyElseCanReadYour');
  return t('peopleCanReadYourRecords', { count: n });
}
