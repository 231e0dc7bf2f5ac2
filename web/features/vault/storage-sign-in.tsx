'use client';

import { Button, Group, Loader, Paper, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ErrorNotice } from '../../ui/index.ts';
import type { StorageSignIn } from './use-storage-sign-in.ts';

/** Where the sign-in to storage stands, with a way out of waiting for the wallet. */
export function StorageSignInStatus({ signIn }: { readonly signIn: StorageSignIn }) {
  const t = useTranslations('vault');
  const { state } = signIn;
  if (state.stage === 'idle') return null;
  if (state.stage === 'failed') return <ErrorNotice error={state.error} />;
  if (state.stage === 'asking') {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{t('askingStorageWhetherItTakes')}</Text>
      </Group>
    );
  }
  return (
    <Paper p="sm" bg="var(--ck-soft)" role="status">
      <Group justify="space-between" gap="sm">
        <Group gap="xs" wrap="nowrap">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{t('waitingForYourWalletSign')}</Text>
        </Group>
        <Button size="xs" variant="default" onClick={signIn.stop}>
          {t('stopWaiting')}
        </Button>
      </Group>
    </Paper>
  );
}
