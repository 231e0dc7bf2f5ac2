import { type Consent, PURPOSES_OF_USE, type PurposeOfUse, type Role, type Scope } from '@chartkey/sdk';
import { dateInWords } from '../../ui/index.ts';

/**
 * Compartments are numbers to the chain, and what one holds is known to its patient alone. Others
 * know the first by name: it is what can be asked for without knowing any.
 */
export const FOLDERS: readonly number[] = [0];

/** A compartment without its patient's own name for it. */
export function folderName(compartment: number): string {
  return compartment === 0 ? 'General' : `Folder ${compartment + 1}`;
}

export function purposeName(code: PurposeOfUse): string {
  return PURPOSES_OF_USE.find((purpose) => purpose.code === code)?.display ?? code;
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

export function scopeProblem(draft: ScopeDraft): string | undefined {
  if (draft.compartments.length === 0) return 'Choose at least one folder.';
  if (draft.purposes.length === 0) return 'Choose at least one purpose.';
  if (!(endOf(draft.until) * 1000 > Date.now())) return 'Choose a last day that is not in the past.';
  return undefined;
}

export function scopeToChain(draft: ScopeDraft): Consent {
  const { compartments, purposes, mayWrite, until } = draft;
  return { compartments, purposes, mayWrite, startsAt: 0, expiresAt: endOf(until) };
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

/** `General and Medication, for Treatment, until 21 Nov 2026`. */
export function describeScope(scope: Scope, nameOf: (compartment: number) => string = folderName): string {
  const folders =
    scope.compartments.length > 4
      ? `${scope.compartments.length} folders`
      : list(scope.compartments.map(nameOf));
  return `${folders}, for ${list(scope.purposes.map(purposeName))}, until ${dateInWords(scope.expiresAt)}`;
}

export function isStanding({ startsAt, expiresAt }: Consent): boolean {
  const now = Date.now() / 1000;
  return startsAt <= now && now < expiresAt;
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);
}

/** The end of that day where the person is, in Unix seconds. */
function endOf(day: string): number {
  return Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);
}

function dayOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
