'use client';

import { DECISIONS, PURPOSES_OF_USE } from '@chartkey/sdk';
import { Button, Card, Checkbox, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useSaid } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { ACCOUNTS, type FilterDraft, NO_FILTER, problemsOf } from './filter.ts';

type FilterFormProps = {
  readonly filter: FilterDraft;
  readonly onChange: (filter: FilterDraft) => void;
};

/** Which entries. Nothing is asked for before the button is pressed. */
export function FilterForm({ filter, onChange }: FilterFormProps) {
  const t = useTranslations('auditor');
  const [draft, setDraft] = useState(filter);
  // Another address is another filter; what was typed belongs to the one before.
  const [shown, setShown] = useState(filter);
  if (shown !== filter) {
    setShown(filter);
    setDraft(filter);
  }
  const problems = problemsOf(draft);
  const set = (changed: Partial<FilterDraft>) => setDraft({ ...draft, ...changed });
  const problem = (field: keyof typeof problems) => {
    const found = problems[field];
    return found && t(`problems.${found}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(problems).length === 0) onChange(draft);
  };
  return (
    <Card component="section" aria-label={t('whichEntries')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
            {ACCOUNTS.map((name) => (
              <TextInput
                key={name}
                label={t(`fields.${name}`)}
                placeholder="0x…"
                value={draft[name]}
                onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
                error={problem(name)}
                autoComplete="off"
                spellCheck={false}
              />
            ))}
            <PurposeField value={draft.purpose} onChange={(purpose) => set({ purpose })} />
            <OutcomeField value={draft.outcome} onChange={(outcome) => set({ outcome })} />
            <Checkbox
              label={t('emergenciesOnly')}
              checked={draft.emergency}
              onChange={({ currentTarget }) => set({ emergency: currentTarget.checked })}
              mt={{ base: 0, sm: 30 }}
            />
            <TextInput
              type="date"
              label={t('fields.from')}
              value={draft.from}
              onChange={({ currentTarget }) => set({ from: currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('fields.until')}
              value={draft.until}
              onChange={({ currentTarget }) => set({ until: currentTarget.value })}
              error={problem('until')}
            />
          </SimpleGrid>
          <Group gap="xs">
            <Button type="submit" disabled={Object.keys(problems).length > 0}>
              {t('showThese')}
            </Button>
            <Button variant="default" onClick={() => onChange(NO_FILTER)}>
              {t('showEverything')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

type FieldProps<name extends keyof FilterDraft> = {
  readonly value: FilterDraft[name];
  readonly onChange: (value: FilterDraft[name]) => void;
};

function PurposeField({ value, onChange }: FieldProps<'purpose'>) {
  const t = useTranslations('auditor');
  const { purposeName } = useConsentWords();
  return (
    <Select
      label={t('fields.purpose')}
      placeholder={t('any')}
      data={PURPOSES_OF_USE.map(({ code }) => ({ value: code, label: purposeName(code) }))}
      value={value || null}
      onChange={(chosen) => onChange((chosen ?? '') as FilterDraft['purpose'])}
      clearable
      clearButtonProps={{ 'aria-label': t('any') }}
    />
  );
}

function OutcomeField({ value, onChange }: FieldProps<'outcome'>) {
  const t = useTranslations('auditor');
  const said = useSaid();
  const decisions = DECISIONS.filter(({ code }) => code !== 'Permit');
  return (
    <Select
      label={t('fields.outcome')}
      placeholder={t('any')}
      data={[
        { value: 'permitted', label: t('permitted') },
        { value: 'refused', label: t('refused') },
        ...decisions.map(({ code, display }) => ({ value: code, label: said(display) })),
      ]}
      value={value || null}
      onChange={(chosen) => onChange((chosen ?? '') as FilterDraft['outcome'])}
      clearable
      clearButtonProps={{ 'aria-label': t('any') }}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  );
}
