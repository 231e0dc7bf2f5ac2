import { DECISIONS, type EntryFilter } from '@chartkey/sdk';
import { type Given, type Option, UsageError } from '../command.ts';
import { addressFrom, oneOf, PURPOSE_CODES, purposeFrom, timeFrom } from '../inputs.ts';

/** `denied` is everything but a permit; a decision's own name is that one alone. */
const OUTCOMES = [
  'permit',
  'denied',
  ...DECISIONS.map(({ code }) => code).filter((code) => code !== 'Permit'),
];

/** Which entries. */
export const FILTER_OPTIONS = {
  patient: { value: 'ADDRESS', says: 'only this patient’s log' },
  accessor: { value: 'ADDRESS', says: 'only this accessor’s entries' },
  organisation: {
    value: 'ADDRESS',
    says: 'only those of accessors who were its members then; needs an index',
  },
  purpose: { value: 'PURPOSE', says: PURPOSE_CODES.join(', '), choices: PURPOSE_CODES },
  outcome: {
    value: 'OUTCOME',
    says: 'permit, denied, or one decision, as ConsentMissing',
    choices: OUTCOMES,
  },
  emergency: { says: 'only for ETREAT or BTG' },
  since: { value: 'TIME', says: 'entries from then on: 2026-11-01, 7d (ago)' },
  until: { value: 'TIME', says: 'entries before then' },
} as const satisfies Record<string, Option>;

/** @throws ChartkeyError `INPUT_INVALID` that names the option; UsageError */
export function filterFrom(given: Given): EntryFilter {
  const address = (option: string) => {
    const text = given.text(option);
    return text === undefined ? undefined : addressFrom(text, `--${option}`);
  };
  const purpose = given.text('purpose');
  return withoutAbsent({
    patient: address('patient'),
    accessor: address('accessor'),
    organisation: address('organisation'),
    purpose: purpose === undefined ? undefined : purposeFrom(purpose, '--purpose'),
    ...outcomeFrom(given),
    emergency: given.on('emergency') || undefined,
    ...periodFrom(given),
  });
}

function outcomeFrom(given: Given): Pick<EntryFilter, 'outcome' | 'decision'> {
  const text = given.text('outcome');
  if (text === undefined) return {};
  const outcome = oneOf(OUTCOMES, text, '--outcome');
  if (outcome === 'permit') return { outcome: 'permitted' };
  if (outcome === 'denied') return { outcome: 'refused' };
  return { decision: DECISIONS.find(({ code }) => code === outcome)?.code };
}

function periodFrom(given: Given): Pick<EntryFilter, 'from' | 'until'> {
  const time = (option: string) => {
    const text = given.text(option);
    return text === undefined ? undefined : timeFrom(text, `--${option}`, 'ago');
  };
  const period = { from: time('since'), until: time('until') };
  if (period.from !== undefined && period.until !== undefined && period.from >= period.until) {
    throw new UsageError('--since must lie before --until');
  }
  return period;
}

function withoutAbsent(filter: EntryFilter): EntryFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
