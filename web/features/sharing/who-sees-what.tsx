'use client';

import type { ConsentGiven } from '@chartkey/sdk';
import { Card, ScrollArea, Table, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { useWords } from '../../ui/index.ts';
import type { Folder } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';

type WhoSeesWhatProps = { readonly given: readonly ConsentGiven[]; readonly folders: readonly Folder[] };

/** People across folders: what is open to whom, at a glance. */
export function WhoSeesWhat({ given, folders }: WhoSeesWhatProps) {
  const t = useTranslations('sharing');
  const words = useWords();
  const id = useId();
  if (given.length === 0 || folders.length < 2) return null;
  return (
    <Card component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="xs">
        {t('whoSeesWhat')}
      </Title>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': id }}>
        <Table verticalSpacing="xs" miw={200 + 110 * folders.length}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('person')}</Table.Th>
              {folders.map(({ number, name }) => (
                <Table.Th key={number} scope="col" ta="center" style={{ overflowWrap: 'anywhere' }}>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {given.map(({ accessor, consent }) => (
              <Table.Tr key={accessor}>
                <Table.Th scope="row" fw={400}>
                  <ProviderLine
                    address={accessor}
                    detail={t('until', { date: words.date(consent.expiresAt) })}
                  />
                </Table.Th>
                {folders.map(({ number }) => (
                  <Table.Td key={number} ta="center">
                    <Cell open={consent.compartments.includes(number)} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {folders.some((folder) => !isShared(folder, given)) && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('onlyYou', {
            folders: folders
              .filter((folder) => !isShared(folder, given))
              .map(({ name }) => name)
              .join(', '),
          })}
        </Text>
      )}
    </Card>
  );
}

function Cell({ open }: { readonly open: boolean }) {
  const t = useTranslations('sharing');
  return open ? (
    <IconCheck size={18} role="img" aria-label={t('canRead')} color="var(--mantine-color-teal-light-color)" />
  ) : (
    <Text span c="dimmed" aria-label={t('cannotRead')} role="img">
      –
    </Text>
  );
}

function isShared({ number }: Folder, given: readonly ConsentGiven[]): boolean {
  return given.some(({ consent }) => consent.compartments.includes(number));
}
