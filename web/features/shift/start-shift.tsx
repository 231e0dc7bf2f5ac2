'use client';

import { Card, Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Address } from 'viem';
import { clockInWords } from '../../ui/index.ts';
import { SignButton, useSender } from '../session/index.ts';
import { endOfShift, SHIFT_HOURS, useShift, useStartShift } from './use-shift.ts';

/** One signature now, and none for the openings until it ends. Nothing while a shift stands here. */
export function StartShift({ person }: { readonly person: Address }) {
  const { sender } = useSender();
  const { here, onChain } = useShift(person);
  const start = useStartShift(person);
  const [hours, setHours] = useState<number>(SHIFT_HOURS[0]);
  if (here || sender === 'self') return null;
  const until = clockInWords(endOfShift(hours));
  return (
    <Card component="section" aria-label="Start shift">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Sign once for the whole shift
        </Title>
        <Text size="sm" c="dimmed" maw={620}>
          Until it ends, records open without your wallet. Each opening still stands in the patient’s log, in
          your name. Everything else always asks your wallet.
          {onChain && ' The shift that stands elsewhere ends when you start one here.'}
        </Text>
        <Select
          label="How long"
          data={SHIFT_HOURS.map((number) => ({
            value: String(number),
            label: `${number} hours, until ${clockInWords(endOfShift(number))}`,
          })).toSorted((a, b) => Number(a.value) - Number(b.value))}
          value={String(hours)}
          onChange={(value) => setHours(Number(value ?? SHIFT_HOURS[0]))}
          allowDeselect={false}
          w={240}
        />
        <SignButton
          signs={`you start a shift until ${until}; a key in this browser’s memory signs your openings.`}
          action={(client) => start(client, hours)}
        >
          Start shift
        </SignButton>
      </Stack>
    </Card>
  );
}
