'use client';

import { Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useDisconnect } from 'wagmi';
import { ErrorNotice } from '../../ui/index.ts';
import { useVault } from '../vault/index.ts';
import { wipeBrowser } from './wipe.ts';

/** Takes off this browser what the site left in it. The chart is not in it. */
export function ForgetBrowser() {
  const t = useTranslations('settings');
  const vault = useVault();
  const { mutateAsync: disconnect } = useDisconnect();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const forget = async () => {
    setBusy(true);
    setError(undefined);
    try {
      vault.lock();
      await disconnect({}).catch(() => undefined);
      await wipeBrowser();
      window.location.assign('/');
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Card component="section" aria-label={t('forgetThisBrowser')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('forgetThisBrowser')}
        </Title>
        <Text>{t('onADeviceThatOthersUse')}</Text>
        {asking && (
          <List spacing={4} pr="md">
            <List.Item>{t('whatGoes')}</List.Item>
            <List.Item>{t('whatStays')}</List.Item>
          </List>
        )}
        <Group gap="xs">
          {asking ? (
            <>
              <Button color="red" loading={busy} onClick={() => void forget()}>
                {t('forgetNow')}
              </Button>
              <Button variant="default" disabled={busy} onClick={() => setAsking(false)}>
                {t('cancel')}
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setAsking(true)}>
              {t('forgetThisBrowserAsk')}
            </Button>
          )}
        </Group>
        {error !== undefined && <ErrorNotice error={error} onRetry={() => void forget()} />}
      </Stack>
    </Card>
  );
}
