'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type Words, wordsIn } from './words.ts';

/** Dates, numbers and lists in the reader's language. */
export function useWords(): Words {
  const language = useLocale();
  const t = useTranslations('ui');
  return useMemo(() => wordsIn(language, t), [language, t]);
}
