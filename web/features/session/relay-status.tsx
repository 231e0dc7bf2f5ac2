'use client';

import { canPay, type RelayError } from '@chartkey/sdk';
import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { explain } from '../../ui/index.ts';
import { useReader } from './network.ts';
import { useSender } from './sending.ts';
import { useSession } from './use-session.ts';
import type { Signing } from './use-signing.ts';

/** From then on a relay counts as slow, and there is another way to offer. */
const SLOW_MS = 12_000;

/** Behind what will be signed: who pays, and which clock the wallet's times are of. */
export function SignedHow() {
  const { sender, relay } = useSender();
  if (!relay) return null;
  if (sender === 'self') return <>You send it yourself and pay the fee in ether.</>;
  const utc = new Date().getTimezoneOffset() === 0;
  return <>Signing costs nothing.{utc ? '' : ' Times in your wallet are in UTC.'}</>;
}

/** Signed, and in the relay's hands: after a while there is another way. */
export function WaitingForRelay({ signing }: { readonly signing: Signing }) {
  const [slow, setSlow] = useState(false);
  const [asked, setAsked] = useState(false);
  const payable = usePayable();
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const waiting = (
    <Group gap="xs" wrap="nowrap" role="status">
      <Loader size="xs" aria-hidden />
      <Text size="sm">
        {slow ? 'Signed. The relay is slow and has not sent it yet.' : 'Signed. Waiting until it counts…'}
      </Text>
    </Group>
  );
  if (!slow) return waiting;
  return (
    <Paper p="sm" bg="var(--ck-soft)">
      <Stack gap="sm">
        {waiting}
        <Text size="sm" c="dimmed">
          You can go on waiting, or send it yourself. Either way it is done once, whoever is first.{' '}
          {wordsFor(payable)}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={payable === false || asked}
            onClick={() => {
              setAsked(true);
              signing.choose('self');
            }}
          >
            Send it myself
          </Button>
          <Button size="xs" variant="default" onClick={() => signing.choose('stop')}>
            Stop waiting
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

type RelayFailedProps = {
  readonly signing: Signing;
  readonly error: RelayError;
};

/** The relay is down or refused: what it said, and the way round it. */
export function RelayFailed({ signing, error }: RelayFailedProps) {
  const payable = usePayable();
  const { title, text, code } = explain(error);
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconPlugConnectedX aria-hidden />}
      title={title}
      role="alert"
      data-code={code}
    >
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        <Text size="sm">{wordsFor(payable)}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => signing.choose('again')}>
            Try the relay again
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={payable === false}
            onClick={() => signing.choose('self')}
          >
            Send it myself
          </Button>
          <Button size="xs" variant="subtle" color="gray" c="dimmed" onClick={() => signing.choose('stop')}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** Whether the wallet can send by itself; undefined while that is not known. */
function usePayable(): boolean | undefined {
  const reader = useReader();
  const { address } = useSession();
  const { data } = useQuery({
    queryKey: ['payable', address],
    enabled: address !== undefined,
    queryFn: () => (address ? canPay(reader, { payer: address }) : false),
  });
  return data;
}

function wordsFor(payable: boolean | undefined): string {
  if (payable === false) return 'Sending it yourself needs ether for the fee, and this wallet has none.';
  return 'Sending it yourself needs ether for the fee: your wallet then asks you to confirm a transaction.';
}
