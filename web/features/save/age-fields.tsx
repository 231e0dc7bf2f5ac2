'use client';

import type { SealAgeTo } from '@chartkey/sdk';
import { PasswordInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';

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

/** What is wrong with what was typed; undefined for nothing. */
export function ageProblem({ kind, passphrase, repeated, recipients }: AgeDraft): string | undefined {
  if (kind === 'recipients') {
    const all = recipientsOf(recipients);
    if (all.length === 0) return 'Paste at least one public age key.';
    return all.every((key) => /^age1[a-z0-9]{20,}$/.test(key))
      ? undefined
      : 'A public age key starts with age1.';
  }
  if (passphrase.length < MIN_PASSPHRASE) return `Take at least ${MIN_PASSPHRASE} characters.`;
  return passphrase === repeated ? undefined : 'The two passphrases differ.';
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
  const { kind, passphrase, repeated, recipients } = draft;
  const long = passphrase.length >= MIN_PASSPHRASE;
  const eye = { 'aria-label': 'Show or hide the passphrase' };
  return (
    <Stack gap="sm" maw={460}>
      <SegmentedControl
        aria-label="What opens it"
        value={kind}
        onChange={(next) => onChange({ ...draft, kind: next === 'recipients' ? 'recipients' : 'passphrase' })}
        data={[
          { value: 'passphrase', label: 'A passphrase' },
          { value: 'recipients', label: 'Somebody’s age key' },
        ]}
        disabled={disabled}
      />
      {kind === 'passphrase' ? (
        <>
          <PasswordInput
            label="Passphrase"
            description={`At least ${MIN_PASSPHRASE} characters. Several words are good. Nobody can give it back to you.`}
            value={passphrase}
            onChange={(event) => onChange({ ...draft, passphrase: event.currentTarget.value })}
            autoComplete="off"
            disabled={disabled}
            visibilityToggleButtonProps={eye}
          />
          <PasswordInput
            label="The same again"
            value={repeated}
            onChange={(event) => onChange({ ...draft, repeated: event.currentTarget.value })}
            error={long && repeated.length >= passphrase.length && repeated !== passphrase && 'They differ.'}
            autoComplete="off"
            disabled={disabled}
            visibilityToggleButtonProps={eye}
          />
        </>
      ) : (
        <Textarea
          label="Public age keys"
          description="One or several, as the other person’s age program shows them. Only they can open the file; you can’t."
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
        The file opens with the free program age (age-encryption.org), with or without Chartkey. Whoever has
        the file and {kind === 'passphrase' ? 'the passphrase' : 'that key'} can read it for ever; no consent
        and no entry in your log is involved any more.
      </Text>
    </Stack>
  );
}
