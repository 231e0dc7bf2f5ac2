'use client';

import type { Consent, PurposeOfUse, Role, Scope } from '@chartkey/sdk';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { useWords, type Words } from '../../ui/index.ts';

/**
 * Compartments are numbers to the chain, and what one holds is known to its patient alone. Others
 * know the first by name: it is what can be asked for without knowing any.
 */
export const FOLDERS: readonly number[] = [0];

/** Roles, purposes and what a consent covers, in the reader's language. */
export type ConsentWords = {
  readonly roleName: (role: Role) => string;
  readonly purposeName: (code: PurposeOfUse) => string;
  /** A compartment without its patient's own name for it. */
  readonly folderName: (compartment: number) => string;
  /** `General and Medication, for Treatment, until 21 Nov 2026`. */
  readonly describeScope: (scope: Scope, nameOf?: (compartment: number) => string) => string;
  readonly scopeProblem: (draft: ScopeDraft) => string | undefined;
};

export function useConsentWords(): ConsentWords {
  const t = useTranslations('consent');
  const words = useWords();
  return useMemo(() => {
    const folderName = (compartment: number) =>
      compartment === 0 ? t('general') : t('folder', { number: compartment + 1 });
    const purposeName = (code: PurposeOfUse) => t(`purposes.${code}`);
    return {
      folderName,
      purposeName,
      roleName: (role) => t(`roles.${role}`),
      describeScope: (scope, nameOf = folderName) => {
        const purposes = words.list(scope.purposes.map(purposeName));
        return t('scope', {
          folders: foldersOf(t, words, scope, nameOf),
          purposes,
          date: words.date(scope.expiresAt),
        });
      },
      scopeProblem: (draft) => scopeProblem(t, draft),
    };
  }, [t, words]);
}

/** More than these are counted, not named. */
const MAX_NAMED = 4;

function foldersOf(
  t: Translate<'consent'>,
  words: Words,
  { compartments }: Scope,
  nameOf: (compartment: number) => string,
): string {
  if (compartments.length > MAX_NAMED) return t('folders', { count: compartments.length });
  return words.list(compartments.map(nameOf));
}

/** What a form holds before it becomes a consent or a request. */
export type ScopeDraft = {
  readonly compartments: readonly number[];
  readonly purposes: readonly PurposeOfUse[];
  /** `YYYY-MM-DD`: the last day on which it stands. */
  readonly until: string;
  readonly mayWrite: boolean;
};

const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

/** What a provider of that role reads for, unless they say otherwise. */
const USUAL: Partial<Record<Role, PurposeOfUse>> = {
  Insurer: 'COVERAGE',
  PublicHealth: 'PUBHLTH',
  Researcher: 'HRESCH',
};

export function emptyScope(role: Role = 'Clinician'): ScopeDraft {
  return {
    compartments: [0],
    purposes: [USUAL[role] ?? 'TREAT'],
    until: untilInDays(DEFAULT_DAYS),
    mayWrite: false,
  };
}

/** The last day of a consent that begins now, `YYYY-MM-DD`. */
export function untilInDays(days: number): string {
  return dayOf(Date.now() + days * DAY_MS);
}

function scopeProblem(t: Translate<'consent'>, draft: ScopeDraft): string | undefined {
  if (draft.compartments.length === 0) return t('chooseAtLeastOneFolder');
  if (draft.purposes.length === 0) return t('chooseAtLeastOnePurpose');
  if (!(endOfDay(draft.until) * 1000 > Date.now())) return t('chooseALastDayThat');
  return undefined;
}

export function scopeToChain(draft: ScopeDraft): Consent {
  const { compartments, purposes, mayWrite, until } = draft;
  return { compartments, purposes, mayWrite, startsAt: 0, expiresAt: endOfDay(until) };
}

/** What somebody asked for, as a draft that the patient may narrow. */
export function clampToFolders(asked: Scope): ScopeDraft {
  return {
    compartments: asked.compartments,
    purposes: asked.purposes,
    until: dayOf(asked.expiresAt * 1000),
    mayWrite: false,
  };
}

export function isStanding({ startsAt, expiresAt }: Consent): boolean {
  const now = Date.now() / 1000;
  return startsAt <= now && now < expiresAt;
}

/** The end of that day where the person is, in Unix seconds. */
export function endOfDay(day: string): number {
  return Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);
}

function dayOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
