import { formatAddress, formatCodeableConcept } from '@medplum/core';
import type {
  CodeableConcept,
  Observation,
  ObservationReferenceRange,
  Patient,
  Quantity,
  Resource,
} from '@medplum/fhirtypes';

/** Formatters see files that anyone may have written: a broken field is left out, never a broken page. */
export function attempt<T>(format: () => T): T | undefined {
  try {
    return format();
  } catch {
    return undefined;
  }
}

/** What a concept is called in its file, in the file's language; undefined if it is not. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  return attempt(() => formatCodeableConcept(concept))?.trim() || undefined;
}

export function patientAddress(patient: Patient): string | undefined {
  const address = patient.address?.[0];
  return address && attempt(() => formatAddress(address));
}

const DATE_FIELDS = [
  'effectiveDateTime',
  'onsetDateTime',
  'authoredOn',
  'occurrenceDateTime',
  'performedDateTime',
  'recordedDate',
  'issued',
  'date',
  'effectiveInstant',
  'started',
  'created',
] as const;
const PERIOD_FIELDS = ['effectivePeriod', 'performedPeriod', 'period', 'onsetPeriod'] as const;

/** When a resource happened, as it is written there. */
export function dateOf(resource: Resource): string | undefined {
  const fields = resource as unknown as Record<string, unknown>;
  for (const field of DATE_FIELDS) {
    const value = fields[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  for (const field of PERIOD_FIELDS) {
    const period = fields[field];
    if (
      typeof period === 'object' &&
      period !== null &&
      'start' in period &&
      typeof period.start === 'string'
    ) {
      return period.start;
    }
  }
  return undefined;
}

export function statusOf(concept: CodeableConcept | undefined): string | undefined {
  return concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code ?? concept?.text;
}

export function categoryOf(observation: Observation): 'laboratory' | 'vital-signs' | 'other' {
  const categories: unknown = observation.category;
  if (!Array.isArray(categories)) return 'other';
  const codes = (categories as CodeableConcept[]).flatMap((c) => c?.coding?.map(({ code }) => code) ?? []);
  if (codes.includes('laboratory')) return 'laboratory';
  return codes.includes('vital-signs') ? 'vital-signs' : 'other';
}

export function unit(q: Quantity | undefined): string {
  const text = q?.unit ?? q?.code ?? '';
  return text === 'mm[Hg]' ? 'mmHg' : text.replace(/^\{.*\}$/, '');
}

export type Flag = 'low' | 'high' | 'in range' | undefined;

/** What the laboratory said, else what its range says. Without either nothing is guessed. */
export function flagOf(observation: Observation): Flag {
  const code = observation.interpretation?.[0]?.coding?.[0]?.code;
  if (code !== undefined) {
    if (/^(L|LL|LU)$/.test(code)) return 'low';
    if (/^(H|HH|HU|A|AA)$/.test(code)) return 'high';
    if (code === 'N') return 'in range';
  }
  const value = observation.valueQuantity?.value;
  const range = observation.referenceRange?.[0];
  return value === undefined || !range ? undefined : compare(value, range);
}

function compare(value: number, { low, high }: ObservationReferenceRange): Flag {
  if (low?.value !== undefined && value < low.value) return 'low';
  if (high?.value !== undefined && value > high.value) return 'high';
  return low?.value === undefined && high?.value === undefined ? undefined : 'in range';
}
