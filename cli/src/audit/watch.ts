import {
  type Alert,
  alertNotice,
  ChartkeyError,
  createWatcher,
  indexInfo,
  RULES,
  type RuleChoice,
  type RuleName,
} from '@chartkey/sdk';
import type { Command, Option } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readJson } from '../files.ts';
import { endpointFrom, numberFrom, timeFrom } from '../inputs.ts';
import { CHAIN_OPTIONS } from '../settings.ts';
import { neededIndex } from './source.ts';

const POST_TIMEOUT_MS = 10_000;
const NAMES = Object.keys(RULES) as RuleName[];

export const watch: Command = {
  name: 'audit watch',
  says: 'Watches access logs by rules, and tells of what to look at',
  options: {
    rules: { value: 'FILE', says: 'JSON that turns rules off or sets them: {"outside-hours": false}' },
    webhook: { value: 'URL', says: 'posts each alert there: rule, time and numbers, and nobody’s address' },
    since: {
      value: 'TIME',
      says: 'tells of what happened from then on: 2026-11-01, 7d (ago); default: from now',
    },
    every: { value: 'SECONDS', says: 'looks so often (default: 5)' },
    once: { says: 'looks once, up to where the index is, and ends: exit code 1 if there was an alert' },
    'index-url': { value: 'URL', says: 'the index to read from (else CHARTKEY_INDEX_URL)' },
    config: CHAIN_OPTIONS.config,
  } satisfies Record<string, Option>,
  more: `Rules:\n${NAMES.map((name) => `  ${name}: ${RULES[name].says}`).join('\n')}

An alert names an accessor and a block, and never a patient; what the webhook is sent names nobody. The
day before is read too, so that what began earlier is seen.`,
  examples: [
    'audit watch --webhook https://alerts.example/chartkey',
    'audit watch --rules rules.json --since 1d --once --json',
  ],
  run: async (given) => {
    const since = timeFrom(given.text('since') ?? '0m', '--since', 'ago');
    const every = numberFrom(given.text('every') ?? '5', '--every', [1, 3_600]);
    const hook = given.text('webhook');
    const webhook = hook === undefined ? undefined : endpointFrom(hook, '--webhook');
    const rules = await rulesFrom(given.text('rules'));
    const index = await neededIndex(given);
    const { chainId } = await indexInfo(index);
    const watcher = createWatcher(index, { rules, since });
    for (;;) {
      const alerts = await watcher.look().catch(given.on('once') ? raised : tellOfIndex);
      if (webhook) for (const alert of alerts) await post(webhook, chainId, alert);
      if (given.on('once')) {
        const exitCode = alerts.length > 0 ? EXIT.found : EXIT.done;
        return { json: { alerts }, lines: alerts.map(lineOf), exitCode };
      }
      for (const alert of alerts) console.log(given.on('json') ? JSON.stringify(alert) : lineOf(alert));
      await new Promise((resolve) => setTimeout(resolve, every * 1_000));
    }
  },
};

function raised(error: unknown): never {
  throw error;
}

/** Watching outlives a restart of the index: what it has missed is looked at the next time. */
function tellOfIndex(error: unknown): readonly Alert[] {
  if (!(error instanceof ChartkeyError) || !error.retryable) throw error;
  console.error(error.message);
  return [];
}

function lineOf({ rule, at, accessor, count, blockNumber }: Alert): string {
  return `${new Date(at * 1_000).toISOString()}  ${rule}  ${accessor}  ${count}  block ${blockNumber}`;
}

async function post(url: string, chainId: number, alert: Alert): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alertNotice(chainId, alert)),
    redirect: 'error',
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  }).catch(() => undefined);
  // An alert that did not arrive is on the screen all the same; watching goes on.
  if (!response?.ok) console.error('The webhook did not take an alert.');
}

async function rulesFrom(path: string | undefined): Promise<RuleChoice> {
  if (path === undefined) return {};
  const json = await readJson(path, 'rules');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('must be an object');
  for (const [name, choice] of Object.entries(json)) {
    if (!NAMES.includes(name as RuleName)) throw invalid(`has no rule ${JSON.stringify(name)}`);
    if (typeof choice !== 'boolean' && !isSettings(choice)) throw invalid(`${name} is not valid`);
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

function invalid(what: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', `--rules: ${what}.`);
}
