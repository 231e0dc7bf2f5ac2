import { DECISIONS, type LogEntry } from '@chartkey/sdk';
import { readerFor } from '../access.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { addressFrom, oneOf, PURPOSE_CODES, purposeFrom, timeFrom, timeText } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { progress } from '../progress.ts';
import { CHAIN_OPTIONS } from '../settings.ts';
import { entriesFrom } from './source.ts';

/** `denied` is everything but a permit; a decision's own name is that one alone. */
const OUTCOMES = [
  'permit',
  'denied',
  ...DECISIONS.map(({ code }) => code).filter((code) => code !== 'Permit'),
];

export const log: Command = {
  name: 'audit log',
  says: 'Lists entries of access logs, straight from the chain: who looked, at what, when, why',
  options: {
    patient: { value: 'ADDRESS', says: 'only this patient’s log' },
    accessor: { value: 'ADDRESS', says: 'only this accessor’s entries' },
    purpose: { value: 'PURPOSE', says: PURPOSE_CODES.join(', '), choices: PURPOSE_CODES },
    outcome: {
      value: 'OUTCOME',
      says: 'permit, denied, or one decision, as ConsentMissing',
      choices: OUTCOMES,
    },
    since: { value: 'TIME', says: 'entries from then on: 2026-11-01, 7d (ago)' },
    until: { value: 'TIME', says: 'entries before then' },
    ...CHAIN_OPTIONS,
  },
  more: 'Anybody may ask: what is listed stands on the chain. That nothing is left out, chartkey audit verify proves.',
  lists: true,
  examples: [
    'audit log --patient 0x… --since 30d',
    'audit log --outcome denied --ndjson > refused.ndjson',
    'audit log --accessor 0x… --purpose ETREAT --json',
  ],
  run: async (given) => {
    const wanted = filterFrom(given);
    const period = periodFrom(given);
    const client = await readerFor(given);
    const { say, end } = progress();
    const entries = entriesFrom(client, {
      ...period,
      patient: addressIn(given, 'patient'),
      accessor: addressIn(given, 'accessor'),
      onProgress: ({ done, total }) => (done < total ? say(`${done} of ${total} blocks`) : end()),
    });
    const listing: Listing<LogEntry> = {
      items: filtered(entries, wanted),
      columns: ['time', 'decision', 'purpose', 'accessor', 'patient', 'no.', 'record'],
      row: ({ openedAt, decision, purpose, accessor, patient, sequence, recordId }) => [
        timeText(openedAt),
        decision,
        purpose,
        accessor,
        patient,
        String(sequence),
        recordId,
      ],
      empty: 'No entry.',
    };
    return listing;
  },
};

type Filter = (entry: LogEntry) => boolean;

function filterFrom(given: Given): Filter {
  const [asked, outcome] = [given.text('purpose'), given.text('outcome')];
  const purpose = asked === undefined ? undefined : purposeFrom(asked, '--purpose');
  const decides = outcome === undefined ? () => true : outcomeFilter(oneOf(OUTCOMES, outcome, '--outcome'));
  return (entry) => (purpose === undefined || entry.purpose === purpose) && decides(entry);
}

function outcomeFilter(outcome: string): Filter {
  if (outcome === 'permit') return ({ decision }) => decision === 'Permit';
  if (outcome === 'denied') return ({ decision }) => decision !== 'Permit';
  return ({ decision }) => decision === outcome;
}

function periodFrom(given: Given): { readonly since?: number; readonly until?: number } {
  const [since, until] = [given.text('since'), given.text('until')];
  const period = {
    ...(since === undefined ? {} : { since: timeFrom(since, '--since', 'ago') }),
    ...(until === undefined ? {} : { until: timeFrom(until, '--until', 'ago') }),
  };
  if (period.since !== undefined && period.until !== undefined && period.since >= period.until) {
    throw new UsageError('--since must lie before --until');
  }
  return period;
}

function addressIn(given: Given, option: string) {
  const text = given.text(option);
  return text === undefined ? undefined : addressFrom(text, `--${option}`);
}

async function* filtered(entries: AsyncIterable<LogEntry>, wanted: Filter): AsyncGenerator<LogEntry> {
  for await (const entry of entries) if (wanted(entry)) yield entry;
}
