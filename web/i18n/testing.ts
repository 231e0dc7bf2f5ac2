import { createTranslator } from 'next-intl';
import { messages as de } from '../messages/de/index.ts';
import { messages as en } from '../messages/en/index.ts';
import type { Language } from './languages.ts';
import type { Messages, Namespace, Translate } from './messages.ts';

const MESSAGES: Readonly<Record<Language, Messages>> = { en, de };

/** What a component gets from `useTranslations`, for tests of what it hands on. */
export function translatorIn<N extends Namespace>(language: Language, namespace: N): Translate<N> {
  return createTranslator({ locale: language, messages: MESSAGES[language], namespace }) as Translate<N>;
}
