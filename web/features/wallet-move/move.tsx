'use client';

import { takeWallet, type WalletMove } from '@chartkey/sdk';
import { Alert, Card, Code, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconArrowRight, IconClockHour4, IconHandStop } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { bold, CopyButton, EmptyState, Loading, shortAddress } from '../../ui/index.ts';
import { linkFor, useChainTime, useGuardians } from '../guardians/index.ts';
import { QrCode } from '../patient-number/index.ts';
import { SignButton } from '../session/index.ts';
import { Countdown } from './countdown.tsx';

/** So many of the wallet's characters are read out on the phone. */
const READ_OUT = 6;

type MoveProps = {
  readonly patient: Address;
  readonly wallet: Address;
  readonly before: Address | undefined;
  readonly move: WalletMove | undefined;
  /** Whether the wallet until now objected to the last one. */
  readonly objected: boolean;
  readonly onTaken: () => void;
};

/** Where it stands: offered, to be asked for, waiting, or ready. */
export function Move({ patient, wallet, before, move, objected, onTaken }: MoveProps) {
  const t = useTranslations('walletMove');
  const now = useChainTime();
  const ready = move?.readyAt !== undefined && move.readyAt <= now;
  if (ready) {
    return (
      <Card component="section" aria-label={t('takeOver')}>
        <Stack gap="md">
          <Title order={2} size="h4">
            {move.byPatient ? t('yourOldWalletOffersIt') : t('theWaitIsOver')}
          </Title>
          <Text>{t('theOldWalletIsNobodys', { wallet: before ? shortAddress(before) : '–' })}</Text>
          <SignButton
            signs={t('thisWalletTakesOver')}
            action={(client) => takeWallet(client, { patient })}
            onDone={onTaken}
          >
            {t('takeOver')}
          </SignButton>
        </Stack>
      </Card>
    );
  }
  return (
    <>
      {move === undefined && objected && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          icon={<IconHandStop aria-hidden />}
          title={t('theOldWalletObjected')}
        >
          {t('nothingOfItCounts')}
        </Alert>
      )}
      {move?.readyAt !== undefined && (
        <Alert
          variant="light"
          role="status"
          icon={<IconClockHour4 aria-hidden />}
          title={t('enoughGuardiansApproved')}
        >
          <Stack gap={4}>
            <Countdown until={move.readyAt} />
            <Text size="sm">{t('untilThenTheOldWallet')}</Text>
          </Stack>
        </Alert>
      )}
      {move?.readyAt === undefined && (
        <AskGuardians patient={patient} wallet={wallet} approvals={move?.approvals ?? 0} />
      )}
    </>
  );
}

type AskProps = { readonly patient: Address; readonly wallet: Address; readonly approvals: number };

/** What to send to the guardians, and how many said yes. */
function AskGuardians({ patient, wallet, approvals }: AskProps) {
  const t = useTranslations('walletMove');
  const { data } = useGuardians(patient);
  if (!data) return <Loading what={t('lookingUpTheGuardians')} />;
  const { guardians, threshold } = data;
  if (guardians.length === 0) {
    return (
      <EmptyState
        icon={<IconArrowRight />}
        title={t('thisChartHasNoGuardians')}
        text={t('onlyTheOldWallet')}
      />
    );
  }
  const link = linkFor(window.location.origin, { patient, wallet });
  return (
    <Card component="section" aria-label={t('askYourGuardians')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('askYourGuardians')}
        </Title>
        <Text>{t('soManyHaveToApprove', { needed: threshold, of: guardians.length })}</Text>
        <Group gap="lg" align="center">
          <QrCode text={link} label={t('theLinkAsACode')} />
          <Stack gap="sm" style={{ flex: '1 1 260px', minWidth: 0 }}>
            <Text size="sm" c="dimmed">
              {t('sendThemThisLink')}
            </Text>
            <Code
              block
              style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
              data-testid="guardians-link"
            >
              {link}
            </Code>
            <Group gap="xs">
              <CopyButton value={link} label={t('copyTheLink')} />
            </Group>
            <Text size="sm">{t.rich('theyCallYou', { characters: wallet.slice(-READ_OUT), b: bold })}</Text>
          </Stack>
        </Group>
        <Progress value={(100 * approvals) / threshold} aria-label={t('approvals')} />
        <Text role="status">{t('soManyApproved', { approvals, needed: threshold })}</Text>
        <Text size="sm" c="dimmed">
          {t('thenThreeDays')}
        </Text>
      </Stack>
    </Card>
  );
}
