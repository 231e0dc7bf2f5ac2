'use client';

import { endSession } from '@chartkey/sdk';
import { Card, Stack, Text, Title } from '@mantine/core';
import { IconClockOff } from '@tabler/icons-react';
import type { Address } from 'viem';
import { clockInWords, dateInWords, EmptyState, Loading, Page, TechnicalDetails } from '../../ui/index.ts';
import { RequireWallet, SignButton, useSender } from '../session/index.ts';
import { StartShift } from './start-shift.tsx';
import { type ShiftState, useShift } from './use-shift.ts';

/** The shift as the chain has it, wherever it was started, and how to end it there. */
export function ShiftPage() {
  return <RequireWallet title="Shift">{({ address }) => <OneShift person={address} />}</RequireWallet>;
}

function OneShift({ person }: { readonly person: Address }) {
  const shift = useShift(person);
  const { relay } = useSender();
  return (
    <Page
      title="Shift"
      lead="One signature lets a key in your browser’s memory open records in your name, for 12 hours at most. It can do nothing else."
    >
      {shift.isPending && <Loading what="Asking the chain…" />}
      {!shift.isPending && !shift.onChain && (
        <EmptyState
          icon={<IconClockOff />}
          title="No shift is open"
          text={
            relay
              ? 'Each opening asks your wallet, until you start one.'
              : 'Each opening asks your wallet. Shifts need a relay, and this server leads to none.'
          }
        />
      )}
      {shift.onChain && <Standing shift={shift} expiresAt={shift.onChain.expiresAt} person={person} />}
      <StartShift person={person} />
    </Page>
  );
}

type StandingProps = { readonly shift: ShiftState; readonly expiresAt: number; readonly person: Address };

function Standing({ shift, expiresAt, person }: StandingProps) {
  return (
    <Card component="section" aria-label="Open shift">
      <Stack gap="sm">
        <Title order={2} size="h4">
          A shift is open until {clockInWords(expiresAt)}, {dateInWords(expiresAt)}
        </Title>
        <Text size="sm" maw={620}>
          {shift.here
            ? 'It was started in this browser.'
            : 'Its key is not in this browser: it was started on another device, or in a page that was locked or closed since. If you don’t know of it, end it.'}
        </Text>
        <SignButton
          signs="your shift ends on every device. Its key opens nothing from then on."
          action={(client) => endSession(client)}
          onDone={shift.endHere}
          button={{ color: 'red' }}
        >
          End it everywhere
        </SignButton>
        <TechnicalDetails
          details={[
            { name: 'Account', value: person },
            { name: 'Key of the shift', value: shift.onChain?.key ?? '' },
          ]}
        />
      </Stack>
    </Card>
  );
}
