'use client';

import {
  describeRole,
  type ListedProvider,
  reinstateProvider,
  renewProvider,
  suspendProvider,
} from '@chartkey/sdk';
import { Badge, Button, Card, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUsers } from '@tabler/icons-react';
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
import { useProviders } from '../people/index.ts';
import { type Session, SignButton } from '../session/index.ts';
import { ForManagers } from './for-managers.tsx';
import { dayOf, endOfDay, isOrganisation, type Standing, standingOf } from './standing.ts';

export function PeoplePage() {
  return (
    <ForManagers title="People and organisations">{(session) => <People session={session} />}</ForManagers>
  );
}

const SHOWN: readonly { readonly value: Standing | 'all'; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'counts', label: 'Verified' },
  { value: 'ending', label: 'Ending soon' },
  { value: 'ended', label: 'Ended' },
  { value: 'suspended', label: 'Suspended' },
];
/** So many at once; the rest on a click, so that a page of an area stays quick. */
const PAGE = 30;

function People({ session }: { readonly session: Session }) {
  const { list, isPending, error } = useProviders();
  const [shown, setShown] = useState<Standing | 'all'>('all');
  const [search, setSearch] = useState('');
  const [count, setCount] = useState(PAGE);
  const ours = list.filter(
    ({ application, standing }) =>
      session.managedAreas.includes(application.area) && standing.status !== 'Applied',
  );
  const wanted = ours.filter(
    (one) => (shown === 'all' || standingOf(one.standing) === shown) && matches(one, search),
  );
  return (
    <Page
      title="People and organisations"
      lead={`Who is or was a provider in area ${session.managedAreas.join(', ')}.`}
    >
      <Group gap="sm" align="flex-end">
        <TextInput
          label="Search"
          placeholder="Account or role"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          style={{ flex: '1 1 220px' }}
        />
        <div style={{ overflowX: 'auto' }}>
          <SegmentedControl
            data={[...SHOWN]}
            value={shown}
            onChange={(value) => setShown(value as Standing | 'all')}
            aria-label="Show"
          />
        </div>
      </Group>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {isPending && <Loading what="Reading the registry…" />}
      {!isPending && wanted.length === 0 && (
        <EmptyState
          icon={<IconUsers />}
          title={ours.length === 0 ? 'Nobody yet' : 'Nobody of this kind'}
          text={
            ours.length === 0
              ? 'Whoever you verify shows here.'
              : 'Change what is searched for, or look at all of them.'
          }
        />
      )}
      <Section title="Organisations" members={wanted.filter(isOrganisation).slice(0, count)} />
      <Section title="People" members={wanted.filter((one) => !isOrganisation(one)).slice(0, count)} />
      {wanted.length > count && (
        <Group justify="center">
          <Button variant="default" onClick={() => setCount(count + PAGE)}>
            Show more
          </Button>
        </Group>
      )}
    </Page>
  );
}

function matches({ provider, application }: ListedProvider, search: string): boolean {
  const text = search.trim().toLowerCase();
  return `${provider} ${describeRole(application.role)}`.toLowerCase().includes(text);
}

type SectionProps = { readonly title: string; readonly members: readonly ListedProvider[] };

function Section({ title, members }: SectionProps) {
  if (members.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Text component="h2" fw={600} fz="h4" m={0}>
        {title}
      </Text>
      {members.map((one) => (
        <Known key={one.provider} one={one} />
      ))}
    </Stack>
  );
}

const BADGES: Readonly<Record<Standing, { readonly text: string; readonly color: string }>> = {
  counts: { text: 'Verified', color: 'teal' },
  ending: { text: 'Ends soon', color: 'yellow' },
  ended: { text: 'Ended', color: 'orange' },
  suspended: { text: 'Suspended', color: 'red' },
};

function Known({ one: { provider, application, standing } }: { readonly one: ListedProvider }) {
  const state = standingOf(standing);
  const [doing, setDoing] = useState<'suspend' | 'renew'>();
  const { text, color } = BADGES[state];
  const ends = `${state === 'ended' ? 'ended' : 'until'} ${dateInWords(standing.expiresAt)}`;
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Person address={provider} kind={describeRole(application.role)} detail={ends} />
          <Badge variant="light" tt="none" color={color} style={{ flexShrink: 0 }}>
            {text}
          </Badge>
        </Group>
        {state === 'suspended' ? (
          <SignButton
            signs="this provider counts again."
            action={(client) => reinstateProvider(client, { provider })}
            button={{ variant: 'default', size: 'sm' }}
          >
            Reinstate
          </SignButton>
        ) : doing === 'suspend' ? (
          <SignButton
            signs="this provider can open nothing from the next block on."
            action={(client) => suspendProvider(client, { provider })}
            button={{ color: 'red', size: 'sm' }}
            onDone={() => setDoing(undefined)}
            beside={<Cancel onClick={() => setDoing(undefined)} />}
          >
            Suspend now
          </SignButton>
        ) : doing === 'renew' ? (
          <Renew one={{ provider, application, standing }} onEnd={() => setDoing(undefined)} />
        ) : (
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={() => setDoing('renew')}>
              Change the end…
            </Button>
            <Button variant="light" color="red" size="sm" onClick={() => setDoing('suspend')}>
              Suspend…
            </Button>
          </Group>
        )}
        <TechnicalDetails
          details={[
            { name: 'Account', value: provider },
            { name: 'Licence digest', value: application.credentialHash },
            { name: 'Organisation', value: application.organisation },
            { name: 'Vouched for', value: standing.vouched ? 'yes' : 'no' },
          ]}
        />
      </Stack>
    </Card>
  );
}

type RenewProps = { readonly one: ListedProvider; readonly onEnd: () => void };

function Renew({ one: { provider, standing }, onEnd }: RenewProps) {
  const [day, setDay] = useState(dayOf(standing.expiresAt));
  const expiresAt = endOfDay(day);
  const past = !(expiresAt * 1000 > Date.now());
  return (
    <Stack gap="sm">
      <TextInput
        type="date"
        label="Counts until (last day)"
        maw={220}
        value={day}
        onChange={({ currentTarget }) => setDay(currentTarget.value)}
        error={past && 'Choose a day that is not in the past. To end it now, suspend.'}
      />
      <SignButton
        signs={
          past ? 'until when this provider counts.' : `this provider counts until ${dateInWords(expiresAt)}.`
        }
        action={(client) => renewProvider(client, { provider, expiresAt })}
        button={{ size: 'sm' }}
        disabled={past}
        onDone={onEnd}
        beside={<Cancel onClick={onEnd} />}
      >
        Save the end
      </SignButton>
    </Stack>
  );
}

function Cancel({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button variant="subtle" size="sm" onClick={onClick}>
      Cancel
    </Button>
  );
}
