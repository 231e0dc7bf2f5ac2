'use client';

import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconFingerprint, IconInfoCircle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { bold, ErrorNotice } from '../../ui/index.ts';
import { createPasskey, knowsPasskeys, type NewKey, useVault } from '../vault/index.ts';
import { RecoveryKit } from './recovery-kit.tsx';

/** A key that was made, and whether its owner said that the kit is stored. */
export type MadeKey = NewKey & { readonly kept: boolean };

type MakeKeyProps = {
  readonly title: string;
  /** The ring that is unlocked goes on, or a new one begins. */
  readonly from: 'unlocked' | 'nothing';
  /** How the passkey is called in the person's list of passkeys. */
  readonly passkeyName: string;
  readonly made: MadeKey | undefined;
  readonly onMade: (made: MadeKey) => void;
  readonly disabled?: boolean;
};

/** A key with everything that opens it: a passkey if there is one, and always a kit on paper. */
export function MakeKey({ title, from, passkeyName, made, onMade, disabled = false }: MakeKeyProps) {
  const t = useTranslations('keys');
  const vault = useVault();
  const [busy, setBusy] = useState<'passkey' | 'kit'>();
  const [error, setError] = useState<unknown>();
  const [passkey, setPasskey] = useState<'used' | 'unsupported' | 'declined'>();

  const make = async (prf: Uint8Array<ArrayBuffer> | undefined) => {
    onMade({ ...(await vault.makeKey({ kit: 'new', from, prf })), kept: false });
  };
  const run = async (kind: 'passkey' | 'kit', work: () => Promise<void>) => {
    setBusy(kind);
    setError(undefined);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(undefined);
    }
  };
  const withPasskey = () =>
    run('passkey', async () => {
      const prf = await createPasskey(passkeyName);
      setPasskey(prf ? 'used' : 'unsupported');
      await make(prf);
    });
  const withKitAlone = () =>
    run('kit', async () => {
      setPasskey('declined');
      await make(undefined);
    });

  return (
    <>
      <Card component="section" aria-label={title}>
        <Stack gap="md">
          <Title order={2} size="h4">
            {title}
          </Title>
          {!made && (
            <>
              <Text>{t.rich('aKeyIsMadeIn', { b: bold })}</Text>
              {!knowsPasskeys() && <NoPasskey text={t('thisBrowserHasNoPasskeys')} />}
              <Group gap="xs">
                {knowsPasskeys() && (
                  <Button
                    leftSection={<IconFingerprint size={18} aria-hidden />}
                    onClick={() => void withPasskey()}
                    loading={busy === 'passkey'}
                    disabled={disabled || busy === 'kit'}
                  >
                    {t('makeAPasskeyAndA')}
                  </Button>
                )}
                <Button
                  variant="default"
                  onClick={() => void withKitAlone()}
                  loading={busy === 'kit'}
                  disabled={disabled || busy === 'passkey'}
                >
                  {t('makeAKitOnly')}
                </Button>
              </Group>
            </>
          )}
          {made && passkey === 'used' && <Text role="status">{t('yourPasskeyIsMadeAnd')}</Text>}
          {made && passkey === 'unsupported' && <NoPasskey text={t('aPasskeyWasMadeBut')} />}
          {made && passkey === 'declined' && <Text role="status">{t('yourKitIsMade')}</Text>}
          {error !== undefined && <ErrorNotice error={error} />}
        </Stack>
      </Card>
      {made?.recoveryCode !== undefined && (
        <RecoveryKit code={made.recoveryCode} kept={made.kept} onKept={(kept) => onMade({ ...made, kept })} />
      )}
    </>
  );
}

function NoPasskey({ text }: { readonly text: string }) {
  const t = useTranslations('keys');
  return (
    <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />} role="status">
      {t('yourRecoveryKitAloneOpens', { text })}
    </Alert>
  );
}
