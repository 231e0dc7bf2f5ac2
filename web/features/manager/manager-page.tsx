'use client';

import { type ListedProvider, reinstateProvider, suspendProvider, verifyProvider } from '@chartkey/sdk';
import { Alert, Badge, Button, Card, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconChecklist, IconEyeOff, IconShieldOff } from '@tabler/icons-react';
import { useState } from 'react';
import {
  dateInWords,
  EmptyState,
  ErrorNotice,
  Loading,
  Page,
  Person,
  TechnicalDetails,
} from '../../ui/index.ts';
import { roleName } from '../consent/index.ts';
import { useProviders } from '../people/index.ts';
import { RequireWallet, type Session, SignButton } from '../session/index.ts';

export function ManagerPage() {
  return <RequireWallet title="Providers">{(session) => <Manager session={session} />}</RequireWallet>;
}

function Manager({ session }: { readonly session: Session }) {
  const { list, isPending, error } = useProviders();
  if (session.managedAreas.length === 0) {
    return (
      <Page title="Providers">
        <EmptyState
          icon={<IconShieldOff />}
          title="You manage no area"
          text="Managers are appointed by governance. If you should be one, ask them to appoint this account."
        />
      </Page>
    );
  }
  const ours = list.filter(({ application }) => session.managedAreas.includes(application.area));
  const waiting = ours.filter(({ standing }) => standing.status === 'Applied');
  const others = ours.filter(({ standing }) => standing.status !== 'Applied');
  return (
    <Page title="Providers" lead={`Who counts as a provider in area ${session.managedAreas.join(', ')}.`}>
      <Alert variant="light" icon={<IconEyeOff aria-hidden />} title="You cannot open any patient’s record">
        <Text size="sm">You decide who is a provider. Patients decide who reads what.</Text>
      </Alert>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {isPending && <Loading what="Looking for applications…" />}
      {!isPending && waiting.length === 0 && (
        <EmptyState icon={<IconChecklist />} title="Nobody is waiting" text="New applications show here." />
      )}
      {waiting.map((one) => (
        <Applicant key={one.provider} one={one} />
      ))}
      {others.length > 0 && (
        <Stack gap="sm" component="section" aria-label="Providers">
          <Title order={2} size="h4">
            Everybody
          </Title>
          {others.map((one) => (
            <Known key={one.provider} one={one} />
          ))}
        </Stack>
      )}
    </Page>
  );
}

const YEARS = ['1', '2', '5'];
const YEAR = 31_557_600;

function Applicant({ one }: { readonly one: ListedProvider }) {
  const { provider, application } = one;
  const [years, setYears] = useState('1');
  const expiresAt = Math.floor(Date.now() / 1000) + Number(years) * YEAR;
  return (
    <Card component="section" aria-label="Application">
      <Stack gap="sm">
        <Person
          address={provider}
          kind={roleName(application.role)}
          detail={`applies in area ${application.area}`}
        />
        <Text size="sm">
          Compare the licence that they showed you before you sign. The digest below must be that of its
          number.
        </Text>
        <Select
          label="Valid for"
          data={YEARS.map((value) => ({ value, label: value === '1' ? '1 year' : `${value} years` }))}
          value={years}
          onChange={(value) => setYears(value ?? '1')}
          allowDeselect={false}
          w={140}
        />
        <SignButton
          signs={`this account is a verified ${roleName(application.role)} until ${dateInWords(expiresAt)}.`}
          action={(client) => verifyProvider(client, { provider, application, expiresAt })}
        >
          Verify
        </SignButton>
        <TechnicalDetails
          details={[
            { name: 'Account', value: provider },
            { name: 'Licence digest', value: application.credentialHash },
            { name: 'Organisation', value: application.organisation },
          ]}
        />
      </Stack>
    </Card>
  );
}

function Known({ one }: { readonly one: ListedProvider }) {
  const { provider, application, standing } = one;
  const suspended = standing.status === 'Suspended';
  const [asked, setAsked] = useState(false);
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Person
            address={provider}
            kind={roleName(application.role)}
            detail={`until ${dateInWords(standing.expiresAt)}`}
          />
          <Group gap="xs">
            <Badge variant="light" tt="none" color={suspended ? 'red' : 'teal'}>
              {standing.status}
            </Badge>
          </Group>
        </Group>
        {suspended ? (
          <SignButton
            signs="this provider counts again."
            action={(client) => reinstateProvider(client, { provider })}
            button={{ variant: 'default', size: 'sm' }}
          >
            Reinstate
          </SignButton>
        ) : asked ? (
          <SignButton
            signs="this provider can open nothing from the next block on."
            action={(client) => suspendProvider(client, { provider })}
            button={{ color: 'red', size: 'sm' }}
            onDone={() => setAsked(false)}
          >
            Suspend now
          </SignButton>
        ) : (
          <Group>
            <SuspendFirst onClick={() => setAsked(true)} />
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function SuspendFirst({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button variant="light" color="red" size="sm" onClick={onClick}>
      Suspend…
    </Button>
  );
}
