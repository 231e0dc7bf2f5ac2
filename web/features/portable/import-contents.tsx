'use client';

import { Alert, List, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useSaid, useWords } from '../../ui/index.ts';
import type { Inspected } from './use-import.ts';

type ImportContentsProps = {
  readonly inspected: Inspected;
  readonly nameOf: (compartment: number) => string;
};

/** What is in an archive, before anything is done with it. */
export function ImportContents({ inspected, nameOf }: ImportContentsProps) {
  const t = useTranslations('portable');
  const words = useWords();
  const said = useSaid();
  const { preview, fresh, folderOf } = inspected;
  const placeOf = (compartment: number) => {
    const { number = 0, isNew = false } = folderOf.get(compartment) ?? {};
    return isNew ? t('isNew', { folder: nameOf(number) }) : nameOf(number);
  };
  const { kind, exportedAt, records, there, damaged, missing, unlisted } = preview;
  const skipped = records.length - fresh.length;
  const count = records.length;
  const holds =
    exportedAt === undefined
      ? t('aChartWith', { count })
      : t('aChartExportedOn', { count, date: words.date(Date.parse(exportedAt) / 1000) });
  const has = new Set(there);
  return (
    <Stack gap="sm" component="section" aria-label={t('whatIsInIt')}>
      <Text fw={600} role="status">
        {kind === 'file' ? t('oneFile') : holds}
        {skipped > 0 &&
          `; ${skipped === records.length ? t('youHaveAllOfIt') : t('someAlready', { count: skipped })}`}
      </Text>
      {damaged.length > 0 && (
        <Problem title={t('notAsExported', { count: damaged.length })}>
          <Text size="sm">{t('theyCantBeImportedThe')}</Text>
          <List size="sm">
            {damaged.slice(0, 20).map(({ path, why }) => (
              <List.Item key={path} style={{ overflowWrap: 'anywhere' }}>
                {path}: {why === 'absent' ? t('notThere') : t('altered')}
              </List.Item>
            ))}
          </List>
        </Problem>
      )}
      {missing.length > 0 && (
        <Problem title={t('couldNotBeExportedThen', { count: missing.length })}>
          <Text size="sm">
            {[...new Set(missing.map(({ reason }) => said(reason)))].slice(0, 5).join(' ')}
          </Text>
        </Problem>
      )}
      {unlisted > 0 && (
        <Text size="sm" c="dimmed">
          {t('moreFilesInTheArchive', { count: unlisted })}
        </Text>
      )}
      {records.length > 0 && (
        <ScrollArea.Autosize
          mah={360}
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': t('recordsInIt') }}
        >
          <Table verticalSpacing="xs" aria-label={t('recordsInIt')}>
            <Table.Tbody>
              {records.map(({ path, metadata, compartment }) => (
                <Table.Tr key={path}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <Text fw={500}>{metadata.title || t('untitled')}</Text>
                    <Text size="sm" c="dimmed">
                      {[
                        placeOf(compartment),
                        words.date(Date.parse(metadata.created) / 1000),
                        words.bytes(metadata.length),
                        ...(has.has(path) ? [t('inYourChartAlready')] : []),
                      ].join(' · ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {kind === 'chart' && records.length === 0 && <Text c="dimmed">{t('thereIsNoRecordIn')}</Text>}
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
