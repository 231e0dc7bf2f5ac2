'use client';

import { objectToWallet, type WalletMove } from '@chartkey/sdk';
import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { shortAddress, TechnicalDetails } from '../../ui/index.ts';
import { useGuardians, useMoves } from '../guardians/index.ts';
import { SignButton } from '../session/index.ts';
import { Countdown } from './countdown.tsx';

/** On every page of a patient while guardians move the chart away: what it is, and how to stop it. */
export function MoveNotice({ patient }: { readonly patient: Address }) {
  const { data } = useMoves(patient);
  const moves = (data ?? []).filter(({ byPatient }) => !byPatient);
  return moves.map((move) => <Notice key={move.wallet} move={move} />);
}

function Notice({ move }: { readonly move: WalletMove }) {
  const t = useTranslations('walletMove');
  const { patient, wallet, approvals, readyAt } = move;
  const { data } = useGuardians(patient);
  return (
    <Alert
      color="red"
      variant="light"
      mb="md"
      mx="auto"
      maw={960}
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('somebodyMovesYourChart')}
    >
      <Stack gap="xs">
        <Text size="sm">
          {t('soManyGuardiansApproved', {
            approvals,
            needed: data?.threshold ?? approvals,
            wallet: shortAddress(wallet),
          })}{' '}
          {t('ifItIsNotYou')}
        </Text>
        {readyAt !== undefined && <Countdown until={readyAt} />}
        <SignButton
          signs={t('noMoveOfMyChart')}
          action={(client) => objectToWallet(client, { wallet })}
          button={{ color: 'red', size: 'sm' }}
        >
          {t('object')}
        </SignButton>
        <TechnicalDetails details={[{ name: t('newWallet'), value: wallet }]} />
      </Stack>
    </Alert>
  );
}
