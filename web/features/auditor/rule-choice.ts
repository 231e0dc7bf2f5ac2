import { type Alert, RULES, type RuleChoice, type RuleName, type RuleSettings } from '@chartkey/sdk';

/** What an auditor set of one rule. */
export type RuleSet = { readonly on: boolean; readonly settings: Partial<RuleSettings> };
export type RuleSets = Readonly<Record<RuleName, RuleSet>>;

export const RULE_NAMES = Object.keys(RULES) as RuleName[];

/** When a clinic sleeps only its own people know; the others say something everywhere. */
const OFF_AT_FIRST: readonly RuleName[] = ['outside-hours'];

/** What a rule has of thresholds, and so what can be set. */
export function thresholdsOf(name: RuleName): readonly (keyof RuleSettings)[] {
  return Object.keys(RULES[name].settings) as (keyof RuleSettings)[];
}

/** Reads what a browser kept; whatever is not as it should be is as at first. */
export function ruleSetsFrom(kept: unknown): RuleSets {
  const given = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  return Object.fromEntries(RULE_NAMES.map((name) => [name, ruleSetFrom(name, given[name])])) as RuleSets;
}

function ruleSetFrom(name: RuleName, kept: unknown): RuleSet {
  const { on, settings } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<RuleSet>;
  const given = thresholdsOf(name).flatMap((key) => {
    const value = settings?.[key];
    return isValid(key, value) ? [[key, value] as const] : [];
  });
  return {
    on: typeof on === 'boolean' ? on : !OFF_AT_FIRST.includes(name),
    settings: { ...RULES[name].settings, ...Object.fromEntries(given) },
  };
}

export function isValid(key: keyof RuleSettings, value: unknown): boolean {
  if (key !== 'hours') return Number.isInteger(value) && Number(value) > 0;
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24)
  );
}

/** As the watcher takes them. */
export function choiceOf(sets: RuleSets): RuleChoice {
  return Object.fromEntries(RULE_NAMES.map((name) => [name, sets[name].on && sets[name].settings]));
}

/** One alert among others. */
export function keyOf({ rule, accessor, at, blockNumber }: Alert): string {
  return [rule, accessor, at, blockNumber].join(' ');
}
