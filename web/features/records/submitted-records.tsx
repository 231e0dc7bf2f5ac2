'use client';

import { acceptRecord, type IndexedRecord, rejectRecord } from '@chartkey/sdk';
import { Button, Card, Select, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Folders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import type { RecordTitle, Titles } from '../vault/index.ts';

type SubmittedRecordsProps = {
  readonly pending: readonly IndexedRecord[];
  readonly titles: Titles;
  readonly folders: Folders;
};

/** What providers sent. It counts, and can be opened, once it is accepted. */
export function SubmittedRecords({ pending, titles, folders }: SubmittedRecordsProps) {
  const t = useTranslations('records');
  if (pending.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label={t('waitingForYou')}>
      <Title order={2} size="h4">
        {t('waitingForYou')}
      </Title>
      {pending.map((record) => (
        <Submitted
          key={record.recordId}
          record={record}
          title={titles.get(record.recordId)}
          folders={folders}
        />
      ))}
    </Stack>
  );
}

type SubmittedProps = {
  readonly record: IndexedRecord;
  readonly title: RecordTitle | undefined;
  readonly folders: Folders;
};

function Submitted({ record, title, folders }: SubmittedProps) {
  const t = useTranslations('records');
  const [folder, setFolder] = useState(0);
  const [rejecting, setRejecting] = useState(false);
  const { recordId } = record;
  const offered = folders.saved;
  return (
    <Card>
      <Stack gap="sm">
        <ProviderLine address={record.author} detail={t('wantsToAddARecord')} />
        {title && <Text fw={600}>{title.title}</Text>}
        {offered.length > 1 && (
          <Select
            label={t('into')}
            data={offered.map(({ number, name }) => ({ value: String(number), label: name }))}
            value={String(folder)}
            allowDeselect={false}
            onChange={(value) => setFolder(Number(value ?? 0))}
            w={220}
          />
        )}
        {rejecting ? (
          <SignButton
            signs={t('thisRecordIsTurnedAway')}
            action={(client) => rejectRecord(client, { recordId })}
            button={{ color: 'red' }}
            beside={
              <Button variant="default" onClick={() => setRejecting(false)}>
                {t('cancel')}
              </Button>
            }
          >
            {t('rejectForGood')}
          </SignButton>
        ) : (
          <SignButton
            signs={t('thisRecordGoesIntoOf', { folder: folders.nameOf(folder) })}
            action={(client) => acceptRecord(client, { recordId, compartment: folder })}
            beside={
              <Button variant="default" onClick={() => setRejecting(true)}>
                {t('reject')}
              </Button>
            }
          >
            {t('accept')}
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}
