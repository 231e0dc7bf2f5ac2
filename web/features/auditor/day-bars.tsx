'use client';

import { Box, Card, Group, List, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useWords } from '../../ui/index.ts';
import type { DayCount } from './overview.ts';

const HEIGHT_PX = 120;

/** How much happened on each day; days that stand out are named as well. */
export function DayBars({ days }: { readonly days: readonly DayCount[] }) {
  const t = useTranslations('auditor');
  const words = useWords();
  const most = days.reduce((a, b) => (b.count > a.count ? b : a), days[0] ?? NOTHING);
  const spikes = days.filter(({ spike }) => spike);
  const ends = [days[0], days.at(-1)].filter((day) => day !== undefined);
  return (
    <Card component="section" aria-label={t('eachDay')}>
      <Title order={2} size="h5" mb="md">
        {t('eachDay')}
      </Title>
      <Group
        role="img"
        aria-label={t('mostOn', { count: most.count, date: words.date(most.at) })}
        gap={2}
        align="flex-end"
        wrap="nowrap"
        h={HEIGHT_PX}
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        {days.map((day) => (
          <Bar key={day.day} day={day} most={most.count} />
        ))}
      </Group>
      <Group justify="space-between" mt={4}>
        {ends.map(({ day, at }) => (
          <Text key={day} size="xs" c="dimmed">
            {words.date(at)}
          </Text>
        ))}
      </Group>
      <Text size="sm" mt="sm">
        {t('mostOn', { count: most.count, date: words.date(most.at) })}{' '}
        {spikes.length === 0 ? t('noDayStandsOut') : t('theseDaysStandOut')}
      </Text>
      {spikes.length > 0 && (
        <List size="sm" mt={4}>
          {spikes.map(({ day, at, count, refused }) => (
            <List.Item key={day}>{t('spike', { date: words.date(at), count, refused })}</List.Item>
          ))}
        </List>
      )}
    </Card>
  );
}

const NOTHING: DayCount = { day: '', at: 0, count: 0, refused: 0, spike: false };

function Bar({
  day: { at, count, refused, spike },
  most,
}: {
  readonly day: DayCount;
  readonly most: number;
}) {
  const words = useWords();
  const height = (part: number) => `${most === 0 ? 0 : (100 * part) / most}%`;
  return (
    <Box
      style={{
        flex: 1,
        height: '100%',
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'flex-end',
      }}
    >
      <Box
        title={`${words.date(at)}: ${words.number(count)}`}
        style={{ height: height(count), minHeight: count > 0 ? 2 : 0, borderRadius: 2, overflow: 'hidden' }}
        bg={spike ? 'red.6' : 'teal.6'}
      >
        <Box h={count === 0 ? 0 : `${(100 * refused) / count}%`} bg="orange.6" />
      </Box>
    </Box>
  );
}
