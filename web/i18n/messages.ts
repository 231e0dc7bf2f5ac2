import type { useTranslations } from 'next-intl';
import type { messages as english } from '../messages/en/index.ts';
import type { Language } from './languages.ts';

/** Every text of every page, by feature. English is what the others are held against. */
export type Messages = typeof english;
export type Namespace = keyof Messages;

/** Translates the texts of one feature; what a helper outside of a component is handed. */
export type Translate<N extends Namespace> = ReturnType<typeof useTranslations<N>>;

declare module 'next-intl' {
  interface AppConfig {
    readonly Locale: Language;
    readonly Messages: Messages;
  }
}

const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('../messages/en/index.ts')).messages,
  de: async () => (await import('../messages/de/index.ts')).messages,
};

export function messagesIn(language: Language): Promise<Messages> {
  return LOADERS[language]();
}

/** What the first page shows; everything else comes with the pages that need it. */
export function firstPageOf({ start, session, ui, errors, sdk }: Messages): Partial<Messages> {
  return { start, session, ui, errors, sdk };
}
