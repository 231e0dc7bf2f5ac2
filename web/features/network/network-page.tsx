'use client';

import { Alert, Card, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconActivity, IconEyeOff } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { Services } from '../system/index.ts';
import { Contracts } from './contracts.tsx';
import { Happened } from './happened.tsx';
import { type ActivityFeed, useActivity } from './use-activity.ts';
import { TOPICS, type Topic, topicOf } from './words.ts';

/** What everybody can see: what happens in our contracts, and where they are. */
export function NetworkPage() {
  const t = useTranslations('network');
  const feed = useActivity();
  return (
    <Page title={t('network')} lead={t('everythingThatHappensIsWritten')}>
      {feed.error !== null && feed.error !== undefined && (
        <ErrorNotice error={feed.error} onRetry={feed.retry} />
      )}
      <Figures feed={feed} />
      <Live feed={feed} />
      <Services />
      <Contracts />
    </Page>
  );
}

function Figures({ feed: { head, entries, error } }: { readonly feed: ActivityFeed }) {
  const t = useTranslations('network');
  const words = useWords();
  const { chainName, deployment } = useNetwork();
  const figures = [
    { name: t('network'), value: chainName, detail: t('chainId', { chainId: deployment.chainId }) },
    {
      name: t('newestBlock'),
      value: head ? words.number(head.number) : '–',
      detail: head ? words.ago(head.at) : t('notKnown'),
    },
    {
      name: t('lastChange'),
      value: entries[0] ? words.ago(entries[0].at) : '–',
      detail: error ? t('notFollowedNow') : t('followedLive'),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md">
      {figures.map(({ name, value, detail }) => (
        <Card key={name} padding="md">
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          <Text fw={600} size="lg" data-testid={`figure-${name}`}>
            {value}
          </Text>
          <Text size="sm" c="dimmed">
            {detail}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}

/** Few enough that a page stays light; the rest on a click. */
const PAGE = 20;

function Live({ feed }: { readonly feed: ActivityFeed }) {
  const t = useTranslations('network');
  const [topic, setTopic] = useState<Topic | 'all'>('all');
  const entries = feed.entries.filter(
    ({ events }) => topic === 'all' || events.some((event) => topicOf(event) === topic),
  );
  return (
    <Stack component="section" aria-label={t('whatHappens')} gap="sm">
      <Title order={2} size="h4">
        {t('whatHappens')}
      </Title>
      <Alert variant="light" icon={<IconEyeOff aria-hidden />}>
        {t('noRecordNameOrHealth')}
      </Alert>
      <Topics topic={topic} onChange={setTopic} />
      {feed.isPending && <Loading what={t('readingTheChain')} />}
      {!feed.isPending && entries.length === 0 && feed.head !== undefined && (
        <EmptyState
          icon={<IconActivity />}
          title={topic === 'all' ? t('nothingHasHappenedYet') : t('nothingOfThisKindLately')}
          text={t('whatHappensShowsHereBy')}
        />
      )}
      <Happened entries={entries} atOnce={PAGE} key={topic} />
    </Stack>
  );
}

type TopicsProps = { readonly topic: Topic | 'all'; readonly onChange: (topic: Topic | 'all') => void };

function Topics({ topic, onChange }: TopicsProps) {
  const t = useTranslations('network');
  const data = [
    { value: 'all', label: t('all') },
    ...TOPICS.map((value) => ({ value, label: t(`topics.${value}`) })),
  ];
  return (
    <div style={{ overflowX: 'auto' }}>
      <SegmentedControl
        data={data}
        value={topic}
        onChange={(value) => onChange(value as Topic | 'all')}
        aria-label={t('show')}
      />
    </div>
  );
}
