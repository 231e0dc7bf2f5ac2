'use client';

import { approveWallet } from '@chartkey/sdk';
import { Alert, Checkbox, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, isAddressEqual } from 'viem';
import { bold, shortAddress, TechnicalDetails, useWords } from '../../ui/index.ts';
import { SignButton } from '../session/index.ts';
import type { PendingMove, Ward } from './use-guardians.ts';

/** So many of the new wallet's characters are read out on the phone. */
const READ_OUT = 6;

type ApproveWalletProps = {
  readonly ward: Ward;
  readonly wallet: Address;
  /** Undefined while nobody approved it. */
  readonly pending?: PendingMove | undefined;
  readonly guardian: Address;
};

/** A new wallet that a patient asks for, or somebody who says so: old, new, and how to find out. */
export function ApproveWallet({ ward, wallet, pending, guardian }: ApproveWalletProps) {
  const t = useTranslations('guardians');
  const { patient, threshold, guardians } = ward;
  const approvals = pending?.move.approvals ?? 0;
  const isGuardian = guardians.some((one) => isAddressEqual(one, wallet));
  return (
    <Paper withBorder p="md" component="section" aria-label={t('aNewWallet')}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {t('aNewWalletIsAsked')}
        </Title>
        <Wallets from={ward.wallet} to={wallet} />
        <Text size="sm" role="status">
          {t('approvedBy', { approvals, needed: threshold })}
        </Text>
        {isGuardian && <Text>{t('aGuardianCantBeTheNewWallet')}</Text>}
        {!isGuardian && <Answer patient={patient} wallet={wallet} pending={pending} />}
        <TechnicalDetails
          details={[
            { name: t('patient'), value: patient },
            { name: t('walletUntilNow'), value: ward.wallet ?? '–' },
            { name: t('newWallet'), value: wallet },
            { name: t('yourAccount'), value: guardian },
          ]}
        />
      </Stack>
    </Paper>
  );
}

function Wallets({ from, to }: { readonly from: Address | undefined; readonly to: Address }) {
  const t = useTranslations('guardians');
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">
        {t('walletUntilNow')} <Code>{from ? shortAddress(from) : '–'}</Code>
      </Text>
      <Text size="sm" c="dimmed">
        {t('newWallet')} <Code style={{ overflowWrap: 'anywhere' }}>{to}</Code>
      </Text>
    </Stack>
  );
}

type AnswerProps = Pick<ApproveWalletProps, 'wallet' | 'pending'> & { readonly patient: Address };

function Answer({ patient, wallet, pending }: AnswerProps) {
  const t = useTranslations('guardians');
  const words = useWords();
  const [spoken, setSpoken] = useState(false);
  const readyAt = pending?.move.readyAt;
  if (readyAt !== undefined || pending?.approved) {
    return (
      <Alert
        variant="light"
        role="status"
        icon={<IconCircleCheck aria-hidden />}
        title={t('nothingMoreToDo')}
      >
        {readyAt === undefined
          ? t('youApprovedOthersAreAwaited')
          : t('itCanTakeOver', { when: words.dateTime(readyAt) })}
      </Alert>
    );
  }
  return (
    <>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconPhone size={20} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
        <Text>{t.rich('callThem', { characters: wallet.slice(-READ_OUT), b: bold })}</Text>
      </Group>
      <Checkbox
        label={t('iSpokeWithThem')}
        checked={spoken}
        onChange={({ currentTarget }) => setSpoken(currentTarget.checked)}
      />
      <SignButton
        signs={t('thisPatientMoves', { wallet: shortAddress(wallet) })}
        action={(client) => approveWallet(client, { patient, wallet })}
        disabled={!spoken}
      >
        {t('approveTheNewWallet')}
      </SignButton>
    </>
  );
}
