'use client';

import { canPay, type RelayError } from '@chartkey/sdk';
import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { explain, useSaid } from '../../ui/index.ts';
import { useReader } from './network.ts';
import { useSender } from './sending.ts';
import { useSession } from './use-session.ts';
import type { Signing } from './use-signing.ts';

/** From then on a relay counts as slow, and there is another way to offer. */
const SLOW_MS = 12_000;

/** Behind what will be signed: who pays, and which clock the wallet's times are of. */
export function SignedHow() {
  const t = useTranslations('session');
  const { sender, relay } = useSender();
  if (!relay) return null;
  if (sender === 'self') return <>{t('youSendItYourself')}</>;
  const utc = new Date().getTimezoneOffset() === 0;
  return <>{utc ? t('signingCostsNothing') : t('signingCostsNothingUtc')}</>;
}

/** Signed, and in the relay's hands: after a while there is another way. */
export function WaitingForRelay({ signing }: { readonly signing: Signing }) {
  const t = useTranslations('session');
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
      <Text size="sm">{slow ? t('theRelayIsSlow') : t('signedWaitingUntilItCounts')}</Text>
    </Group>
  );
  if (!slow) return waiting;
  return (
    <Paper p="sm" bg="var(--ck-soft)">
      <Stack gap="sm">
        {waiting}
        <Text size="sm" c="dimmed">
          {t('youCanGoOnWaiting')} {wordsFor(t, payable)}
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
            {t('sendItMyself')}
          </Button>
          <Button size="xs" variant="default" onClick={() => signing.choose('stop')}>
            {t('stopWaiting')}
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
  const t = useTranslations('session');
  const payable = usePayable();
  const { title, text, code } = explain(error, useTranslations('errors'), useSaid());
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
        <Text size="sm">{wordsFor(t, payable)}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => signing.choose('again')}>
            {t('tryTheRelayAgain')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={payable === false}
            onClick={() => signing.choose('self')}
          >
            {t('sendItMyself')}
          </Button>
          <Button size="xs" variant="subtle" color="gray" c="dimmed" onClick={() => signing.choose('stop')}>
            {t('leaveIt')}
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

function wordsFor(t: Translate<'session'>, payable: boolean | undefined): string {
  return payable === false ? t('needsEtherAndHasNone') : t('needsEther');
}
