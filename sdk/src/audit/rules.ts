import { REVIEW_SECONDS } from '../contracts/emergencies.ts';
import type { HistoryEvent, IndexedEntry } from '../indexer/index.ts';
import { UnreviewedEmergencies } from './emergency-rule.ts';

/*
 * What an auditor wants to hear of, each rule a few lines over what happens in its order. A rule
 * accuses nobody: it says where to look.
 */

/** What happens: an entry, another event, or nothing up to a time in Unix seconds. */
export type WatchedEvent =
  | { readonly entry: IndexedEntry }
  | { readonly event: HistoryEvent }
  | { readonly time: number };

export type Alert = {
  readonly rule: RuleName;
  /** Unix seconds. */
  readonly at: number;
  /** Whose openings or tries: an accessor, never a patient. */
  readonly accessor: string;
  /** How many refusals, patients, openings. */
  readonly count: number;
  readonly blockNumber: number;
};

/** How much is too much; each rule has its own of these. */
export type RuleSettings = {
  readonly count: number;
  readonly seconds: number;
  /** Hours of the day in UTC, from and until. */
  readonly hours: readonly [number, number];
};

type Found = Pick<Alert, 'at' | 'accessor' | 'count' | 'blockNumber'>;
type Rule = {
  readonly says: string;
  readonly settings: Partial<RuleSettings>;
  /** Events besides entries that it has to hear of. */
  readonly events?: readonly string[];
  /** A fresh look; what it answers are alerts. */
  readonly start: (settings: RuleSettings) => (what: WatchedEvent) => Found | readonly Found[] | undefined;
};

const DEFAULTS: RuleSettings = { count: 1, seconds: 3_600, hours: [6, 22] };

export const RULES = {
  'many-refusals': {
    says: 'An accessor was refused many times in a short time.',
    settings: { count: 5, seconds: 3_600 },
    start: ({ count, seconds }) => {
      const refusals = windows<number>(seconds);
      return onEntry((entry) => {
        if (entry.decision === 'Permit') return undefined;
        const recent = refusals(entry.accessor, entry.openedAt, entry.openedAt);
        return recent.length === count ? found(entry, count) : undefined;
      });
    },
  },
  'many-patients': {
    says: 'An accessor opened records of many patients in a short time.',
    settings: { count: 20, seconds: 600 },
    start: ({ count, seconds }) => {
      const opened = windows<string>(seconds);
      const told = new Map<string, number>();
      return onEntry((entry) => {
        if (entry.decision !== 'Permit') return undefined;
        const patients = new Set(opened(entry.accessor, entry.openedAt, entry.patient));
        const before = told.get(entry.accessor) ?? Number.NEGATIVE_INFINITY;
        if (patients.size < count || entry.openedAt - before < seconds) return undefined;
        told.set(entry.accessor, entry.openedAt);
        return found(entry, patients.size);
      });
    },
  },
  'outside-hours': {
    says: 'An accessor opened records outside the usual hours.',
    settings: { hours: [6, 22] },
    start: ({ hours: [from, until] }) => {
      const told = new Map<string, number>();
      return onEntry((entry) => {
        const hour = new Date(entry.openedAt * 1_000).getUTCHours();
        if (entry.decision !== 'Permit' || (hour >= from && hour < until)) return undefined;
        // Once a night and accessor.
        const before = told.get(entry.accessor) ?? Number.NEGATIVE_INFINITY;
        told.set(entry.accessor, entry.openedAt);
        return entry.openedAt - before < 12 * 3_600 ? undefined : found(entry, 1);
      });
    },
  },
  'before-revoke': {
    says: 'An accessor opened records right before its consent was revoked.',
    settings: { seconds: 600 },
    events: ['ConsentRevoked'],
    start: ({ seconds }) => {
      const opened = windows<{ readonly patient: string }>(seconds);
      return (what) => {
        if ('entry' in what) {
          const { entry } = what;
          if (entry.decision === 'Permit') opened(entry.accessor, entry.openedAt, entry);
          return undefined;
        }
        if (!('event' in what)) return undefined;
        const { name, account, patient, at, blockNumber } = what.event;
        if (name !== 'ConsentRevoked' || account === null) return undefined;
        const count = opened(account, at).filter((entry) => entry.patient === patient).length;
        return count === 0 ? undefined : { at, accessor: account, count, blockNumber };
      };
    },
  },
  'emergency-unreviewed': {
    says: 'Records were opened for an emergency, and no review of it stands on the chain.',
    settings: { seconds: REVIEW_SECONDS },
    events: ['EmergencyOpened', 'EmergencyReviewed'],
    start: ({ seconds }) => {
      const emergencies = new UnreviewedEmergencies(seconds);
      return (what) => {
        if ('time' in what) return emergencies.overdueAt(what.time);
        const overdue = emergencies.overdueAt('entry' in what ? what.entry.openedAt : what.event.at);
        if ('event' in what) emergencies.hear(what.event);
        else if (isEmergency(what.entry)) {
          // Without an emergency on the chain, by a consent alone, nobody will ever review it.
          if (what.entry.ground !== 'Emergency') return [...overdue, found(what.entry, 1)];
          emergencies.opened(what.entry);
        }
        return overdue;
      };
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

/** Which rules look, and how: `false` turns one off. */
export type RuleChoice = Partial<Readonly<Record<RuleName, boolean | Partial<RuleSettings>>>>;

/** Looks at what happens, in its order. What it answers is what to look at. */
export function watchRules(choice: RuleChoice = {}): (what: WatchedEvent) => Alert[] {
  const rules = chosen(choice).map(({ name, settings }) => ({ name, look: RULES[name].start(settings) }));
  return (what) =>
    rules.flatMap(({ name, look }) => [look(what) ?? []].flat().map((alert) => ({ rule: name, ...alert })));
}

/** What chosen rules have to be told of: names of events, and how far they look back, in seconds. */
export function neededBy(choice: RuleChoice = {}): {
  readonly events: readonly string[];
  readonly seconds: number;
} {
  const rules = chosen(choice);
  const events = rules.flatMap(({ name }) => (RULES[name] as Rule).events ?? []);
  return { events, seconds: Math.max(0, ...rules.map(({ settings }) => settings.seconds)) };
}

function chosen(choice: RuleChoice): { readonly name: RuleName; readonly settings: RuleSettings }[] {
  return (Object.keys(RULES) as RuleName[])
    .filter((name) => choice[name] !== false)
    .map((name) => {
      const own = choice[name];
      return {
        name,
        settings: { ...DEFAULTS, ...RULES[name].settings, ...(typeof own === 'object' ? own : {}) },
      };
    });
}

/** What each key had in the last so many seconds; with a value, that is added. */
function windows<T>(seconds: number): (key: string, at: number, value?: T) => T[] {
  const byKey = new Map<string, { readonly at: number; readonly value: T }[]>();
  return (key, at, value) => {
    const recent = (byKey.get(key) ?? []).filter((one) => one.at > at - seconds);
    if (value !== undefined) recent.push({ at, value });
    if (recent.length > 0) byKey.set(key, recent);
    else byKey.delete(key);
    return recent.map((one) => one.value);
  };
}

function onEntry(look: (entry: IndexedEntry) => Found | undefined) {
  return (what: WatchedEvent) => ('entry' in what ? look(what.entry) : undefined);
}

function isEmergency({ purpose, decision }: IndexedEntry): boolean {
  return decision === 'Permit' && (purpose === 'ETREAT' || purpose === 'BTG');
}

function found({ accessor, openedAt, blockNumber }: IndexedEntry, count: number): Found {
  return { at: openedAt, accessor, count, blockNumber };
}
