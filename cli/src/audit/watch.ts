import {
  type Alert,
  askIndex,
  ChartkeyError,
  type HistoryEvent,
  type Index,
  type IndexedEntry,
  indexInfo,
  RULES,
  type RuleChoice,
  type RuleName,
  type WatchedEvent,
  watchRules,
} from '@chartkey/sdk';
import type { Command, Option } from '../command.ts';
import { readJson } from '../files.ts';
import { INDEX_OPTIONS, invalid } from './access.ts';

const DAY = 86_400;
const POST_TIMEOUT_MS = 10_000;
const NAMES = Object.keys(RULES) as RuleName[];

export const watch: Command = {
  name: 'audit watch',
  says: 'Watches access logs by rules, and tells of what to look at',
  options: {
    'index-url': { ...INDEX_OPTIONS['index-url'], says: 'the index to read from', needed: true },
    rules: { value: 'FILE', says: 'JSON that turns rules off or sets them: {"outside-hours": false}' },
    webhook: { value: 'URL', says: 'posts each alert there: rule, time and numbers, and nobody’s address' },
    since: { value: 'SECONDS', says: `tells of so many last seconds too (default: 0, at most ${30 * DAY})` },
    every: { value: 'SECONDS', says: 'looks so often (default: 5)' },
    once: { says: 'looks once, up to where the index is, and ends: exit code 1 if there was an alert' },
  } satisfies Record<string, Option>,
  more: `Rules:\n${NAMES.map((name) => `  ${name}: ${RULES[name].says}`).join('\n')}

An alert names an accessor and a block, and never a patient. The day before is read too, so that what
began earlier is seen.

  chartkey audit watch --index-url http://127.0.0.1:5401 --webhook https://alerts.example/chartkey`,
  run: async (given) => {
    const index = { url: given.needed('index-url') };
    const { chainId } = await indexInfo(index);
    const since = seconds(given.text('since'), 'since', 30 * DAY, 0);
    const every = seconds(given.text('every'), 'every', 3_600, 5);
    const webhook = urlFrom(given.text('webhook'));
    const start = Math.floor(Date.now() / 1000) - since;
    const watcher = new Watcher(index, await rulesFrom(given.text('rules')), start - DAY);
    const told: Alert[] = [];
    for (;;) {
      for (const alert of (await watcher.look()).filter(({ at }) => at >= start)) {
        if (given.on('once')) told.push(alert);
        else console.log(given.on('json') ? JSON.stringify(alert) : lineOf(alert));
        if (webhook) await post(webhook, chainId, alert);
      }
      if (given.on('once'))
        return { json: { alerts: told }, lines: told.map(lineOf), exitCode: told.length && 1 };
      await new Promise((resolve) => setTimeout(resolve, every * 1_000));
    }
  },
};

/** Goes on where it was, over entries and other events in the order of the chain. */
class Watcher {
  readonly #index: Index;
  readonly #look: (what: WatchedEvent) => Alert[];
  readonly #from: number;
  #cursor: string | undefined;
  #historyCursor: string | undefined;

  constructor(index: Index, rules: RuleChoice, from: number) {
    this.#index = index;
    this.#look = watchRules(rules);
    this.#from = from;
  }

  async look(): Promise<Alert[]> {
    const alerts: Alert[] = [];
    // Events are few; entries come page by page between them.
    const events = await this.#events();
    for await (const entry of this.#entries()) {
      while (events[0] && isBefore(events[0], entry)) alerts.push(...this.#hear(events));
      alerts.push(...this.#look({ entry }));
    }
    while (events.length > 0) alerts.push(...this.#hear(events));
    return alerts;
  }

  #hear(events: HistoryEvent[]): Alert[] {
    const event = events.shift();
    return event ? this.#look({ event }) : [];
  }

  async *#entries(): AsyncGenerator<IndexedEntry> {
    for (;;) {
      const page = await askIndex(this.#index, 'entries', this.#query(this.#cursor));
      yield* page.items;
      this.#cursor = page.last ?? this.#cursor;
      if (page.next === null) return;
    }
  }

  async #events(): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for (;;) {
      const query = { ...this.#query(this.#historyCursor), name: 'ConsentRevoked' };
      const page = await askIndex(this.#index, 'history', query);
      events.push(...page.items);
      this.#historyCursor = page.last ?? this.#historyCursor;
      if (page.next === null) return events;
    }
  }

  #query(cursor: string | undefined) {
    return {
      order: 'oldest' as const,
      limit: 1_000,
      from: this.#from,
      ...(cursor === undefined ? {} : { cursor }),
    };
  }
}

type Placed = { readonly blockNumber: number; readonly logIndex: number };

function isBefore(a: Placed, b: Placed): boolean {
  return a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex < b.logIndex);
}

function lineOf({ rule, at, accessor, count, blockNumber }: Alert): string {
  return `${new Date(at * 1_000).toISOString()}  ${rule}  ${accessor}  ${count}  block ${blockNumber}`;
}

/** An address is a person's too: whoever gets the alert looks it up where the log is. */
async function post(url: string, chainId: number, { rule, at, count, blockNumber }: Alert): Promise<void> {
  const alert = {
    format: 'chartkey-alert',
    version: 1,
    chainId,
    rule,
    says: RULES[rule].says,
    at,
    count,
    blockNumber,
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
    redirect: 'error',
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  }).catch(() => undefined);
  // An alert that did not arrive is on the screen all the same; watching goes on.
  if (!response?.ok) console.error('The webhook did not take an alert.');
}

async function rulesFrom(path: string | undefined): Promise<RuleChoice> {
  if (path === undefined) return {};
  const json = await readJson(path, 'rules');
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid('rules', 'must be an object');
  for (const [name, choice] of Object.entries(json)) {
    if (!NAMES.includes(name as RuleName)) throw invalid('rules', `has no rule ${JSON.stringify(name)}`);
    if (typeof choice !== 'boolean' && !isSettings(choice)) throw invalid('rules', `${name} is not valid`);
  }
  return json as RuleChoice;
}

function isSettings(choice: unknown): boolean {
  if (typeof choice !== 'object' || choice === null) return false;
  const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0;
  const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
    count: isCount,
    seconds: isCount,
    hours: (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24),
  };
  return Object.entries(choice).every(([name, value]) => checks[name]?.(value) ?? false);
}

function seconds(text: string | undefined, option: string, most: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw invalid(option, `must be a number of seconds, at most ${most}`);
}

function urlFrom(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new ChartkeyError('INPUT_INVALID', '--webhook: must be an http or https URL.');
}
