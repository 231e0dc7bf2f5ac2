'use client';

import type { ChartkeyClient } from '@chartkey/sdk';
import { Button, type ButtonProps, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useSwitchChain } from 'wagmi';
import { bold, ErrorNotice } from '../../ui/index.ts';
import { useNetwork } from './network.ts';
import { RelayFailed, SignedHow, WaitingForRelay } from './relay-status.tsx';
import { useSession } from './use-session.ts';
import { type Signing, useSigning } from './use-signing.ts';

type SignButtonProps<T> = {
  readonly children: ReactNode;
  /** One sentence: what the wallet will be asked to sign. */
  readonly signs: string;
  readonly action: (client: ChartkeyClient) => Promise<T>;
  readonly onDone?: (result: T) => void;
  readonly button?: ButtonProps;
  readonly disabled?: boolean;
  /** Further buttons in the same row. */
  readonly beside?: ReactNode;
};

/** A click here, and nothing else, opens the wallet; beside it stands what will be signed. */
export function SignButton<T>({
  children,
  signs,
  action,
  onDone,
  button,
  disabled,
  beside,
}: SignButtonProps<T>) {
  const t = useTranslations('session');
  const signing = useSigning();
  const { wrongNetwork } = useSession();
  if (wrongNetwork) return <SwitchNetwork />;
  const sign = async () => {
    const result = await signing.run(async (client) => ({ value: await action(client) }));
    if (result) onDone?.(result.value);
  };
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button {...button} disabled={disabled === true} loading={signing.busy} onClick={() => void sign()}>
          {children}
        </Button>
        {beside}
      </Group>
      {!signing.busy && (
        <Text size="sm" c="dimmed">
          {t('yourWalletWillAskYou', { signs })} <SignedHow />
        </Text>
      )}
      <SigningStatus signing={signing} onRetry={() => void sign()} />
    </Stack>
  );
}

/** Where a signature stands, with a way out of waiting. */
export function SigningStatus({
  signing,
  onRetry,
}: {
  readonly signing: Signing;
  readonly onRetry?: () => void;
}) {
  const t = useTranslations('session');
  const { state } = signing;
  if (state.stage === 'idle' || state.stage === 'working') return null;
  if (state.stage === 'choice') return <RelayFailed signing={signing} error={state.error} />;
  if (state.stage === 'relay') return <WaitingForRelay signing={signing} />;
  if (state.stage === 'failed') return <ErrorNotice error={state.error} onRetry={onRetry} />;
  if (state.stage === 'chain') {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{t('signedWaitingUntilItCounts')}</Text>
      </Group>
    );
  }
  return (
    <Paper p="sm" bg="var(--ck-soft)" role="status">
      <Group justify="space-between" gap="sm">
        <Group gap="xs" wrap="nowrap">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{state.asks === 'signature' ? t('openItAndSign') : t('openItAndConfirm')}</Text>
        </Group>
        <Button size="xs" variant="default" onClick={signing.stop}>
          {t('stopWaiting')}
        </Button>
      </Group>
    </Paper>
  );
}

export function SwitchNetwork() {
  const t = useTranslations('session');
  const { chainName, deployment } = useNetwork();
  const { mutate, isPending, error, reset } = useSwitchChain();
  return (
    <Stack gap="xs">
      <Text size="sm">{t.rich('yourWalletIsOnAnother', { chainName, b: bold })}</Text>
      <Group gap="xs">
        <Button loading={isPending} onClick={() => mutate({ chainId: deployment.chainId })}>
          {t('switchTo', { chainName })}
        </Button>
        {isPending && (
          <Button variant="default" onClick={reset}>
            {t('stopWaiting')}
          </Button>
        )}
      </Group>
      {error && (
        <Text size="sm" c="var(--mantine-color-red-light-color)" role="alert">
          {t('yourWalletDidNotSwitch', { chainName, chainId: deployment.chainId })}
        </Text>
      )}
    </Stack>
  );
}
