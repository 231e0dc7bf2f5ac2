'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { endOfDay } from '../consent/index.ts';

const DAY = 86_400;
/** The contract takes no end beyond 18 years. */
const LATEST = 18 * 365 * DAY;

type UntilFieldProps = {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly onChange: (day: string) => void;
};

/** The last day on which somebody acts in another's name. */
export function UntilField({ day, onChange }: UntilFieldProps) {
  const t = useTranslations('representatives');
  const problem = day !== '' && endOf(day) === undefined;
  return (
    <TextInput
      type="date"
      label={t('untilLastDay')}
      value={day}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      error={problem && t('withinEighteenYears')}
      maw={220}
    />
  );
}

/** The end of a day where the person is, in Unix seconds; undefined for a day that can't be the end. */
export function endOf(day: string, now = Date.now() / 1000): number | undefined {
  const end = endOfDay(day);
  return end > now && end <= now + LATEST - DAY ? end : undefined;
}
