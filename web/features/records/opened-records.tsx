'use client';

import { Accordion, Group, Stack, Text } from '@mantine/core';
import { kindOf, RecordView, typeName } from '../content/index.ts';
import type { OpenedRecord } from '../vault/index.ts';

type OpenedRecordsProps = {
  readonly records: readonly OpenedRecord[];
  /** Whether a single record gets a heading; not where the page has it. */
  readonly headed?: boolean;
};

/** One record as a page; several as a list in which one is open at a time. */
export function OpenedRecords({ records, headed = true }: OpenedRecordsProps) {
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
  // A chart is read before its attachments.
  const shown = records.find((record) => kindOf(record) === 'fhir') ?? first;
  return (
    <Accordion defaultValue={shown.recordId} variant="separated" radius="md" keepMounted={false} order={2}>
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
  return (
    <Group gap="xs">
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {record.title || 'Untitled'}
      </Text>
      <Text size="sm" c="dimmed">
        {typeName(record)}
      </Text>
    </Group>
  );
}
