'use client';

import { setEmergencySet } from '@chartkey/sdk';
import { Alert, Button, Card, Checkbox, Group, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice, Loading, useWords } from '../../ui/index.ts';
import { useFolders } from '../folders/index.ts';
import { SignButton } from '../session/index.ts';
import { UnlockPanel } from '../vault/index.ts';
import { choicesOf } from './suggestions.ts';
import { useEmergencySet } from './use-emergencies.ts';

/** Which folders may be opened in an emergency: nothing is ticked that the patient did not tick. */
export function EmergencySet({ patient }: { readonly patient: Address }) {
  const t = useTranslations('emergency');
  const { marked, error, retry } = useEmergencySet(patient);
  return (
    <Card component="section" aria-label={t('whatMayBeRead')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('whatMayBeRead')}
        </Title>
        {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
        {marked === undefined && !error && <Loading what={t('oneMoment')} />}
        {marked && <Editor patient={patient} marked={marked} />}
      </Stack>
    </Card>
  );
}

type EditorProps = { readonly patient: Address; readonly marked: readonly number[] };

function Editor({ patient, marked }: EditorProps) {
  const t = useTranslations('emergency');
  const words = useWords();
  const folders = useFolders(patient);
  const [draft, setDraft] = useState<readonly number[]>();
  const [saved, setSaved] = useState(false);
  const ticked = draft ?? marked;
  const choices = choicesOf(folders.saved, marked, folders.nameOf);
  const proposed = choices.filter(({ suggested }) => suggested).map(({ number }) => number);
  const changed = !isSame(ticked, marked);
  const names = words.list(ticked.map(folders.nameOf));
  const set = (next: readonly number[]) => {
    setSaved(false);
    setDraft(next.toSorted((a, b) => a - b));
  };
  return (
    <>
      <Text size="sm" c="dimmed" maw={620}>
        {t('othersAreNeverOpened')}
      </Text>
      {folders.state === 'locked' && <UnlockPanel patient={patient} text={t('unlockToSeeNames')} />}
      {marked.length === 0 && (
        <Alert color="orange" variant="light" icon={<IconInfoCircle aria-hidden />} role="status">
          <Text size="sm">{t('nothingIsMarked')}</Text>
        </Alert>
      )}
      <Checkbox.Group
        label={t('mayBeReadInAnEmergency')}
        value={ticked.map(String)}
        onChange={(values) => set(values.map(Number))}
      >
        <Stack mt={8} gap="sm">
          {choices.map(({ number, name, suggested }) => (
            <Checkbox
              key={number}
              value={String(number)}
              label={name}
              description={suggested && t(`suggestions.${suggested}`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {proposed.some((number) => !ticked.includes(number)) && (
        <Group>
          <Button variant="default" size="sm" onClick={() => set([...new Set([...ticked, ...proposed])])}>
            {t('tickWhatIsProposed')}
          </Button>
        </Group>
      )}
      {changed ? (
        <SignButton
          signs={ticked.length === 0 ? t('signsNothing') : t('signsSet', { folders: names })}
          action={(client) => setEmergencySet(client, { compartments: ticked })}
          onDone={() => {
            setSaved(true);
            setDraft(undefined);
          }}
          beside={
            <Button variant="default" onClick={() => setDraft(undefined)}>
              {t('back')}
            </Button>
          }
        >
          {t('saveIt')}
        </SignButton>
      ) : (
        <Text size="sm" c="dimmed" role="status">
          {saved ? t('saved') : marked.length > 0 && t('foldersAreMarked', { count: marked.length })}
        </Text>
      )}
    </>
  );
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number) => b.includes(number));
}
