import type { Consent, Scope } from '@chartkey/sdk';
import type { Given, Option } from '../command.ts';
import { compartmentsFrom, PURPOSE_CODES, purposesFrom, timeFrom, timeText } from '../inputs.ts';

export const SCOPE_OPTIONS = {
  compartments: { value: 'N,N…', says: 'the parts of the chart, 0 to 63' },
  purposes: { value: 'CODE,CODE…', says: PURPOSE_CODES.join(', '), choices: PURPOSE_CODES },
  until: { value: 'TIME', says: 'when it ends: 2027-01-31, 90d' },
} as const satisfies Record<string, Option>;

export const CONSENT_OPTIONS = {
  from: { value: 'TIME', says: 'when it begins (default: at once)' },
  'may-write': { says: 'the accessor may also add records to these parts' },
} as const satisfies Record<string, Option>;

/** What is typed of a scope; what is left out comes from `base`. @throws UsageError, ChartkeyError `INPUT_INVALID` */
export function scopeFrom(given: Given, base?: Scope): Scope {
  const from = <T>(option: string, parse: (text: string) => T, standing: T | undefined): T => {
    const typed = given.text(option);
    if (typed !== undefined) return parse(typed);
    return standing ?? parse(given.needed(option));
  };
  return {
    compartments: from(
      'compartments',
      (text) => compartmentsFrom(text, '--compartments'),
      base?.compartments,
    ),
    purposes: from('purposes', (text) => purposesFrom(text, '--purposes'), base?.purposes),
    expiresAt: from('until', (text) => timeFrom(text, '--until', 'ahead'), base?.expiresAt),
  };
}

/** A consent as it is typed. @throws as {@link scopeFrom} */
export function consentFrom(given: Given, base?: Scope): Consent {
  const from = given.text('from');
  return {
    ...scopeFrom(given, base),
    startsAt: from === undefined ? 0 : timeFrom(from, '--from', 'ahead'),
    mayWrite: given.on('may-write'),
  };
}

/** A scope's cells in a table. */
export function scopeCells({ compartments, purposes, expiresAt }: Scope): string[] {
  return [compartments.join(','), purposes.join(','), timeText(expiresAt)];
}
