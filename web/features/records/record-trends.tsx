'use client';

import type { IndexedRecord, RecordId } from '@chartkey/sdk';
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';
import { EmptyState, Loading } from '../../ui/index.ts';
import { kindOf } from '../content/index.ts';
import { mergeRecords, parseFhir, TrendsView } from '../fhir/index.ts';
import { type Titles, useVault } from '../vault/index.ts';

type RecordTrendsProps = { readonly active: readonly IndexedRecord[]; readonly titles: Titles };

type Parsed = NonNullable<ReturnType<typeof parseFhir>>;

/** What can hold a measurement. Lists of medications and bills are left where they are. */
const MEASURED = new Set(['Encounter', 'DiagnosticReport', 'Observation', 'Bundle', '']);
/** Read at a time: enough for years of most charts. */
const STEP = 60;
const AT_ONCE = 4;

/** Labs and vital signs across all records, newest first; older ones are read when asked for. */
export function RecordTrends({ active, titles }: RecordTrendsProps) {
  const t = useTranslations('records');
  const vault = useVault();
  const [limit, setLimit] = useState(STEP);
  const [read, setRead] = useState<ReadonlyMap<RecordId, Parsed | null>>(new Map());
  const candidates = useMemo(() => newest(active, titles), [active, titles]);
  const wanted = candidates.slice(0, limit);
  const missing = wanted.filter((recordId) => !read.has(recordId));
  const next = missing.slice(0, AT_ONCE).join();
  const failed = wanted.filter((recordId) => read.get(recordId) === null).length;

  useEffect(() => {
    if (next === '') return;
    let current = true;
    const ids = next.split(',') as RecordId[];
    const open = async (recordId: RecordId) => {
      try {
        const { content } = await vault.openOwn(recordId);
        return [recordId, parseFhir(await content.text()) ?? null] as const;
      } catch {
        // One that can't be opened now must not keep the others from being drawn.
        return [recordId, null] as const;
      }
    };
    void Promise.all(ids.map(open)).then((found) => {
      if (current) setRead((all) => new Map([...all, ...found]));
    });
    return () => {
      current = false;
    };
  }, [next, vault]);

  const chart = useMemo(
    () => mergeRecords(candidates.flatMap((recordId) => read.get(recordId) ?? [])),
    [candidates, read],
  );
  if (titles.reading && candidates.length === 0) return <Loading what={t('readingTitles')} />;
  if (candidates.length === 0) {
    return (
      <EmptyState
        icon={<IconChartLine />}
        title={t('nothingToDrawYet')}
        text={t('trendsComeFromHealthRecords')}
      />
    );
  }
  return (
    <Stack gap="md">
      {missing.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" role="status">
            {t('ofRecordsDecryptedInThis', {
              done: wanted.length - missing.length,
              total: wanted.length,
            })}
          </Text>
          <Progress
            value={(100 * (wanted.length - missing.length)) / wanted.length}
            aria-label={t('recordsDecrypted')}
          />
        </Stack>
      )}
      {failed > 0 && (
        <Group gap="xs">
          <Text size="sm">{t('recordsCouldNotBeOpened', { count: failed })}</Text>
          <Button size="compact-sm" variant="default" onClick={() => setRead(openedOf(read))}>
            {t('tryAgain')}
          </Button>
        </Group>
      )}
      <TrendsView resource={chart} waiting={missing.length > 0} />
      {missing.length === 0 && candidates.length > limit && (
        <Group>
          <Button variant="default" onClick={() => setLimit(limit + STEP)}>
            {t('readOlderRecords', { count: Math.min(STEP, candidates.length - limit) })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function openedOf(read: ReadonlyMap<RecordId, Parsed | null>): ReadonlyMap<RecordId, Parsed | null> {
  return new Map([...read].filter(([, parsed]) => parsed !== null));
}

function newest(active: readonly IndexedRecord[], titles: Titles): readonly RecordId[] {
  return active
    .flatMap(({ recordId }) => {
      const title = titles.get(recordId);
      const fits = title && kindOf(title) === 'fhir' && MEASURED.has(title.fhirType);
      return fits ? [{ recordId, created: title.created }] : [];
    })
    .sort((a, b) => (a.created < b.created ? 1 : -1))
    .map(({ recordId }) => recordId);
}
