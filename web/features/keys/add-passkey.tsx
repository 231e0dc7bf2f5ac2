'use client';

import { ChartkeyError } from '@chartkey/sdk';
import { Button, Card, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '../../ui/index.ts';
import { createPasskey, useVault } from '../vault/index.ts';
import type { MadeKey } from './make-key.tsx';

type AddPasskeyProps = {
  /** How the passkey is called in the person's list of passkeys. */
  readonly passkeyName: string;
  readonly made: MadeKey | undefined;
  readonly onMade: (made: MadeKey) => void;
  readonly onCancel: () => void;
};

/** One more passkey for the same key: kit, other passkeys and records stay what they are. */
export function AddPasskey({ passkeyName, made, onMade, onCancel }: AddPasskeyProps) {
  const t = useTranslations('keys');
  const vault = useVault();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const prf = await createPasskey(passkeyName);
      if (!prf) throw cannotHold();
      onMade({ ...(await vault.makeKey({ kit: 'add-passkey', code, prf })), kept: true });
      setCode('');
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card component="section" aria-label={t('addAPasskey')}>
      <form onSubmit={(event) => void add(event)}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t('addAPasskey')}
          </Title>
          {made ? (
            <Text role="status">{t('yourPasskeyIsMade')}</Text>
          ) : (
            <>
              <Text>{t('forANewDeviceOr')}</Text>
              <PasswordInput
                label={t('codeOnYourRecoveryKit')}
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
                autoComplete="off"
                visibilityToggleButtonProps={{ 'aria-label': t('showOrHideTheCode') }}
                maw={420}
              />
              <Group gap="xs">
                <Button
                  type="submit"
                  leftSection={<IconFingerprint size={18} aria-hidden />}
                  loading={busy}
                  disabled={code.trim() === ''}
                >
                  {t('makeThePasskey')}
                </Button>
                <Button variant="default" onClick={onCancel} disabled={busy}>
                  {t('cancel')}
                </Button>
              </Group>
            </>
          )}
          {error !== undefined && <ErrorNotice error={error} />}
        </Stack>
      </form>
    </Card>
  );
}

function cannotHold(): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', 'This passkey can’t keep a key.', {
    advice: 'You can delete it. Your kit and your other passkeys stay as they are.',
  });
}
