'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Language } from '../i18n/languages.ts';
import type { Translate } from '../i18n/messages.ts';

/**
 * What the sdk says, in the reader's language. The sdk speaks English; other languages bring its
 * sentences under themselves, without their full stops, and for each code a text that says it less
 * exactly. What has neither stays English.
 */
export type Said = {
  (sentence: string, code?: string): string;
  /** For what only adds to another sentence: nothing rather than English in between. */
  readonly orNothing: (sentence: string) => string;
};

export function useSaid(): Said {
  const language = useLocale();
  const t = useTranslations('sdk');
  return useMemo(() => saidIn(language, t), [language, t]);
}

export function saidIn(language: Language, t: Translate<'sdk'>): Said {
  const find = (path: string): string | undefined => {
    const key = path as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : undefined;
  };
  const exactly = (sentence: string) => find(`sentences.${keyOf(sentence)}`);
  const said = (sentence: string, code?: string) =>
    exactly(sentence) ?? (code === undefined ? undefined : find(`codes.${code}`)) ?? sentence;
  const orNothing = (sentence: string) => exactly(sentence) ?? (language === 'en' ? sentence : '');
  return Object.assign(said, { orNothing });
}

/** Dots lead into an object of messages, so a key has none. */
export function keyOf(sentence: string): string {
  return sentence.replaceAll('.', '');
}
