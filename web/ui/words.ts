import { FORMAT_LOCALES, type Language } from '../i18n/languages.ts';
import type { Translate } from '../i18n/messages.ts';

const DAY = 86_400;
const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const TIME = { hour: '2-digit', minute: '2-digit' } as const;

/** Dates, numbers and lists as one language writes them. */
export type Words = {
  /** Unix seconds → `21 Nov 2026`. */
  readonly date: (seconds: number) => string;
  /** `2026-11-21`, with or without a time → `21 Nov 2026`: the day as written, wherever the reader is. */
  readonly day: (date: string) => string;
  /** Unix seconds → `21 Nov 2026, 14:05`. */
  readonly dateTime: (seconds: number) => string;
  /** Unix seconds → `18:30`, the clock of this place. */
  readonly clock: (seconds: number) => string;
  /** Unix seconds → `5 minutes ago`; beyond a week the date. */
  readonly ago: (seconds: number, now?: number) => string;
  readonly bytes: (bytes: number) => string;
  /** With so many decimal places at most. */
  readonly number: (value: number | bigint, decimals?: 0 | 1 | 2) => string;
  /** `a, b and c`. */
  readonly list: (words: readonly string[]) => string;
};

export function wordsIn(language: Language, t: Translate<'ui'>): Words {
  const locale = FORMAT_LOCALES[language];
  const dates = new Intl.DateTimeFormat(locale, DATE);
  const days = new Intl.DateTimeFormat(locale, { ...DATE, timeZone: 'UTC' });
  const dateTimes = new Intl.DateTimeFormat(locale, { ...DATE, ...TIME });
  const clocks = new Intl.DateTimeFormat(locale, TIME);
  const relative = new Intl.RelativeTimeFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const date = (seconds: number) => dates.format(seconds * 1000);
  const numbers = [0, 1, 2].map(
    (decimals) => new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }),
  );
  const number = (value: number | bigint, decimals: 0 | 1 | 2 = 0) =>
    numbers[decimals]?.format(value) ?? String(value);
  return {
    date,
    number,
    day: (written) => {
      const at = new Date(`${written.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(at.getTime()) ? written : days.format(at);
    },
    dateTime: (seconds) => dateTimes.format(seconds * 1000),
    clock: (seconds) => clocks.format(seconds * 1000),
    ago: (seconds, now = Date.now() / 1000) => {
      const ago = now - seconds;
      if (ago < 60) return t('justNow');
      if (ago < 3600) return relative.format(-Math.floor(ago / 60), 'minute');
      if (ago < DAY) return relative.format(-Math.floor(ago / 3600), 'hour');
      if (ago < 7 * DAY) return relative.format(-Math.floor(ago / DAY), 'day');
      return date(seconds);
    },
    bytes: (bytes) => {
      if (bytes < 1000) return t('bytes', { bytes: String(bytes) });
      const { value, unit } = scaled(bytes);
      return `${number(value, value < 10 ? 1 : 0)} ${unit}`;
    },
    list: (words) => lists.format(words),
  };
}

function scaled(bytes: number): { readonly value: number; readonly unit: string } {
  const units = ['kB', 'MB', 'GB'];
  const step = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return { value: bytes / 1000 ** step, unit: units[step - 1] ?? 'kB' };
}
