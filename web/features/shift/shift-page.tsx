'use client';

import { endSession } from '@chartkey/sdk';
import { Card, Stack, Text, Title } from '@mantine/core';
import { IconClockOff } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { EmptyState, Loading, Page, TechnicalDetails, useWords } from '../../ui/index.ts';
import { RequireWallet, SignButton, useSender } from '../session/index.ts';
import { StartShift } from './start-shift.tsx';
import { type ShiftState, useShift } from './use-shift.ts';

/** The shift as the chain has it, wherever it was started, and how to end it there. */
export function ShiftPage() {
  const t = useTranslations('shift');
  return <RequireWallet title={t('shift')}>{({ address }) => <OneShift person={address} />}</RequireWallet>;
}

function OneShift({ person }: { readonly person: Address }) {
  const t = useTranslations('shift');
  const shift = useShift(person);
  const { relay } = useSender();
  return (
    <Page title={t('shift')} lead={t('oneSignatureLetsAKey')}>
      {shift.isPending && <Loading what={t('askingTheChain')} />}
      {!shift.isPending && !shift.onChain && (
        <EmptyState
          icon={<IconClockOff />}
          title={t('noShiftIsOpen')}
          text={relay ? t('eachOpeningAsks') : t('shiftsNeedARelay')}
        />
      )}
      {shift.onChain && <Standing shift={shift} expiresAt={shift.onChain.expiresAt} person={person} />}
      <StartShift person={person} />
    </Page>
  );
}

type StandingProps = { readonly shift: ShiftState; readonly expiresAt: number; readonly person: Address };

function Standing({ shift, expiresAt, person }: StandingProps) {
  const t = useTranslations('shift');
  const words = useWords();
  return (
    <Card component="section" aria-label={t('openShift')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('aShiftIsOpenUntil', { time: words.clock(expiresAt), date: words.date(expiresAt) })}
        </Title>
        <Text size="sm" maw={620}>
          {shift.here ? t('startedInThisBrowser') : t('startedElsewhere')}
        </Text>
        <SignButton
          signs={t('yourShiftEnds')}
          action={(client) => endSession(client)}
          onDone={shift.endHere}
          button={{ color: 'red' }}
        >
          {t('endItEverywhere')}
        </SignButton>
        <TechnicalDetails
          details={[
            { name: t('account'), value: person },
            { name: t('keyOfTheShift'), value: shift.onChain?.key ?? '' },
          ]}
        />
      </Stack>
    </Card>
  );
}
