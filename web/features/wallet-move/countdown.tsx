'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useWords } from '../../ui/index.ts';
import { useChainTime } from '../guardians/index.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** How long somebody still has, and until when; nothing once it is over. */
export function Countdown({ until }: { readonly until: number }) {
  const t = useTranslations('walletMove');
  const words = useWords();
  const left = until - useChainTime();
  if (left <= 0) return null;
  return (
    <Text size="sm" role="timer" aria-live="off">
      {t('timeLeft', {
        days: Math.floor(left / DAY),
        hours: Math.floor((left % DAY) / HOUR),
        minutes: Math.floor((left % HOUR) / MINUTE),
        when: words.dateTime(until),
      })}
    </Text>
  );
}
