import {
  DECISIONS,
  type Decision,
  type EntryFilter,
  PURPOSES_OF_USE,
  type PurposeOfUse,
} from '@chartkey/sdk';
import { getAddress, isAddress } from 'viem';

/** What a form holds, and what stands in the address bar: text as it was typed, empty for everything. */
export type FilterDraft = {
  readonly patient: string;
  readonly accessor: string;
  readonly organisation: string;
  readonly purpose: PurposeOfUse | '';
  /** `permitted`, `refused`, or one decision alone. */
  readonly outcome: 'permitted' | 'refused' | Decision | '';
  readonly emergency: boolean;
  /** `YYYY-MM-DD` where the reader is; both days belong to it. */
  readonly from: string;
  readonly until: string;
};

export const NO_FILTER: FilterDraft = {
  ...{ patient: '', accessor: '', organisation: '', purpose: '', outcome: '' },
  ...{ emergency: false, from: '', until: '' },
};

export const ACCOUNTS = ['patient', 'accessor', 'organisation'] as const;
export type Account = (typeof ACCOUNTS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_SECONDS = 86_400;

/** Reads the part of an address after `#`, which no browser sends to any server. What is not valid is left out. */
export function draftFrom(hash: string): FilterDraft {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (name: string) => given.get(name) ?? '';
  const purpose = PURPOSES_OF_USE.find(({ code }) => code === text('purpose'))?.code ?? '';
  return {
    ...{ patient: account(text('patient')), accessor: account(text('accessor')) },
    organisation: account(text('organisation')),
    purpose,
    outcome: outcomeFrom(text('outcome')),
    emergency: text('emergency') === '1',
    ...{ from: day(text('from')), until: day(text('until')) },
  };
}

/** The other way round; empty for everything. */
export function hashOf(draft: FilterDraft): string {
  const given = Object.entries({ ...draft, emergency: draft.emergency ? '1' : '' });
  return new URLSearchParams(given.filter(([, value]) => value !== '')).toString();
}

/** What is wrong with a field, as the key of its text. */
export type FilterProblem = 'noAccount' | 'endsBeforeItBegins';

export function problemsOf(draft: FilterDraft): Partial<Record<Account | 'until', FilterProblem>> {
  const wrong = ACCOUNTS.filter((name) => draft[name] !== '' && account(draft[name]) === '');
  const isBackwards = draft.from !== '' && draft.until !== '' && draft.until < draft.from;
  return {
    ...Object.fromEntries(wrong.map((name) => [name, 'noAccount' as const])),
    ...(isBackwards && { until: 'endsBeforeItBegins' as const }),
  };
}

/** As lists are asked. */
export function filterOf(draft: FilterDraft): EntryFilter {
  const { purpose, outcome, emergency, from, until } = draft;
  const accounts = ACCOUNTS.flatMap((name) => {
    const address = account(draft[name]);
    return address === '' ? [] : [[name, getAddress(address)] as const];
  });
  return {
    ...Object.fromEntries(accounts),
    ...(purpose !== '' && { purpose }),
    ...((outcome === 'permitted' || outcome === 'refused') && { outcome }),
    ...(isDecision(outcome) && { decision: outcome }),
    ...(emergency && { emergency }),
    ...(from !== '' && { from: startOf(from) }),
    ...(until !== '' && { until: nextDay(until) }),
  };
}

/** The first second of a day where the reader is, Unix. @param date `YYYY-MM-DD` */
export function startOf(date: string): number {
  return Math.floor(new Date(`${date}T00:00:00`).getTime() / 1_000);
}

/** The first second after it. Days are not all of one length. */
export function nextDay(date: string): number {
  const later = new Date(`${date}T00:00:00`);
  later.setDate(later.getDate() + 1);
  return Math.floor(later.getTime() / 1_000);
}

/** `YYYY-MM-DD` of a time where the reader is. @param seconds Unix */
export function dayOf(seconds: number): string {
  const at = new Date(seconds * 1_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** @param now Unix seconds */
export function daysAgo(days: number, now = Date.now() / 1_000): string {
  return dayOf(now - days * DAY_SECONDS);
}

function account(text: string): string {
  return isAddress(text.trim(), { strict: false }) ? text.trim() : '';
}

function day(text: string): string {
  return DAY.test(text) && !Number.isNaN(startOf(text)) ? text : '';
}

function outcomeFrom(text: string): FilterDraft['outcome'] {
  if (text === 'permitted' || text === 'refused') return text;
  return DECISIONS.find(({ code }) => code === text && code !== 'Permit')?.code ?? '';
}

function isDecision(outcome: FilterDraft['outcome']): outcome is Decision {
  return outcome !== '' && outcome !== 'permitted' && outcome !== 'refused';
}
