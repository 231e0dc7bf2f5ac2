'use client';

import { Card, Select, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { useWords } from '../../ui/index.ts';
import { SignButton, useSender } from '../session/index.ts';
import { endOfShift, SHIFT_HOURS, useShift, useStartShift } from './use-shift.ts';

/** One signature now, and none for the openings until it ends. Nothing while a shift stands here. */
export function StartShift({ person }: { readonly person: Address }) {
  const t = useTranslations('shift');
  const words = useWords();
  const { sender } = useSender();
  const { here, onChain } = useShift(person);
  const start = useStartShift(person);
  const [hours, setHours] = useState<number>(SHIFT_HOURS[0]);
  if (here || sender === 'self') return null;
  const until = words.clock(endOfShift(hours));
  return (
    <Card component="section" aria-label={t('startShift')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('signOnceForTheWholeShift')}
        </Title>
        <Text size="sm" c="dimmed" maw={620}>
          {t('untilItEnds')}
          {onChain && ` ${t('theShiftElsewhereEnds')}`}
        </Text>
        <Select
          label={t('howLong')}
          data={SHIFT_HOURS.map((number) => ({
            value: String(number),
            label: t('hoursUntil', { count: number, time: words.clock(endOfShift(number)) }),
          })).toSorted((a, b) => Number(a.value) - Number(b.value))}
          value={String(hours)}
          onChange={(value) => setHours(Number(value ?? SHIFT_HOURS[0]))}
          allowDeselect={false}
          w={240}
        />
        <SignButton signs={t('youStartAShift', { time: until })} action={(client) => start(client, hours)}>
          {t('startShift')}
        </SignButton>
      </Stack>
    </Card>
  );
}
