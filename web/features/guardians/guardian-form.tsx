'use client';

import { MAX_GUARDIANS, MIN_THRESHOLD, setGuardians } from '@chartkey/sdk';
import { ActionIcon, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId, useState } from 'react';
import { type Address, isAddress } from 'viem';
import { SignButton } from '../session/index.ts';
import {
  emptyDraft,
  type GuardiansDraft,
  guardiansIn,
  namedIn,
  problemOf,
  thresholdIn,
  thresholdsFor,
} from './draft.ts';

type GuardianFormProps = {
  readonly guardians?: readonly Address[];
  readonly threshold?: number;
  /** The patient's id and wallet. */
  readonly own: readonly Address[];
  readonly onDone: () => void;
  /** Another way out, beside the button that signs. */
  readonly beside?: ReactNode;
};

/** Who, and how many of them it takes; then one signature. */
export function GuardianForm({ guardians, threshold, own, onDone, beside }: GuardianFormProps) {
  const t = useTranslations('guardians');
  const [draft, setDraft] = useState<GuardiansDraft>(() => emptyDraft(guardians, threshold));
  const problem = problemOf(draft, own);
  return (
    <Stack gap="md">
      <Accounts draft={draft} onChange={setDraft} />
      <HowMany draft={draft} onChange={setDraft} />
      {problem === undefined ? (
        <SignButton
          signs={t('theseAreMyGuardians', { of: namedIn(draft).length, needed: thresholdIn(draft) })}
          action={(client) => setGuardians(client, guardiansIn(draft))}
          onDone={onDone}
          beside={beside}
        >
          {t('nameThem')}
        </SignButton>
      ) : (
        <Stack gap="xs">
          <Group gap="xs">
            <Button disabled>{t('nameThem')}</Button>
            {beside}
          </Group>
          <Text size="sm" c="dimmed" role="status">
            {t(`problems.${problem}`)}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}

type DraftProps = { readonly draft: GuardiansDraft; readonly onChange: (draft: GuardiansDraft) => void };

function Accounts({ draft, onChange }: DraftProps) {
  const t = useTranslations('guardians');
  const { accounts } = draft;
  const change = (at: number, account: string) =>
    onChange({ ...draft, accounts: accounts.map((one, i) => (i === at ? account : one)) });
  return (
    <Stack gap="sm">
      {accounts.map((account, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has nothing else that stays while it is typed.
        <Group key={at} gap="xs" align="flex-end" wrap="nowrap" maw={560}>
          <TextInput
            label={t('accountOfGuardian', { number: at + 1 })}
            description={at === 0 ? t('theyFindItOn') : undefined}
            value={account}
            onChange={({ currentTarget }) => change(at, currentTarget.value)}
            error={account.trim() !== '' && !isAddress(account.trim(), { strict: false }) && t('noAccount')}
            autoComplete="off"
            spellCheck={false}
            style={{ flex: 1, minWidth: 0 }}
          />
          {accounts.length > MIN_THRESHOLD && (
            <ActionIcon
              aria-label={t('takeOff', { number: at + 1 })}
              onClick={() => onChange({ ...draft, accounts: accounts.filter((_, i) => i !== at) })}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {accounts.length < MAX_GUARDIANS && (
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange({ ...draft, accounts: [...accounts, ''] })}
          >
            {t('oneMore')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function HowMany({ draft, onChange }: DraftProps) {
  const t = useTranslations('guardians');
  const label = useId();
  const threshold = thresholdIn(draft);
  return (
    <Stack gap={4} align="flex-start">
      <Text id={label} size="sm" fw={500}>
        {t('howManyHaveToAgree')}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        data={thresholdsFor(draft).map(String)}
        value={String(threshold)}
        onChange={(value) => onChange({ ...draft, threshold: Number(value) })}
      />
      <Text size="sm" c="dimmed">
        {t('soManyOf', { needed: threshold, of: Math.max(namedIn(draft).length, threshold) })}
      </Text>
    </Stack>
  );
}
