'use client';

import { Alert, List, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytesInWords, dateInWords } from '../../ui/index.ts';
import type { Inspected } from './use-import.ts';

type ImportContentsProps = {
  readonly inspected: Inspected;
  readonly nameOf: (compartment: number) => string;
};

/** What is in an archive, before anything is done with it. */
export function ImportContents({ inspected, nameOf }: ImportContentsProps) {
  const { preview, fresh, folderOf } = inspected;
  const placeOf = (compartment: number) => {
    const { number = 0, isNew = false } = folderOf.get(compartment) ?? {};
    return isNew ? `${nameOf(number)} (new)` : nameOf(number);
  };
  const { kind, exportedAt, records, there, damaged, missing, unlisted } = preview;
  const skipped = records.length - fresh.length;
  const when = exportedAt === undefined ? '' : `, exported on ${dateInWords(Date.parse(exportedAt) / 1000)}`;
  const has = new Set(there);
  return (
    <Stack gap="sm" component="section" aria-label="What is in it">
      <Text fw={600} role="status">
        {kind === 'file' ? 'One file' : `A chart with ${counted(records.length)}${when}`}
        {skipped > 0 &&
          `; ${skipped === records.length ? 'you have all of it already' : `${skipped} you have already`}`}
      </Text>
      {damaged.length > 0 && (
        <Problem
          title={`${damaged.length === 1 ? 'One file is' : `${damaged.length} files are`} not as exported`}
        >
          <Text size="sm">They can’t be imported; the others can.</Text>
          <List size="sm">
            {damaged.slice(0, 20).map(({ path, why }) => (
              <List.Item key={path} style={{ overflowWrap: 'anywhere' }}>
                {path}: {why === 'absent' ? 'not there' : 'altered'}
              </List.Item>
            ))}
          </List>
        </Problem>
      )}
      {missing.length > 0 && (
        <Problem title={`${counted(missing.length)} could not be exported then`}>
          <Text size="sm">{[...new Set(missing.map(({ reason }) => reason))].slice(0, 5).join(' ')}</Text>
        </Problem>
      )}
      {unlisted > 0 && (
        <Text size="sm" c="dimmed">
          {unlisted === 1 ? 'One more file' : `${unlisted} more files`} in the archive do not belong to the
          chart and stay where they are.
        </Text>
      )}
      {records.length > 0 && (
        <ScrollArea.Autosize
          mah={360}
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': 'Records in it' }}
        >
          <Table verticalSpacing="xs" aria-label="Records in it">
            <Table.Tbody>
              {records.map(({ path, metadata, compartment }) => (
                <Table.Tr key={path}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <Text fw={500}>{metadata.title || 'Untitled'}</Text>
                    <Text size="sm" c="dimmed">
                      {[
                        placeOf(compartment),
                        dateInWords(Date.parse(metadata.created) / 1000),
                        bytesInWords(metadata.length),
                        ...(has.has(path) ? ['in your chart already'] : []),
                      ].join(' · ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {kind === 'chart' && records.length === 0 && (
        <Text c="dimmed">There is no record in it to import.</Text>
      )}
    </Stack>
  );
}

function Problem({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      role="status"
    >
      {children}
    </Alert>
  );
}

function counted(n: number): string {
  return n === 1 ? '1 record' : `${n} records`;
}
