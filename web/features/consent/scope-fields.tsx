'use client';

import { PURPOSES_OF_USE, type PurposeOfUse } from '@chartkey/sdk';
import { Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { FOLDERS, type ScopeDraft, useConsentWords } from './words.ts';

type ScopeFieldsProps = {
  readonly draft: ScopeDraft;
  readonly onChange: (draft: ScopeDraft) => void;
  readonly withWrite?: boolean;
  /** The patient's own; others know the first by name, and the rest by number. */
  readonly folders?: readonly { readonly number: number; readonly name: string }[];
};

/** Emergencies have a path of their own and are never ticked here. */
const OFFERED = PURPOSES_OF_USE.filter(({ code }) => code !== 'ETREAT' && code !== 'BTG');

/** What, why, until when. */
export function ScopeFields({ draft, onChange, withWrite = false, folders: own }: ScopeFieldsProps) {
  const t = useTranslations('consent');
  const { folderName, purposeName } = useConsentWords();
  const folders = own ?? FOLDERS.map((number) => ({ number, name: folderName(number) }));
  const known = new Set(folders.map(({ number }) => number));
  const others = draft.compartments.filter((number) => !known.has(number));
  const offered = [...folders, ...others.map((number) => ({ number, name: folderName(number) }))];
  return (
    <Stack gap="md">
      <Checkbox.Group
        label={t('what')}
        value={draft.compartments.map(String)}
        onChange={(values) => onChange({ ...draft, compartments: values.map(Number).sort((a, b) => a - b) })}
      >
        <Group mt={6} gap="md">
          {offered.map(({ number, name }) => (
            <Checkbox key={number} value={String(number)} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group
        label={t('why')}
        value={[...draft.purposes]}
        onChange={(values) => onChange({ ...draft, purposes: values as PurposeOfUse[] })}
      >
        <Group mt={6} gap="md">
          {OFFERED.map(({ code }) => (
            <Checkbox key={code} value={code} label={purposeName(code)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TextInput
        type="date"
        label={t('untilLastDay')}
        maw={220}
        value={draft.until}
        onChange={(event) => onChange({ ...draft, until: event.currentTarget.value })}
      />
      {withWrite && (
        <Checkbox
          label={t('mayAlsoAddRecordsTo')}
          checked={draft.mayWrite}
          onChange={(event) => onChange({ ...draft, mayWrite: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
