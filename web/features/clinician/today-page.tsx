'use client';

import { type ConsentGiven, type ConsentRequest, requestsFrom, sharedWith } from '@chartkey/sdk';
import { Badge, Button, Card, Divider, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconMessageQuestion, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Fragment, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, Person } from '../../ui/index.ts';
import { describeScope, isStanding } from '../consent/index.ts';
import { useReader } from '../session/index.ts';
import { StartShift } from '../shift/index.ts';
import { type ProviderSession, RequireProvider } from './require-provider.tsx';

export function TodayPage() {
  return <RequireProvider title="Today">{(session) => <Today session={session} />}</RequireProvider>;
}

function Today({ session }: { readonly session: ProviderSession }) {
  const reader = useReader();
  const { address } = session;
  const [search, setSearch] = useState('');
  const shared = useQuery({
    queryKey: ['shared-with', address],
    queryFn: () => sharedWith(reader, { accessor: address }),
    refetchInterval: 5_000,
  });
  const requests = useQuery({
    queryKey: ['requests-from', address],
    queryFn: () => requestsFrom(reader, { accessor: address }),
    refetchInterval: 5_000,
  });
  const all = shared.data ?? [];
  const standing = all.filter(({ consent, patient }) => isStanding(consent) && matches(patient, search));
  const ended = all.filter(({ consent }) => !isStanding(consent));
  const error = shared.data ? undefined : shared.error;
  return (
    <Page
      title="Today"
      lead="Patients who let you read their records."
      actions={
        <Button
          component={Link}
          href="/clinician/ask"
          leftSection={<IconMessageQuestion size={18} aria-hidden />}
        >
          Ask for access
        </Button>
      }
    >
      <StartShift person={address} />
      {error && <ErrorNotice error={error} onRetry={() => void shared.refetch()} />}
      {shared.isPending && <Loading what="Looking up who shares with you…" />}
      {all.length > 5 && (
        <TextInput
          label="Find a patient"
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
          maw={320}
        />
      )}
      {shared.data && all.length === 0 && (
        <EmptyState
          icon={<IconUsers />}
          title="Nobody shares with you yet"
          text="Ask a patient for access with the patient number they give you."
        />
      )}
      {standing.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Shared with me">
          <Title order={2} size="h5">
            Shared with me
          </Title>
          <Card py="xs">
            {standing.map((given, at) => (
              <Fragment key={given.patient}>
                {at > 0 && <Divider />}
                <SharedRow given={given} />
              </Fragment>
            ))}
          </Card>
        </Stack>
      )}
      {ended.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Ended">
          <Title order={2} size="h5">
            Ended
          </Title>
          <Card py="xs">
            {ended.map(({ patient, consent }) => (
              <Group key={patient} py="sm">
                <Person address={patient} kind="Patient" detail={describeScope(consent)} />
              </Group>
            ))}
          </Card>
        </Stack>
      )}
      <Requests list={requests.data ?? []} />
    </Page>
  );
}

function SharedRow({ given }: { readonly given: ConsentGiven }) {
  const { patient, consent } = given;
  const soon = consent.expiresAt * 1000 - Date.now() < 7 * 86_400_000;
  return (
    <Group justify="space-between" py="sm" gap="sm">
      <Person address={patient} kind="Patient" detail={describeScope(consent)} />
      <Group gap="xs">
        {soon && (
          <Badge color="orange" variant="light" tt="none">
            Ends soon
          </Badge>
        )}
        <Button component={Link} href={`/clinician/chart/${patient}`} variant="light">
          Open chart
        </Button>
      </Group>
    </Group>
  );
}

const STATES = { pending: 'Waiting', granted: 'Given', declined: 'Declined' } as const;

function Requests({ list }: { readonly list: readonly ConsentRequest[] }) {
  if (list.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Requests sent">
      <Title order={2} size="h5">
        Requests sent
      </Title>
      <Card py="xs">
        {list.map((request, at) => (
          <Fragment key={request.patient}>
            {at > 0 && <Divider />}
            <Group justify="space-between" wrap="nowrap" py="sm" align="flex-start">
              <Person
                address={request.patient}
                kind="Patient"
                detail={<Text size="sm">{describeScope(request)}</Text>}
              />
              <Badge
                variant="light"
                tt="none"
                color={request.state === 'granted' ? 'teal' : 'gray'}
                style={{ flexShrink: 0 }}
              >
                {STATES[request.state]}
              </Badge>
            </Group>
          </Fragment>
        ))}
      </Card>
    </Stack>
  );
}

function matches(patient: string, search: string): boolean {
  return patient.toLowerCase().includes(search.trim().toLowerCase());
}
