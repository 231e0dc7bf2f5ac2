'use client';

import { ChartkeyError, publicKeyHashOf, type Unlocker } from '@chartkey/sdk';
import { Anchor, Button, Card, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { IconFingerprint, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type FormEvent, use, useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice } from '../../ui/index.ts';
import { ActingContext, useReader } from '../session/index.ts';
import { askPasskey, knowsPasskeys } from './passkey.ts';
import { useVault } from './use-vault.ts';

type UnlockPanelProps = {
  readonly patient: Address;
  /** Why one would unlock, here. */
  readonly text: string;
};

/** Takes a passkey or the recovery code. It opens one's own records in this browser; the code is kept nowhere. */
export function UnlockPanel({ patient, text }: UnlockPanelProps) {
  const t = useTranslations('vault');
  const vault = useVault();
  const reader = useReader();
  const acting = use(ActingContext);
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<Unlocker['kind']>();
  const hash = useQuery({
    queryKey: ['public-key-hash', patient],
    queryFn: async () => (await publicKeyHashOf(reader, { patient })) ?? null,
  });
  // Passkey and kit are the patient's own: a representative opens through the keepers.
  if (vault.unlocked !== undefined || hash.data === null || acting !== undefined) return null;

  const unlock = async (kind: Unlocker['kind'], ask: () => Promise<Unlocker>) => {
    setBusy(kind);
    setError(undefined);
    try {
      await vault.unlock(patient, await ask());
      setCode('');
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(undefined);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void unlock('code', async () => ({ kind: 'code', code }));
  };
  return (
    <Card component="section" aria-label={t('unlock')} bg="var(--ck-soft)">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group gap="xs">
            <IconLock size={20} aria-hidden />
            <Title order={2} size="h5">
              {t('yourChartIsLocked')}
            </Title>
          </Group>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
          {knowsPasskeys() && (
            <Group>
              <Button
                leftSection={<IconFingerprint size={18} aria-hidden />}
                loading={busy === 'passkey'}
                disabled={busy === 'code'}
                onClick={() => void unlock('passkey', passkeyUnlocker)}
              >
                {t('unlockWithAPasskey')}
              </Button>
            </Group>
          )}
          <Group align="flex-end" gap="sm">
            <PasswordInput
              label={t('recoveryCode')}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': t('showOrHideTheCode') }}
              style={{ flex: '1 1 220px' }}
              maw={420}
            />
            <Button
              type="submit"
              variant="default"
              loading={busy === 'code'}
              disabled={code.trim() === '' || busy === 'passkey'}
            >
              {t('unlock')}
            </Button>
          </Group>
          {error !== undefined && <ErrorNotice error={error} />}
          <Text size="sm">
            <Anchor component={Link} href="/patient/keys" size="sm">
              {t('iHaveNeitherAnyMore')}
            </Anchor>
          </Text>
        </Stack>
      </form>
    </Card>
  );
}

async function passkeyUnlocker(): Promise<Unlocker> {
  const prf = await askPasskey();
  if (prf) return { kind: 'passkey', prf };
  throw new ChartkeyError('INPUT_INVALID', 'This passkey can’t hold a key.', {
    advice: 'Use the code on your recovery kit.',
  });
}
