'use client';

import { Alert, Card, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconActivity, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { agoInWords, EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { Services } from '../system/index.ts';
import { Contracts } from './contracts.tsx';
import { Happened } from './happened.tsx';
import { type ActivityFeed, useActivity } from './use-activity.ts';
import { TOPIC_NAMES, type Topic, topicOf } from './words.ts';

/** What everybody can see: what happens in our contracts, and where they are. */
export function NetworkPage() {
  const feed = useActivity();
  return (
    <Page
      title="Network"
      lead="Everything that happens is written to a public chain. This is all that a stranger can see of it: that something happened, never to whom or what about."
    >
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
  const { chainName, deployment } = useNetwork();
  const figures = [
    { name: 'Network', value: chainName, detail: `Chain id ${deployment.chainId}` },
    {
      name: 'Newest block',
      value: head ? head.number.toLocaleString('en-GB') : '–',
      detail: head ? agoInWords(head.at) : 'not known',
    },
    {
      name: 'Last change',
      value: entries[0] ? agoInWords(entries[0].at) : '–',
      detail: error ? 'not followed now' : 'followed live',
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
  const [topic, setTopic] = useState<Topic | 'all'>('all');
  const entries = feed.entries.filter(
    ({ events }) => topic === 'all' || events.some((event) => topicOf(event) === topic),
  );
  return (
    <Stack component="section" aria-label="What happens" gap="sm">
      <Title order={2} size="h4">
        What happens
      </Title>
      <Alert variant="light" icon={<IconEyeOff aria-hidden />}>
        No record, name or health detail is on the chain. Accounts are numbers that mean nothing to a
        stranger.
      </Alert>
      <Topics topic={topic} onChange={setTopic} />
      {feed.isPending && <Loading what="Reading the chain…" />}
      {!feed.isPending && entries.length === 0 && feed.head !== undefined && (
        <EmptyState
          icon={<IconActivity />}
          title={topic === 'all' ? 'Nothing has happened yet' : 'Nothing of this kind lately'}
          text="What happens shows here by itself, a moment after it is signed."
        />
      )}
      <Happened entries={entries} atOnce={PAGE} key={topic} />
    </Stack>
  );
}

type TopicsProps = { readonly topic: Topic | 'all'; readonly onChange: (topic: Topic | 'all') => void };

function Topics({ topic, onChange }: TopicsProps) {
  const data = [
    { value: 'all', label: 'All' },
    ...Object.entries(TOPIC_NAMES).map(([value, label]) => ({ value, label })),
  ];
  return (
    <div style={{ overflowX: 'auto' }}>
      <SegmentedControl
        data={data}
        value={topic}
        onChange={(value) => onChange(value as Topic | 'all')}
        aria-label="Show"
      />
    </div>
  );
}
