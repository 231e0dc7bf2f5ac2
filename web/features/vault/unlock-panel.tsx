'use client';

import { publicKeyHashOf } from '@chartkey/sdk';
import { Button, Card, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice } from '../../ui/index.ts';
import { useReader } from '../session/index.ts';
import { useVault } from './use-vault.ts';

type UnlockPanelProps = {
  readonly patient: Address;
  /** Why one would unlock, here. */
  readonly text: string;
};

/** Takes the recovery code. It opens one's own records in this page, and is kept nowhere. */
export function UnlockPanel({ patient, text }: UnlockPanelProps) {
  const vault = useVault();
  const reader = useReader();
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const hash = useQuery({
    queryKey: ['public-key-hash', patient],
    queryFn: async () => (await publicKeyHashOf(reader, { patient })) ?? null,
  });
  if (vault.unlocked !== undefined || hash.data === null) return null;

  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (!hash.data) return;
    setBusy(true);
    setError(undefined);
    try {
      await vault.unlock(code, hash.data);
      setCode('');
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card component="section" aria-label="Unlock" bg="var(--ck-soft)">
      <form onSubmit={(event) => void unlock(event)}>
        <Stack gap="sm">
          <Group gap="xs">
            <IconLock size={20} aria-hidden />
            <Title order={2} size="h5">
              Your chart is locked
            </Title>
          </Group>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
          <Group align="flex-end" gap="sm">
            <PasswordInput
              label="Recovery code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the code' }}
              style={{ flex: '1 1 220px' }}
              maw={420}
            />
            <Button type="submit" loading={busy} disabled={code.trim() === ''}>
              Unlock
            </Button>
          </Group>
          {error !== undefined && <ErrorNotice error={error} />}
        </Stack>
      </form>
    </Card>
  );
}
