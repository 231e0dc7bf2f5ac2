'use client';

import type { RecordId } from '@chartkey/sdk';
import { recordIdFrom } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileSearch } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { bold, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { useReader } from '../session/index.ts';
import { type Dropped, identify } from './dropped.ts';
import { AboutFile } from './file-result.tsx';
import { AboutRecord } from './record-result.tsx';

type Work =
  | { readonly stage: 'idle' }
  | { readonly stage: 'reading'; readonly name: string }
  | { readonly stage: 'failed'; readonly error: unknown }
  | { readonly stage: 'file'; readonly dropped: Dropped; readonly file: File }
  | { readonly stage: 'id'; readonly recordId: RecordId };

/** What the chain says of a document, for anybody who was given one. No wallet, no signature. */
export function VerifyPage({ asked }: { readonly asked: string | undefined }) {
  const t = useTranslations('verify');
  const reader = useReader();
  const first = asked === undefined ? undefined : recordIdFrom(asked);
  const [work, setWork] = useState<Work>(first ? { stage: 'id', recordId: first } : { stage: 'idle' });
  const read = async (file: File) => {
    setWork({ stage: 'reading', name: file.name });
    try {
      setWork({ stage: 'file', dropped: await identify(reader, file), file });
    } catch (error) {
      setWork({ stage: 'failed', error });
    }
  };
  return (
    <Page title={t('verifyADocument')} lead={t('isARecordOnThe')}>
      <Card>
        <Stack gap="md">
          <Dropzone
            onDrop={([file]) => file && void read(file)}
            multiple={false}
            loading={work.stage === 'reading'}
            inputProps={{ 'aria-label': t('chooseAFile') }}
            aria-label={t('dropAFileHereOr')}
          >
            <Group justify="center" gap="md" mih={96} wrap="nowrap" style={{ pointerEvents: 'none' }}>
              <IconFileSearch size={36} aria-hidden />
              <div>
                <Text fw={600}>{t('dropOrClick')}</Text>
                <Text size="sm" c="dimmed">
                  {t('aSealedEnvelopeAnExport')}
                </Text>
              </div>
            </Group>
          </Dropzone>
          <IdForm asked={asked} onRecord={(recordId) => setWork({ stage: 'id', recordId })} />
        </Stack>
      </Card>
      <div aria-live="polite">
        {work.stage === 'reading' && <Loading what={t('readingTheFile')} />}
        {work.stage === 'failed' && <ErrorNotice error={work.error} />}
        {work.stage === 'id' && <AboutRecord recordId={work.recordId} key={work.recordId} />}
        {work.stage === 'file' && (
          <AboutFile dropped={work.dropped} file={work.file} key={work.dropped.sha256} />
        )}
      </div>
      <WhatItMeans />
    </Page>
  );
}

type IdFormProps = { readonly asked: string | undefined; readonly onRecord: (recordId: RecordId) => void };

function IdForm({ asked = '', onRecord }: IdFormProps) {
  const t = useTranslations('verify');
  const [text, setText] = useState(asked);
  const [wrong, setWrong] = useState(asked !== '' && recordIdFrom(asked) === undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const recordId = recordIdFrom(text);
    setWrong(recordId === undefined);
    if (recordId) onRecord(recordId);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-start" gap="sm">
        <TextInput
          label={t('orARecordId')}
          description={t('n64DigitsAndLettersFrom')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={wrong && t('thisIsNoRecordId')}
          style={{ flex: '1 1 280px' }}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
        />
        <Button type="submit" variant="default" mt={{ base: 0, xs: 46 }}>
          {t('lookItUp')}
        </Button>
      </Group>
    </form>
  );
}

function WhatItMeans() {
  const t = useTranslations('verify');
  return (
    <Card component="section" aria-label={t('whatThisShowsAndWhat')}>
      <Title order={2} size="h4" mb="xs">
        {t('whatThisShowsTitle')}
      </Title>
      <Stack gap="xs">
        <Text>{t.rich('itShows', { b: bold })}</Text>
        <Text>{t.rich('itDoesntShowContent', { b: bold })}</Text>
        <Text>{t.rich('itDoesntShowTruth', { b: bold })}</Text>
      </Stack>
    </Card>
  );
}
