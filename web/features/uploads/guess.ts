import type { RecordType } from '@chartkey/sdk';
import type { Translate } from '../../i18n/messages.ts';
import type { Words } from '../../ui/index.ts';

/** What people choose a record's type from; the FHIR types are what its metadata says. */
export const TYPE_CHOICES = [
  'Encounter',
  'DiagnosticReport',
  'Observation',
  'ImagingStudy',
  'MedicationRequest',
  'Immunization',
  'AllergyIntolerance',
  'Condition',
  'Procedure',
  'DocumentReference',
  'ExplanationOfBenefit',
] as const;

const BY_NAME: readonly (readonly [words: RegExp, fhirType: string])[] = [
  [/\b(lab|labs|laboratory|blood|urine|hba1c|cbc|labor\w*|blutbild|urin)\b/, 'DiagnosticReport'],
  [/\b(x-?ray|mri|ct|scan|ultrasound|radiology|röntgen\w*|mrt|ultraschall)\b/, 'ImagingStudy'],
  [/\b((prescription|medication|medicine)s?|rezept\w*|medikament\w*)\b/, 'MedicationRequest'],
  [/\b(vaccin\w*|immuni[sz]ation\w*|impf\w*)\b/, 'Immunization'],
  [/\b(allerg\w*)\b/, 'AllergyIntolerance'],
  [/\b((invoice|bill|claim|receipt)s?|rechnung\w*|quittung\w*)\b/, 'ExplanationOfBenefit'],
];

/** What a file is about, by its kind and its name; a document if neither says more; nothing for FHIR. */
export function guessType({ name, type }: Pick<File, 'name' | 'type'>): string {
  // FHIR says it by itself.
  if (/\.(nd)?json$/i.test(name)) return '';
  const words = name.toLowerCase().replace(/[_.]+/g, ' ');
  if (/\bdcm$/.test(words) || type === 'application/dicom') return 'ImagingStudy';
  return BY_NAME.find(([pattern]) => pattern.test(words))?.[1] ?? 'DocumentReference';
}

/** The day in a file's name, else the day on which it was last changed: `YYYY-MM-DD`. */
export function guessDay(
  { name, lastModified }: Pick<File, 'name' | 'lastModified'>,
  now = Date.now(),
): string {
  const iso = /(?<!\d)((?:19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(name);
  const local = /(?<!\d)(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d{2})(?!\d)/.exec(name);
  const parts = iso ? [iso[1], iso[2], iso[3]] : local ? [local[3], local[2], local[1]] : [];
  const day = parts.map((part) => part?.padStart(2, '0')).join('-');
  return isDay(day) && Date.parse(day) <= now ? day : dayOf(Math.min(lastModified, now));
}

/** Whether a day exists. */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

const SUGGESTIONS = {
  DiagnosticReport: 'laboratory',
  ExplanationOfBenefit: 'insurance',
  ImagingStudy: 'imaging',
  MedicationRequest: 'medication',
} as const;

/** Which of the patient's folders suits a type. */
export function suggestionFor(fhirType: string): (typeof SUGGESTIONS)[keyof typeof SUGGESTIONS] | 'general' {
  return SUGGESTIONS[fhirType as keyof typeof SUGGESTIONS] ?? 'general';
}

/** `34 visits and 120 lab results`, in the order in which they are given. */
export function countInWords(
  t: Translate<'addRecords'>,
  { list }: Words,
  counts: readonly { readonly type: RecordType; readonly parts: number; readonly resources: number }[],
): string {
  const words = counts.map(({ type: { kind }, parts, resources }) => {
    // What else a visit holds belongs to it.
    const count = kind === 'visit' ? parts : resources;
    return t(`counted.${kind}`, { count });
  });
  return list(words);
}

function dayOf(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
