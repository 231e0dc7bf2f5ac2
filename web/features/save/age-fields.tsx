'use client';

import type { SealAgeTo } from '@chartkey/sdk';
import { PasswordInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Translate } from '../../i18n/messages.ts';

/** What the fields hold before they become an encryption. */
export type AgeDraft = {
  readonly kind: 'passphrase' | 'recipients';
  readonly passphrase: string;
  readonly repeated: string;
  readonly recipients: string;
};

/** As in the sdk, which refuses shorter ones. */
const MIN_PASSPHRASE = 12;

export const emptyAge: AgeDraft = { kind: 'passphrase', passphrase: '', repeated: '', recipients: '' };

/** What is wrong with what was typed, in words; undefined for nothing. */
export function useAgeProblem(draft: AgeDraft): string | undefined {
  const t = useTranslations('save');
  return ageProblem(t, draft);
}

function ageProblem(
  t: Translate<'save'>,
  { kind, passphrase, repeated, recipients }: AgeDraft,
): string | undefined {
  if (kind === 'recipients') {
    const all = recipientsOf(recipients);
    if (all.length === 0) return t('pasteAtLeastOnePublic');
    return all.every((key) => /^age1[a-z0-9]{20,}$/.test(key)) ? undefined : t('aPublicAgeKeyStarts');
  }
  if (passphrase.length < MIN_PASSPHRASE) return t('takeAtLeastCharacters', { least: MIN_PASSPHRASE });
  return passphrase === repeated ? undefined : t('theTwoPassphrasesDiffer');
}

export function sealTo({ kind, passphrase, recipients }: AgeDraft): SealAgeTo {
  return kind === 'passphrase' ? { passphrase } : { recipients: recipientsOf(recipients) };
}

function recipientsOf(text: string): string[] {
  return text.split(/\s+/).filter((key) => key !== '');
}

type AgeFieldsProps = {
  readonly draft: AgeDraft;
  readonly onChange: (draft: AgeDraft) => void;
  readonly disabled?: boolean;
};

/** For whom a file is encrypted. What is typed stays here until the worker has it. */
export function AgeFields({ draft, onChange, disabled = false }: AgeFieldsProps) {
  const t = useTranslations('save');
  const { kind, passphrase, repeated, recipients } = draft;
  const long = passphrase.length >= MIN_PASSPHRASE;
  const eye = { 'aria-label': t('showOrHideThePassphrase') };
  return (
    <Stack gap="sm" maw={460}>
      <SegmentedControl
        aria-label={t('whatOpensIt')}
        value={kind}
        onChange={(next) => onChange({ ...draft, kind: next === 'recipients' ? 'recipients' : 'passphrase' })}
        data={[
          { value: 'passphrase', label: t('aPassphrase') },
          { value: 'recipients', label: t('somebodysAgeKey') },
        ]}
        disabled={disabled}
      />
      {kind === 'passphrase' ? (
        <>
          <PasswordInput
            label={t('passphrase')}
            description={t('atLeastCharactersSeveralWords', { least: MIN_PASSPHRASE })}
            value={passphrase}
            onChange={(event) => onChange({ ...draft, passphrase: event.currentTarget.value })}
            autoComplete="off"
            disabled={disabled}
            visibilityToggleButtonProps={eye}
          />
          <PasswordInput
            label={t('theSameAgain')}
            value={repeated}
            onChange={(event) => onChange({ ...draft, repeated: event.currentTarget.value })}
            error={long && repeated.length >= passphrase.length && repeated !== passphrase && t('theyDiffer')}
            autoComplete="off"
            disabled={disabled}
            visibilityToggleButtonProps={eye}
          />
        </>
      ) : (
        <Textarea
          label={t('publicAgeKeys')}
          description={t('oneOrSeveralAsThe')}
          placeholder="age1…"
          value={recipients}
          onChange={(event) => onChange({ ...draft, recipients: event.currentTarget.value })}
          autoComplete="off"
          autosize
          minRows={2}
          disabled={disabled}
        />
      )}
      <Text size="sm" c="dimmed">
        {kind === 'passphrase' ? t('opensWithThePassphrase') : t('opensWithThatKey')}
      </Text>
    </Stack>
  );
}
