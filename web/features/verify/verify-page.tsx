'use client';

import type { RecordId } from '@chartkey/sdk';
import { recordIdFrom } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ErrorNotice, Loading, Page } from '../../ui/index.ts';
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
    <Page
      title="Verify a document"
      lead="Is a record on the chain, since when, by whom, and does it still count? Files are read in this browser and sent nowhere."
    >
      <Card>
        <Stack gap="md">
          <Dropzone
            onDrop={([file]) => file && void read(file)}
            multiple={false}
            loading={work.stage === 'reading'}
            inputProps={{ 'aria-label': 'Choose a file' }}
            aria-label="Drop a file here or choose one"
          >
            <Group justify="center" gap="md" mih={96} wrap="nowrap" style={{ pointerEvents: 'none' }}>
              <IconFileSearch size={36} aria-hidden />
              <div>
                <Text fw={600}>Drop a file here, or click to choose one</Text>
                <Text size="sm" c="dimmed">
                  A sealed envelope, an export, or any document.
                </Text>
              </div>
            </Group>
          </Dropzone>
          <IdForm asked={asked} onRecord={(recordId) => setWork({ stage: 'id', recordId })} />
        </Stack>
      </Card>
      <div aria-live="polite">
        {work.stage === 'reading' && <Loading what="Reading the file…" />}
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
          label="Or a record id"
          description="64 digits and letters, from the record’s technical details, or its IPFS address"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={
            wrong && 'This is no record id. It has 64 digits from 0 to 9 and a to f, or begins with “bafk”.'
          }
          style={{ flex: '1 1 280px' }}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
        />
        <Button type="submit" variant="default" mt={{ base: 0, xs: 46 }}>
          Look it up
        </Button>
      </Group>
    </form>
  );
}

function WhatItMeans() {
  return (
    <Card component="section" aria-label="What this shows and what it does not">
      <Title order={2} size="h4" mb="xs">
        What this shows, and what it doesn’t
      </Title>
      <Stack gap="xs">
        <Text>
          <b>It shows</b> that a sealed record was entered by this account, at this time, into this patient’s
          index; whether there is a newer version; and whether the patient ended it.
        </Text>
        <Text>
          <b>It doesn’t show</b> what is in it. A record’s id is made of its sealed bytes, never of its
          content: otherwise anybody could try out guesses of what your chart says. So a stranger who holds a
          readable document can’t find it on the chain. Whoever may open the record can compare the two.
        </Text>
        <Text>
          <b>It doesn’t show</b> that a document is true or well made: only who entered it, and that nobody
          has changed it since.
        </Text>
      </Stack>
    </Card>
  );
}
