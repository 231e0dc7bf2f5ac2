'use client';

import type { AccessLogView, LogEntry } from '@chartkey/sdk';
import { Alert, Card, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconEye, IconShieldX } from '@tabler/icons-react';
import { dateInWords, EmptyState, ErrorNotice, Loading, Page, TechnicalDetails } from '../../ui/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { LogEntries } from './log-entries.tsx';
import { useAccessLog } from './use-access-log.ts';

export function WhoLookedPage() {
  return <RequirePatient title="Who looked">{(session) => <WhoLooked session={session} />}</RequirePatient>;
}

function WhoLooked({ session }: { readonly session: PatientSession }) {
  const { view, error, retry } = useAccessLog(session.patient);
  return (
    <Page
      title="Who looked"
      lead="Every opening through the keepers stands here, permitted or refused, your own too. Nobody can edit or erase an entry."
    >
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {!view && !error && <Loading what="Reading the log…" />}
      {view && <Proof view={view} />}
      {view && view.entries.length === 0 && (
        <EmptyState
          icon={<IconEye />}
          title="Nobody has looked"
          text="When somebody opens one of your records, it shows here at once."
        />
      )}
      {view &&
        byDay(view.entries).map(([day, entries]) => (
          <Stack key={day} gap="xs" component="section" aria-label={day}>
            <Title order={2} size="h5">
              {day}
            </Title>
            <Card py="xs">
              <LogEntries entries={entries} self={session.address} />
            </Card>
          </Stack>
        ))}
    </Page>
  );
}

/** The list added up anew in this browser, against what the contract holds. */
function Proof({ view }: { readonly view: AccessLogView }) {
  const details = [
    { name: 'Entries', value: String(view.head.count) },
    { name: 'On the chain', value: view.head.head },
    { name: 'Added up here', value: view.recomputed },
  ];
  return (
    <Alert
      variant="light"
      color={view.complete ? 'teal' : 'red'}
      icon={view.complete ? <IconCircleCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={view.complete ? 'This list is complete' : 'This list does not match the chain'}
      role={view.complete ? 'status' : 'alert'}
    >
      <Text size="sm">
        {view.complete
          ? 'Your browser added up all entries and got what the chain holds: none is missing, changed or out of order.'
          : 'Entries are missing or were changed on the way to you. Do not rely on this list; try again later or from another network.'}
      </Text>
      <TechnicalDetails details={details} />
    </Alert>
  );
}

function byDay(entries: readonly LogEntry[]): readonly (readonly [string, readonly LogEntry[]])[] {
  const days = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const day = dateInWords(entry.openedAt);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].reverse();
}
