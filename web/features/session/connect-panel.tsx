'use client';

import { Alert, Anchor, Button, Card, Group, Image, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconDeviceMobile, IconWallet } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type Connector, useConnect, useConnectors } from 'wagmi';
import { useNetwork } from './network.ts';

/** Wallets answer the announcement at once; after this long there is none. */
const ANNOUNCE_MS = 600;

/** The wallets that announced themselves, and what to do without one. */
export function ConnectPanel() {
  const { chainName } = useNetwork();
  const wallets = useDistinctWallets();
  const { mutate, isPending, variables, error, reset } = useConnect();
  const searching = useSearching(wallets.length > 0);
  const pendingName =
    isPending && variables && 'name' in variables.connector ? variables.connector.name : 'your wallet';

  if (isPending) {
    return (
      <Card role="status">
        <Stack align="center" ta="center">
          <Loader aria-hidden />
          <Title order={2} size="h4">
            Waiting for {pendingName}
          </Title>
          <Text c="dimmed">
            Open it and choose the account you want to use here. Connecting signs nothing.
          </Text>
          <Button variant="default" onClick={reset}>
            Stop waiting
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
          title={titleOf(error)}
        >
          Nothing was signed or sent. If no window opens, unlock your wallet first and try again.
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
          Connect with {connector.name}
        </Button>
      ))}
      {wallets.length === 0 && searching && (
        <Group role="status">
          <Loader size="sm" aria-hidden />
          <Text c="dimmed">Looking for wallets…</Text>
        </Group>
      )}
      {wallets.length === 0 && !searching && <NoWallet />}
      <Text size="sm" c="dimmed">
        Connecting tells this page your account, and signs nothing. Chartkey works on {chainName}.
      </Text>
    </Stack>
  );
}

function NoWallet() {
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h4">
          No wallet found in this browser
        </Title>
        <Text>
          A wallet holds the key that says it is you. Install one as a browser extension, for example
          MetaMask, then reload this page.
        </Text>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconDeviceMobile size={20} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" c="dimmed">
            On a phone, open this address in the browser inside your wallet app.
          </Text>
        </Group>
        <Group>
          <Button variant="default" onClick={() => window.location.reload()}>
            Reload
          </Button>
          <Anchor href="/demo">Look around with sample data</Anchor>
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

function titleOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 4001) return 'You declined to connect';
  if (code === -32002) return 'Your wallet has a request open already: answer it there';
  return 'Your wallet did not connect';
}
