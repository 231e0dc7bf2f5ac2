'use client';

import { type ListedProvider, reinstateProvider, renewProvider, suspendProvider } from '@chartkey/sdk';
import { Badge, Button, Card, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUsers } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import {
  EmptyState,
  ErrorNotice,
  Loading,
  Page,
  Person,
  TechnicalDetails,
  useWords,
} from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { useProviders } from '../people/index.ts';
import { type Session, SignButton } from '../session/index.ts';
import { ForManagers } from './for-managers.tsx';
import { dayOf, endOfDay, isOrganisation, type Standing, standingOf } from './standing.ts';

export function PeoplePage() {
  const t = useTranslations('manager');
  return (
    <ForManagers title={t('peopleAndOrganisations')}>{(session) => <People session={session} />}</ForManagers>
  );
}

const SHOWN: readonly (Standing | 'all')[] = ['all', 'counts', 'ending', 'ended', 'suspended'];
/** So many at once; the rest on a click, so that a page of an area stays quick. */
const PAGE = 30;

function People({ session }: { readonly session: Session }) {
  const { roleName } = useConsentWords();
  const t = useTranslations('manager');
  const { list, isPending, error } = useProviders();
  const [shown, setShown] = useState<Standing | 'all'>('all');
  const [search, setSearch] = useState('');
  const [count, setCount] = useState(PAGE);
  const ours = list.filter(
    ({ application, standing }) =>
      session.managedAreas.includes(application.area) && standing.status !== 'Applied',
  );
  const wanted = ours.filter(
    (one) =>
      (shown === 'all' || standingOf(one.standing) === shown) &&
      matches(one.provider, roleName(one.application.role), search),
  );
  return (
    <Page
      title={t('peopleAndOrganisations')}
      lead={t('whoIsOrWasA', { areas: session.managedAreas.join(', ') })}
    >
      <Group gap="sm" align="flex-end">
        <TextInput
          label={t('search')}
          placeholder={t('accountOrRole')}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          style={{ flex: '1 1 220px' }}
        />
        <div style={{ overflowX: 'auto' }}>
          <SegmentedControl
            data={SHOWN.map((value) => ({ value, label: t(`shown.${value}`) }))}
            value={shown}
            onChange={(value) => setShown(value as Standing | 'all')}
            aria-label={t('show')}
          />
        </div>
      </Group>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {isPending && <Loading what={t('readingTheRegistry')} />}
      {!isPending && wanted.length === 0 && (
        <EmptyState
          icon={<IconUsers />}
          title={ours.length === 0 ? t('nobodyYet') : t('nobodyOfThisKind')}
          text={ours.length === 0 ? t('whoeverYouVerifyShowsHere') : t('changeWhatIsSearchedFor')}
        />
      )}
      <Section title={t('organisations')} members={wanted.filter(isOrganisation).slice(0, count)} />
      <Section title={t('people')} members={wanted.filter((one) => !isOrganisation(one)).slice(0, count)} />
      {wanted.length > count && (
        <Group justify="center">
          <Button variant="default" onClick={() => setCount(count + PAGE)}>
            {t('showMore')}
          </Button>
        </Group>
      )}
    </Page>
  );
}

function matches(provider: string, role: string, search: string): boolean {
  const text = search.trim().toLowerCase();
  return `${provider} ${role}`.toLowerCase().includes(text);
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

const COLORS: Readonly<Record<Standing, string>> = {
  counts: 'teal',
  ending: 'yellow',
  ended: 'orange',
  suspended: 'red',
};

function Known({ one: { provider, application, standing } }: { readonly one: ListedProvider }) {
  const { roleName } = useConsentWords();
  const t = useTranslations('manager');
  const words = useWords();
  const state = standingOf(standing);
  const [doing, setDoing] = useState<'suspend' | 'renew'>();
  const date = words.date(standing.expiresAt);
  const ends = state === 'ended' ? t('endedOn', { date }) : t('until', { date });
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Person address={provider} kind={roleName(application.role)} detail={ends} />
          <Badge variant="light" tt="none" color={COLORS[state]} style={{ flexShrink: 0 }}>
            {t(`badges.${state}`)}
          </Badge>
        </Group>
        {state === 'suspended' ? (
          <SignButton
            signs={t('thisProviderCountsAgain')}
            action={(client) => reinstateProvider(client, { provider })}
            button={{ variant: 'default', size: 'sm' }}
          >
            {t('reinstate')}
          </SignButton>
        ) : doing === 'suspend' ? (
          <SignButton
            signs={t('thisProviderCanOpenNothing')}
            action={(client) => suspendProvider(client, { provider })}
            button={{ color: 'red', size: 'sm' }}
            onDone={() => setDoing(undefined)}
            beside={<Cancel onClick={() => setDoing(undefined)} />}
          >
            {t('suspendNow')}
          </SignButton>
        ) : doing === 'renew' ? (
          <Renew one={{ provider, application, standing }} onEnd={() => setDoing(undefined)} />
        ) : (
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={() => setDoing('renew')}>
              {t('changeTheEnd')}
            </Button>
            <Button variant="light" color="red" size="sm" onClick={() => setDoing('suspend')}>
              {t('suspend')}
            </Button>
          </Group>
        )}
        <TechnicalDetails
          details={[
            { name: t('account'), value: provider },
            { name: t('licenceDigest'), value: application.credentialHash },
            { name: t('organisation'), value: application.organisation },
            { name: t('vouchedFor'), value: standing.vouched ? t('yes') : t('no') },
          ]}
        />
      </Stack>
    </Card>
  );
}

type RenewProps = { readonly one: ListedProvider; readonly onEnd: () => void };

function Renew({ one: { provider, standing }, onEnd }: RenewProps) {
  const t = useTranslations('manager');
  const words = useWords();
  const [day, setDay] = useState(dayOf(standing.expiresAt));
  const expiresAt = endOfDay(day);
  const past = !(expiresAt * 1000 > Date.now());
  return (
    <Stack gap="sm">
      <TextInput
        type="date"
        label={t('countsUntilLastDay')}
        maw={220}
        value={day}
        onChange={({ currentTarget }) => setDay(currentTarget.value)}
        error={past && t('chooseADayThatIs')}
      />
      <SignButton
        signs={
          past
            ? t('untilWhenThisProviderCounts')
            : t('thisProviderCountsUntil', { date: words.date(expiresAt) })
        }
        action={(client) => renewProvider(client, { provider, expiresAt })}
        button={{ size: 'sm' }}
        disabled={past}
        onDone={onEnd}
        beside={<Cancel onClick={onEnd} />}
      >
        {t('saveTheEnd')}
      </SignButton>
    </Stack>
  );
}

function Cancel({ onClick }: { readonly onClick: () => void }) {
  const t = useTranslations('manager');
  return (
    <Button variant="subtle" size="sm" onClick={onClick}>
      {t('cancel')}
    </Button>
  );
}
