'use client';

import { Accordion, Group, Stack, Text } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Loading } from '../../ui/index.ts';
import { kindOf, RecordView, useTypeName } from '../content/index.ts';
import type { OpenedRecord } from '../vault/index.ts';

const MergedRecords = dynamic(() => import('./merged-records.tsx').then((m) => m.MergedRecords), {
  ssr: false,
  loading: LayingOut,
});

function LayingOut() {
  const t = useTranslations('records');
  return <Loading what={t('layingOutTheChart')} />;
}

const TOGETHER = 'together';

type OpenedRecordsProps = {
  readonly records: readonly OpenedRecord[];
  /** Whether a single record gets a heading; not where the page has it. */
  readonly headed?: boolean;
};

/** One record as a page; several as a list in which one is open at a time. */
export function OpenedRecords({ records, headed = true }: OpenedRecordsProps) {
  const t = useTranslations('records');
  const fhir = useMemo(() => records.filter((record) => kindOf(record) === 'fhir'), [records]);
  const contents = useMemo(() => fhir.map(({ content }) => content), [fhir]);
  const [first] = records;
  if (!first) return null;
  if (records.length === 1) {
    return (
      <Stack gap="sm">
        {headed && <Heading record={first} />}
        <RecordView record={first} />
      </Stack>
    );
  }
  const together = fhir.length > 1;
  // A chart is read before its attachments.
  const shown = together ? TOGETHER : (fhir[0] ?? first).recordId;
  return (
    <Accordion defaultValue={shown} variant="separated" radius="md" keepMounted={false} order={2}>
      {together && (
        <Accordion.Item value={TOGETHER}>
          <Accordion.Control>
            <Text fw={600}>{t('healthRecordsAsOneChart', { count: fhir.length })}</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <MergedRecords contents={contents} />
          </Accordion.Panel>
        </Accordion.Item>
      )}
      {records.map((record) => (
        <Accordion.Item key={record.recordId} value={record.recordId}>
          <Accordion.Control>
            <Heading record={record} />
          </Accordion.Control>
          <Accordion.Panel>
            <RecordView record={record} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Heading({ record }: { readonly record: OpenedRecord }) {
  const t = useTranslations('records');
  const typeName = useTypeName();
  return (
    <Group gap="xs">
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {record.title || t('untitled')}
      </Text>
      <Text size="sm" c="dimmed">
        {typeName(record)}
      </Text>
    </Group>
  );
}
