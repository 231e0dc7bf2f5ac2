'use client';

import { Alert, Anchor, Button, Card, Group, Image, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconDeviceMobile, IconWallet } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { type Connector, useConnect, useConnectors } from 'wagmi';
import type { Translate } from '../../i18n/messages.ts';
import { useNetwork } from './network.ts';

/** Wallets answer the announcement at once; after this long there is none. */
const ANNOUNCE_MS = 600;

/** The wallets that announced themselves, and what to do without one. */
export function ConnectPanel() {
  const t = useTranslations('session');
  const { chainName } = useNetwork();
  const wallets = useDistinctWallets();
  const { mutate, isPending, variables, error, reset } = useConnect();
  const searching = useSearching(wallets.length > 0);
  const pendingName =
    isPending && variables && 'name' in variables.connector ? variables.connector.name : t('yourWallet');

  if (isPending) {
    return (
      <Card role="status">
        <Stack align="center" ta="center">
          <Loader aria-hidden />
          <Title order={2} size="h4">
            {t('waitingFor', { name: pendingName })}
          </Title>
          <Text c="dimmed">{t('openItAndChooseThe')}</Text>
          <Button variant="default" onClick={reset}>
            {t('stopWaiting')}
          </Button>
        </Stack>
      </Card>
    );
  }
  return (
    <Stack>
      {error && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          icon={<IconAlertCircle aria-hidden />}
          title={titleOf(t, error)}
        >
          {t('nothingWasSignedOrSent')}
        </Alert>
      )}
      {wallets.map((connector) => (
        <Button
          key={connector.uid}
          size="lg"
          variant="default"
          justify="space-between"
          fullWidth
          onClick={() => mutate({ connector })}
          leftSection={<WalletIcon connector={connector} />}
          rightSection={<span />}
        >
          {t('connectWith', { name: connector.name })}
        </Button>
      ))}
      {wallets.length === 0 && searching && (
        <Group role="status">
          <Loader size="sm" aria-hidden />
          <Text c="dimmed">{t('lookingForWallets')}</Text>
        </Group>
      )}
      {wallets.length === 0 && !searching && <NoWallet />}
      <Text size="sm" c="dimmed">
        {t('connectingTellsThisPageYour', { chainName })}
      </Text>
    </Stack>
  );
}

function NoWallet() {
  const t = useTranslations('session');
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('noWalletFoundInThis')}
        </Title>
        <Text>{t('aWalletHoldsTheKey')}</Text>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconDeviceMobile size={20} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" c="dimmed">
            {t('onAPhoneOpenThis')}
          </Text>
        </Group>
        <Group>
          <Button variant="default" onClick={() => window.location.reload()}>
            {t('reload')}
          </Button>
          <Anchor href="/demo">{t('lookAroundWithSampleData')}</Anchor>
        </Group>
      </Stack>
    </Card>
  );
}

function WalletIcon({ connector }: { readonly connector: Connector }) {
  if (connector.icon?.startsWith('data:image/')) {
    return <Image src={connector.icon.trim()} w={24} h={24} alt="" radius={6} />;
  }
  return <IconWallet size={24} aria-hidden />;
}

/** A wallet that announces itself twice is listed once. */
function useDistinctWallets(): readonly Connector[] {
  const connectors = useConnectors();
  return [...new Map(connectors.map((connector) => [connector.id, connector])).values()];
}

function useSearching(found: boolean): boolean {
  const [searching, setSearching] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setSearching(false), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return searching && !found;
}

function titleOf(t: Translate<'session'>, error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 4001) return t('youDeclinedToConnect');
  if (code === -32002) return t('yourWalletHasARequest');
  return t('yourWalletDidNotConnect');
}
