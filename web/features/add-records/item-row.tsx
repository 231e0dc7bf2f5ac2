'use client';

import { countParts } from '@chartkey/sdk';
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCircleCheck, IconFile, IconPencil, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { ErrorNotice, type Said, useSaid, useWords } from '../../ui/index.ts';
import { useTypeName } from '../content/index.ts';
import type { Folders } from '../folders/index.ts';
import {
  countInWords,
  type Item,
  isDay,
  suggestionFor,
  TYPE_CHOICES,
  UploadBar,
  wordsFor,
} from '../uploads/index.ts';
import { BundlePreview } from './bundle-preview.tsx';

type ItemRowProps = {
  readonly item: Item;
  readonly locked: boolean;
  /** Undefined where the patient decides. */
  readonly folders: Folders | undefined;
  readonly onChange: (to: Partial<Item>) => void;
  readonly onRemove: () => void;
};

export function ItemRow({ item, locked, folders, onChange, onRemove }: ItemRowProps) {
  const t = useTranslations('addRecords');
  const words = useWords();
  const typeName = useTypeName();
  const typeOf = ({ fhirType, bundle }: Item) =>
    bundle || fhirType === ''
      ? t('healthRecord')
      : TYPE_CHOICES.some((choice) => choice === fhirType)
        ? typeName({ fhirType, mediaType: '' })
        : t('document');
  const [editing, setEditing] = useState(false);
  const { file, state, bundle, split } = item;
  const done = state.step === 'done';
  const open = !locked && !done;
  return (
    <Stack gap={6} py="sm">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          {done ? (
            <IconCircleCheck
              color="var(--mantine-color-teal-light-color)"
              aria-hidden
              style={{ flexShrink: 0 }}
            />
          ) : (
            <IconFile aria-hidden style={{ flexShrink: 0 }} />
          )}
          <div style={{ minWidth: 0 }}>
            <Title order={3} size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {split ? file.name : item.title}
            </Title>
            <Text size="sm" c="dimmed">
              {!split && `${typeOf(item)} · `}
              {words.bytes(file.size)}
              {file.size === 0 && ` · ${t('isEmpty')}`} · {wordsFor(t, item)}
            </Text>
          </div>
        </Group>
        <Group gap={4} wrap="nowrap">
          {open && !split && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => setEditing(!editing)}
              aria-expanded={editing}
              aria-label={t('changeTheDetailsOf', { name: file.name })}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )}
          {open && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={onRemove}
              aria-label={t('remove', { name: file.name })}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {bundle && !done && <Bundle item={item} locked={locked} folders={folders} onChange={onChange} />}
      {open && editing && !split && <Details item={item} folders={folders} onChange={onChange} />}
      <UploadBar item={item} />
      {state.step === 'failed' && <ErrorNotice error={state.error} />}
    </Stack>
  );
}

type PartProps = Omit<ItemRowProps, 'onRemove' | 'locked'>;

/** What a FHIR bundle holds, and the choice between its records and one file. */
function Bundle({ item, locked, folders, onChange }: PartProps & { readonly locked: boolean }) {
  const t = useTranslations('addRecords');
  const words = useWords();
  const said = useSaid();
  const { bundle, split } = item;
  if (!bundle) return null;
  if (bundle.problem !== undefined) {
    return (
      <Text size="sm" c="var(--mantine-color-orange-light-color)">
        {t('oneOnly', { problem: problemIn(t, said, bundle.problem) })}
        {bundle.moreProblems > 0 && ` ${t('moreLikeThis', { count: bundle.moreProblems })}`}
      </Text>
    );
  }
  if (bundle.parts.length < 2) return null;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {t('thisFileHolds', { counted: countInWords(t, words, countParts(bundle.parts)) })}
      </Text>
      <Group gap="xs" role="group" aria-label={t('howToAddIt')}>
        <Button
          size="xs"
          variant={split ? 'light' : 'default'}
          aria-pressed={split}
          disabled={locked}
          onClick={() => onChange({ split: true })}
        >
          {t('addAsRecords', { count: bundle.parts.length })}
        </Button>
        <Button
          size="xs"
          variant={split ? 'default' : 'light'}
          aria-pressed={!split}
          disabled={locked}
          onClick={() => onChange({ split: false })}
        >
          {t('keepAsOneFile')}
        </Button>
      </Group>
      {split && <BundlePreview parts={bundle.parts} folders={folders} />}
    </Stack>
  );
}

function Details({ item, folders, onChange }: PartProps) {
  const t = useTranslations('addRecords');
  const typeName = useTypeName();
  const auto = folders?.nameOf(folders.numberFor(suggestionFor(item.fhirType)));
  return (
    <Group gap="sm" align="flex-start">
      <TextInput
        label={t('title')}
        value={item.title}
        maxLength={80}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
        w={{ base: '100%', xs: 260 }}
      />
      {!item.bundle && item.fhirType !== '' && (
        <Select
          label={t('type')}
          data={TYPE_CHOICES.map((value) => ({ value, label: typeName({ fhirType: value, mediaType: '' }) }))}
          value={item.fhirType}
          allowDeselect={false}
          onChange={(value) => onChange({ fhirType: value ?? item.fhirType })}
          w={180}
        />
      )}
      <TextInput
        type="date"
        label={t('date')}
        value={item.day}
        onChange={({ currentTarget: { value } }) => isDay(value) && onChange({ day: value })}
        w={160}
      />
      {folders && folders.list.length > 1 && (
        <Select
          label={t('folder')}
          data={folders.list.map(({ number, name }) => ({ value: String(number), label: name }))}
          value={item.folder === undefined ? null : String(item.folder)}
          placeholder={auto ?? ''}
          clearable
          clearButtonProps={{ 'aria-label': t('sortItByType') }}
          onChange={(value) => onChange({ folder: value === null ? undefined : Number(value) })}
          w={180}
        />
      )}
    </Group>
  );
}

function problemIn(
  t: Translate<'addRecords'>,
  said: Said,
  problem: NonNullable<NonNullable<Item['bundle']>['problem']>,
): string {
  if (problem === 'notJson') return t('theFileIsNotJson');
  const { entry, resourceType: type } = problem;
  const ofEntry = (number: number) =>
    type ? t('entryOfType', { entry: number, type }) : t('entry', { entry: number });
  const where = entry === undefined ? t('theFile') : ofEntry(entry);
  const { field, problem: what, expected } = problem;
  return t('bundleProblem', { where, field, problem: said(what), expected: said(expected) });
}
