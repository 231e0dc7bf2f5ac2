'use client';

import { patientAddressOf } from '@chartkey/sdk';
import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconFilePlus, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { Address } from 'viem';
import { CopyButton, Page, shortAddress } from '../../ui/index.ts';
import { useFolders, useRecords } from '../folders/index.ts';
import { PatientCode, patientNumber } from '../patient-number/index.ts';
import { RecordLine } from '../records/index.ts';
import { type PatientSession, RequirePatient, useReader } from '../session/index.ts';
import { PendingRequests, useConsents, useRequests } from '../sharing/index.ts';
import { UnlockPanel, useTitles } from '../vault/index.ts';
import { LogEntries, useAccessLog } from '../who-looked/index.ts';

export function PatientHome() {
  return <RequirePatient title="Home">{(session) => <Home session={session} />}</RequirePatient>;
}

const LATEST = 3;

function Home({ session }: { readonly session: PatientSession }) {
  const { patient, address } = session;
  const { standing, isPending } = useConsents(patient);
  const { pending } = useRequests(patient);
  const records = useRecords(patient);
  const log = useAccessLog(patient);
  const latest = records.active.slice(0, LATEST);
  const titles = useTitles(latest);
  const folders = useFolders(patient);
  return (
    <Page
      title={isPending ? 'Home' : readersInWords(standing.length)}
      lead={
        standing.length === 0
          ? 'Give access to a provider when you want one to read them.'
          : 'Only what you chose, and every look stands in your log.'
      }
      actions={
        <>
          <Button
            component={Link}
            href="/patient/records"
            leftSection={<IconFilePlus size={18} aria-hidden />}
          >
            Add records
          </Button>
          <Button
            component={Link}
            href="/patient/sharing"
            variant="default"
            leftSection={<IconUserPlus size={18} aria-hidden />}
          >
            Give access
          </Button>
        </>
      }
    >
      {pending.length > 0 && (
        <Stack gap="sm" component="section" aria-label="Requests">
          <Title order={2} size="h4">
            {pending.length === 1 ? 'One request for you' : `${pending.length} requests for you`}
          </Title>
          <PendingRequests patient={patient} />
        </Stack>
      )}
      {records.pending.length > 0 && (
        <Card component="section" aria-label="Waiting records">
          <Group justify="space-between">
            <Text>
              {records.pending.length === 1
                ? 'A provider sent a record for your chart.'
                : `Providers sent ${records.pending.length} records for your chart.`}
            </Text>
            <Button component={Link} href="/patient/records" variant="light">
              {records.pending.length === 1 ? 'Look at it' : 'Look at them'}
            </Button>
          </Group>
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Card component="section" aria-label="Latest records" padding={0}>
          <Group justify="space-between" p="lg" pb="xs">
            <Title order={2} size="h4">
              Latest records
            </Title>
            <Anchor component={Link} href="/patient/records" size="sm">
              All {records.active.length > 0 && records.active.length}
            </Anchor>
          </Group>
          {latest.length === 0 && (
            <Text c="dimmed" px="lg" pb="lg">
              {records.isPending ? 'Looking…' : 'Nothing here yet. Add your first file.'}
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
        <Card component="section" aria-label="Who looked last">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h4">
              Who looked last
            </Title>
            <Anchor component={Link} href="/patient/log" size="sm">
              All {log.view && log.view.entries.length > 0 && log.view.entries.length}
            </Anchor>
          </Group>
          {log.view && log.view.entries.length > 0 ? (
            <LogEntries entries={log.view.entries.slice(-LATEST)} self={address} />
          ) : (
            <Text c="dimmed">{log.view ? 'Nobody has looked.' : 'Reading the log…'}</Text>
          )}
        </Card>
      </SimpleGrid>
      {records.active.length > 0 && (
        <UnlockPanel patient={patient} text="Unlock to see titles and open your records." />
      )}
      <PatientName patient={patient} />
    </Page>
  );
}

/** What a patient tells a provider who wants to ask for access. */
function PatientName({ patient }: { readonly patient: Address }) {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['patient-name', patient],
    queryFn: async () => (await patientAddressOf(reader, { patient })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data) return null;
  return (
    <Card component="section" aria-label="Your patient number" bg="var(--ck-soft)">
      <Group justify="space-between">
        <div>
          <Text fw={600}>Your patient number</Text>
          <Text size="sm" c="dimmed">
            Area {data.area}, {shortAddress(data.pid)}. Give it to a provider who wants to ask you for access;
            alone it opens nothing.
          </Text>
        </div>
        <CopyButton value={patientNumber(data)} label="Copy patient number" />
        <PatientCode number={patientNumber(data)} />
      </Group>
    </Card>
  );
}

function readersInWords(n: number): string {
  if (n === 0) return 'Nobody else can read your records';
  return n === 1 ? '1 person can read your records' : `${n} people can read your records`;
}
