'use client';

import { Anchor, Badge, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import { ProviderLine } from '../people/index.ts';
import { DayBars } from './day-bars.tsx';
import { daysAgo, type FilterDraft, NO_FILTER } from './filter.ts';
import type { Review } from './reviews.ts';
import { SourceNote } from './source-note.tsx';
import { logHref } from './use-filter.ts';
import { type OverviewOf, useOverview } from './use-overview.ts';

const PERIODS = ['7', '30', '90'] as const;

/** What happened lately, and where to look. */
export function OverviewPage() {
  const t = useTranslations('auditor');
  const [days, setDays] = useState<string>('30');
  const from = daysAgo(Number(days) - 1);
  const { overview, error, retry } = useOverview(from);
  return (
    <Page title={t('overview')} lead={t('whatHappenedLately')}>
      <div style={{ overflowX: 'auto' }}>
        <SegmentedControl
          data={PERIODS.map((value) => ({ value, label: t('lastDays', { count: Number(value) }) }))}
          value={days}
          onChange={setDays}
          aria-label={t('period')}
        />
      </div>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {!overview && !error && <Loading what={t('counting')} />}
      {overview && <Shown overview={overview} from={from} />}
    </Page>
  );
}

function Shown({ overview, from }: { readonly overview: OverviewOf; readonly from: string }) {
  const t = useTranslations('auditor');
  const total = overview.permitted + overview.refused;
  const overdue = overview.reviews.filter(({ state }) => state === 'overdue').length;
  const since: FilterDraft = { ...NO_FILTER, from };
  return (
    <>
      <SourceNote source={overview.source} cut={overview.cut} />
      <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="md">
        <Figure
          name={t('openings')}
          value={overview.permitted}
          href={logHref({ ...since, outcome: 'permitted' })}
        />
        <Figure
          name={t('refusals')}
          value={overview.refused}
          href={logHref({ ...since, outcome: 'refused' })}
        />
        <Figure
          name={t('forEmergencies')}
          value={overview.emergencies}
          href={logHref({ ...since, emergency: true })}
        />
        <Figure name={t('patients')} value={overview.patients} />
        <Figure name={t('accessors')} value={overview.accessors} />
        <Figure name={t('overdueReviews')} value={overdue} alarming={overdue > 0} />
      </SimpleGrid>
      {total === 0 ? (
        <EmptyState icon={<IconListSearch />} title={t('noSuchEntry')} text={t('nobodyOpenedOrTried')} />
      ) : (
        <DayBars days={overview.days} />
      )}
      {overview.refusing.length > 0 && (
        <Section title={t('refusedMostOften')}>
          {overview.refusing.map(({ accessor, count }) => (
            <Group key={accessor} className="ck-row" justify="space-between" px="lg" py="sm" gap="sm">
              <ProviderLine address={accessor} detail={t('refusedTimes', { count })} />
              <Anchor component={Link} href={logHref({ ...since, accessor, outcome: 'refused' })} size="sm">
                {t('seeThem')}
              </Anchor>
            </Group>
          ))}
        </Section>
      )}
      {overview.reviews.length > 0 && (
        <Section title={t('emergencies')}>
          {overview.reviews.slice(0, MAX_REVIEWS).map((review) => (
            <ReviewLine key={review.emergencyId} review={review} />
          ))}
        </Section>
      )}
    </>
  );
}

/** The newest ones, and those that are overdue stand among them or in the log. */
const MAX_REVIEWS = 20;

type FigureProps = {
  readonly name: string;
  readonly value: number;
  readonly href?: string;
  readonly alarming?: boolean;
};

function Figure({ name, value, href, alarming = false }: FigureProps) {
  const words = useWords();
  return (
    <Card padding="md">
      <Text size="sm" c="dimmed">
        {href && value > 0 ? (
          <Anchor component={Link} href={href} size="sm">
            {name}
          </Anchor>
        ) : (
          name
        )}
      </Text>
      <Text
        fw={600}
        size="xl"
        data-testid={`figure-${name}`}
        {...(alarming && { c: 'var(--mantine-color-red-light-color)' })}
      >
        {words.number(value)}
      </Text>
    </Card>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2} size="h5">
        {title}
      </Title>
      <Card padding={0}>{children}</Card>
    </Stack>
  );
}

const COLORS = { reviewed: 'teal', waiting: 'gray', overdue: 'red' } as const;

function ReviewLine({
  review: { requester, openedAt, dueAt, state, emergencyId },
}: {
  readonly review: Review;
}) {
  const t = useTranslations('auditor');
  const words = useWords();
  return (
    <Group className="ck-row" justify="space-between" px="lg" py="sm" gap="sm">
      <ProviderLine
        address={requester}
        detail={t('emergencyOpened', { number: emergencyId, time: words.dateTime(openedAt) })}
      />
      <Badge variant="light" tt="none" color={COLORS[state]}>
        {state === 'reviewed' ? t('reviewed') : t(`reviews.${state}`, { date: words.date(dueAt) })}
      </Badge>
    </Group>
  );
}
