/** The languages that every page is written in; the first is for whoever asks for none of them. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself, as people look for it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/** How each writes dates and numbers (BCP 47). */
export const FORMAT_LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** Says nothing of a person but the language they read; lasts a year. */
export const LANGUAGE_COOKIE = 'language';

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/**
 * The language to answer in: what was chosen, else the best of `Accept-Language`
 * (RFC 9110, section 12.5.4), else English.
 */
export function languageFor(chosen: string | undefined, accepted: string | null): Language {
  if (isLanguage(chosen)) return chosen;
  const ranges = (accepted ?? '').slice(0, MAX_HEADER).split(',').map(parseRange);
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => language).find(isLanguage) ?? LANGUAGES[0];
}

const MAX_HEADER = 1_000;

/** `de-AT;q=0.8` → `de` at 0.8; what can't be read counts for nothing. */
function parseRange(range: string): { readonly language: string; readonly quality: number } {
  const [tag = '', ...parameters] = range.trim().split(/\s*;\s*/);
  const weight = parameters.find((parameter) => /^q=/i.test(parameter));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return {
    language: tag.split('-')[0]?.toLowerCase() ?? '',
    quality: quality >= 0 && quality <= 1 ? quality : 0,
  };
}
