'use client';

import { countParts } from '@chartkey/sdk';
import { ActionIcon, Button, Group, Progress, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCircleCheck, IconFile, IconPencil, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { bytesInWords, ErrorNotice } from '../../ui/index.ts';
import type { Folders } from '../folders/index.ts';
import { BundlePreview } from './bundle-preview.tsx';
import { countInWords, isDay, suggestionFor, TYPE_CHOICES } from './guess.ts';
import type { Item } from './item.ts';

type ItemRowProps = {
  readonly item: Item;
  readonly locked: boolean;
  /** Undefined where the patient decides. */
  readonly folders: Folders | undefined;
  readonly onChange: (to: Partial<Item>) => void;
  readonly onRemove: () => void;
};

export function ItemRow({ item, locked, folders, onChange, onRemove }: ItemRowProps) {
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
              {!split && `${typeLabel(item)} · `}
              {bytesInWords(file.size)}
              {file.size === 0 && ' · this file is empty'} · {wordsFor(item)}
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
              aria-label={`Change the details of ${file.name}`}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )}
          {open && (
            <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Remove ${file.name}`}>
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {bundle && !done && <Bundle item={item} locked={locked} folders={folders} onChange={onChange} />}
      {open && editing && !split && <Details item={item} folders={folders} onChange={onChange} />}
      {state.step === 'sealing' && (
        <Progress
          value={state.stage === 'confirming' && !split ? 100 : percentOf(state)}
          animated={state.stage !== 'encrypting'}
          color={state.stage === 'waiting' ? 'yellow' : 'teal'}
          aria-label={`Progress of ${file.name}`}
        />
      )}
      {state.step === 'failed' && <ErrorNotice error={state.error} />}
    </Stack>
  );
}

type PartProps = Omit<ItemRowProps, 'onRemove' | 'locked'>;

/** What a FHIR bundle holds, and the choice between its records and one file. */
function Bundle({ item, locked, folders, onChange }: PartProps & { readonly locked: boolean }) {
  const { bundle, split } = item;
  if (!bundle) return null;
  if (bundle.problem !== undefined) {
    return (
      <Text size="sm" c="var(--mantine-color-orange-light-color)">
        This file can only be added as one: {bundle.problem}
        {bundle.moreProblems > 0 && ` ${bundle.moreProblems} more like this.`}
      </Text>
    );
  }
  if (bundle.parts.length < 2) return null;
  return (
    <Stack gap="xs">
      <Text size="sm">This file holds {countInWords(countParts(bundle.parts))}.</Text>
      <Group gap="xs" role="group" aria-label="How to add it">
        <Button
          size="xs"
          variant={split ? 'light' : 'default'}
          aria-pressed={split}
          disabled={locked}
          onClick={() => onChange({ split: true })}
        >
          Add as {bundle.parts.length} records
        </Button>
        <Button
          size="xs"
          variant={split ? 'default' : 'light'}
          aria-pressed={!split}
          disabled={locked}
          onClick={() => onChange({ split: false })}
        >
          Keep as one file
        </Button>
      </Group>
      {split && <BundlePreview parts={bundle.parts} folders={folders} />}
    </Stack>
  );
}

function Details({ item, folders, onChange }: PartProps) {
  const auto = folders?.nameOf(folders.numberFor(suggestionFor(item.fhirType)));
  return (
    <Group gap="sm" align="flex-start">
      <TextInput
        label="Title"
        value={item.title}
        maxLength={80}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
        w={{ base: '100%', xs: 260 }}
      />
      {!item.bundle && item.fhirType !== '' && (
        <Select
          label="Type"
          data={[...TYPE_CHOICES]}
          value={item.fhirType}
          allowDeselect={false}
          onChange={(value) => onChange({ fhirType: value ?? item.fhirType })}
          w={180}
        />
      )}
      <TextInput
        type="date"
        label="Date"
        value={item.day}
        onChange={({ currentTarget: { value } }) => isDay(value) && onChange({ day: value })}
        w={160}
      />
      {folders && folders.list.length > 1 && (
        <Select
          label="Folder"
          data={folders.list.map(({ number, name }) => ({ value: String(number), label: name }))}
          value={item.folder === undefined ? null : String(item.folder)}
          placeholder={auto ?? ''}
          clearable
          clearButtonProps={{ 'aria-label': 'Sort it by type' }}
          onChange={(value) => onChange({ folder: value === null ? undefined : Number(value) })}
          w={180}
        />
      )}
    </Group>
  );
}

function typeLabel({ fhirType, bundle }: Item): string {
  return bundle || fhirType === ''
    ? 'Health record'
    : (TYPE_CHOICES.find(({ value }) => value === fhirType)?.label ?? 'Document');
}

function wordsFor({ state, split }: Item): string {
  switch (state.step) {
    case 'waiting':
      return 'ready';
    case 'sealing':
      if (split) return `${state.done} of ${state.total} encrypted and stored`;
      if (state.stage === 'confirming') return 'stored, asking the keepers to confirm';
      if (state.stage === 'waiting') {
        return `interrupted at ${percentOf(state)} %, going on from there in a moment`;
      }
      return `encrypting and storing, ${percentOf(state)} %`;
    case 'sealed':
      return 'stored, not signed yet';
    case 'signing':
      return 'stored, waiting for your signature';
    case 'done':
      return 'done';
    case 'failed':
      return state.stored ? 'stored, not signed yet' : 'not stored';
  }
}

function percentOf({ done, total }: { readonly done: number; readonly total: number }): number {
  return Math.floor((100 * done) / Math.max(1, total));
}
