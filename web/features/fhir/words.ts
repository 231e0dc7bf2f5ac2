import {
  calculateAgeString,
  formatAddress,
  formatCodeableConcept,
  formatHumanName,
  formatObservationValue,
  formatTiming,
} from '@medplum/core';
import type {
  CodeableConcept,
  MedicationRequest,
  MedicationStatement,
  Observation,
  ObservationReferenceRange,
  Patient,
  Quantity,
  Resource,
} from '@medplum/fhirtypes';

/** Formatters see files that anyone may have written: a broken field is left out, never a broken page. */
function attempt<T>(format: () => T): T | undefined {
  try {
    return format();
  } catch {
    return undefined;
  }
}

export function nameOf(concept: CodeableConcept | undefined): string {
  return attempt(() => formatCodeableConcept(concept))?.trim() || 'Not named';
}

export function patientName(patient: Patient): string {
  const names = patient.name ?? [];
  const official = names.find((n) => n.use === 'official') ?? names[0];
  return attempt(() => official && formatHumanName(official)) || 'Name not given';
}

export function patientAge(patient: Patient): string | undefined {
  const { birthDate, deceasedDateTime } = patient;
  if (birthDate === undefined) return undefined;
  const text = attempt(() => calculateAgeString(birthDate, deceasedDateTime));
  return text
    ?.replace(/^0*(\d+)Y$/, '$1 years')
    .replace(/^0*(\d+)M$/, '$1 months')
    .replace(/^0*(\d+)D$/, '$1 days');
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

/** A FHIR date in words; dates may be as short as a year. */
export function dayInWords(date: string | undefined): string {
  if (date === undefined) return 'No date given';
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  if (month === undefined) return `${year}`;
  // The day as written: a time zone must not move a birthday.
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1')));
  return at.toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    ...(day === undefined ? {} : { day: 'numeric' }),
  });
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

/** `7.2 mmol/L`; blood pressure as `121/79 mmHg`. */
export function readingOf(observation: Observation): string {
  const parts = observation.component?.map(({ valueQuantity }) => valueQuantity);
  if (parts?.length === 2 && parts.every((p) => p?.value !== undefined)) {
    const [a, b] = parts;
    const [high, low] = Number(a?.value) >= Number(b?.value) ? [a, b] : [b, a];
    return `${Math.round(high?.value ?? 0)}/${Math.round(low?.value ?? 0)} ${unit(high)}`.trim();
  }
  if (observation.valueQuantity) return quantity(observation.valueQuantity);
  return attempt(() => formatObservationValue(observation)) || 'No value given';
}

export function quantity(q: Quantity): string {
  if (q.value === undefined) return 'No value given';
  return `${q.comparator ?? ''}${number(q.value)} ${unit(q)}`.trim();
}

/** Devices write 178.88023499217553; nobody reads that. */
function number(value: number | undefined): string {
  if (typeof value !== 'number') return '?';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

function unit(q: Quantity | undefined): string {
  const text = q?.unit ?? q?.code ?? '';
  return text === 'mm[Hg]' ? 'mmHg' : text.replace(/^\{.*\}$/, '');
}

export function rangeOf(observation: Observation): string | undefined {
  const range = observation.referenceRange?.[0];
  if (!range) return undefined;
  if (range.text) return range.text;
  const { low, high } = range;
  if (low?.value !== undefined && high?.value !== undefined) {
    return `${number(low.value)} to ${quantity(high)}`;
  }
  if (high?.value !== undefined) return `up to ${quantity(high)}`;
  return low?.value === undefined ? undefined : `from ${quantity(low)}`;
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

export function medicationName(m: MedicationRequest | MedicationStatement): string {
  if (m.medicationCodeableConcept) return nameOf(m.medicationCodeableConcept);
  return m.medicationReference?.display ?? 'Not named';
}

export function dosageOf(m: MedicationRequest | MedicationStatement): string | undefined {
  const dosage = m.resourceType === 'MedicationRequest' ? m.dosageInstruction?.[0] : m.dosage?.[0];
  if (!dosage) return undefined;
  if (dosage.text) return dosage.text;
  const dose = dosage.doseAndRate?.[0]?.doseQuantity;
  const timing = dosage.timing && attempt(() => formatTiming(dosage.timing));
  const parts = [dose && quantity(dose), timing, dosage.asNeededBoolean ? 'as needed' : undefined];
  return parts.filter(Boolean).join(', ') || undefined;
}
