import {
  ChartkeyError,
  COMPARTMENT_COUNT,
  PURPOSES_OF_USE,
  type PurposeOfUse,
  type RecordId,
} from '@chartkey/sdk';
import { type Address, getAddress, isAddress } from 'viem';

/* What is typed, as types that can't be wrong. `name` is the option or the argument, for the message. */

/** @throws ChartkeyError `INPUT_INVALID` */
export function addressFrom(text: string, name: string): Address {
  if (isAddress(text, { strict: false })) return getAddress(text);
  throw invalid(name, 'must be an address: 0x and 40 hex digits.');
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function endpointFrom(text: string, name: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw invalid(name, 'must be an http or https URL.');
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function recordIdFrom(text: string, name: string): RecordId {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as RecordId;
  throw invalid(name, 'must be a record’s id: 0x and 64 hex digits.');
}

/** A whole number within bounds. @throws ChartkeyError `INPUT_INVALID` */
export function numberFrom(text: string, name: string, [min, max]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
  throw invalid(name, `must be a whole number from ${min} to ${max}.`);
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function compartmentFrom(text: string, name: string): number {
  return numberFrom(text, name, [0, COMPARTMENT_COUNT - 1]);
}

/** `0,3,7` @throws ChartkeyError `INPUT_INVALID` */
export function compartmentsFrom(text: string, name: string): number[] {
  return text.split(',').map((part) => compartmentFrom(part.trim(), name));
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function purposeFrom(text: string, name: string): PurposeOfUse {
  return oneOf(PURPOSE_CODES, text.toUpperCase(), name);
}

/** `TREAT,HPAYMT` @throws ChartkeyError `INPUT_INVALID` */
export function purposesFrom(text: string, name: string): PurposeOfUse[] {
  return text.split(',').map((part) => purposeFrom(part.trim(), name));
}

export const PURPOSE_CODES: readonly PurposeOfUse[] = PURPOSES_OF_USE.map(({ code }) => code);

/** @throws ChartkeyError `INPUT_INVALID` that lists what it could be */
export function oneOf<T extends string>(words: readonly T[], text: string, name: string): T {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(name, `must be one of ${words.join(', ')}.`);
}

const UNIT_SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

/**
 * A time as Unix seconds: `2027-01-31`, `2027-01-31T12:00:00Z`, seconds, or so far from now: `90d`,
 * `12h`, `5m`, which `direction` counts forward or back.
 *
 * @throws ChartkeyError `INPUT_INVALID`
 */
export function timeFrom(text: string, name: string, direction: 'ahead' | 'ago'): number {
  const now = Math.floor(Date.now() / 1_000);
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    const span = Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
    return direction === 'ahead' ? now + span : Math.max(0, now - span);
  }
  if (/^\d{9,11}$/.test(text)) return Number(text);
  const parsed = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(parsed)) return Math.floor(parsed / 1_000);
  throw invalid(
    name,
    'must be a date (2027-01-31, 2027-01-31T12:00:00Z), Unix seconds, or a span (90d, 12h).',
  );
}

/** Unix seconds as people read them, in UTC; a dash for none. */
export function timeText(seconds: number): string {
  return seconds === 0 ? '-' : `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

function invalid(name: string, what: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', `${name}: ${what}`);
}

export const AREA_OPTION = { value: 'N', says: 'the number of the area' } as const;

/** @throws ChartkeyError `INPUT_INVALID` */
export function areaFrom(text: string): number {
  return numberFrom(text, '--area', [0, 0xffff_ffff]);
}
