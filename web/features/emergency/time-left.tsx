'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { useWords } from '../../ui/index.ts';

const DAY = 86_400;
const HOUR = 3_600;
const MINUTE = 60;

/** Counts down to a time, Unix seconds. Not announced: what ends by itself is said when it ended. */
export function TimeLeft({ until }: { readonly until: number }) {
  const t = useTranslations('emergency');
  const words = useWords();
  const left = Math.max(0, until - useNow());
  return (
    <span
      role="timer"
      aria-live="off"
      title={words.dateTime(until)}
      style={{ fontVariantNumeric: 'tabular-nums' }}
    >
      {timeInWords(t, left)}
    </span>
  );
}

/** @param seconds Not negative */
export function timeInWords(t: Translate<'emergency'>, seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole >= 2 * DAY) return t('days', { count: Math.floor(whole / DAY) });
  if (whole >= HOUR) {
    return t('hoursMinutes', {
      hours: Math.floor(whole / HOUR),
      minutes: Math.floor((whole % HOUR) / MINUTE),
    });
  }
  if (whole >= MINUTE) {
    return t('minutesSeconds', { minutes: Math.floor(whole / MINUTE), seconds: whole % MINUTE });
  }
  return t('seconds', { count: whole });
}

/** Unix seconds, each second anew. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
