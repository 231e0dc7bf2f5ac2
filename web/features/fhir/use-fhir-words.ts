'use client';

import { calculateAge, formatHumanName, formatObservationValue, formatTiming } from '@medplum/core';
import type {
  CodeableConcept,
  MedicationRequest,
  MedicationStatement,
  Observation,
  Patient,
  Quantity,
} from '@medplum/fhirtypes';
import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { FORMAT_LOCALES } from '../../i18n/languages.ts';
import type { Translate } from '../../i18n/messages.ts';
import { useWords, type Words } from '../../ui/index.ts';
import { attempt, conceptText, unit } from './words.ts';

type Medication = MedicationRequest | MedicationStatement;

/** What stands in a FHIR file, with dates, numbers and what is missing in the reader's language. */
export type FhirWords = {
  readonly nameOf: (concept: CodeableConcept | undefined) => string;
  readonly patientName: (patient: Patient) => string;
  readonly patientAge: (patient: Patient) => string | undefined;
  /** A FHIR date in words; dates may be as short as a year. */
  readonly dayInWords: (date: string | undefined) => string;
  /** `7.2 mmol/L`; blood pressure as `121/79 mmHg`. */
  readonly readingOf: (observation: Observation) => string;
  readonly rangeOf: (observation: Observation) => string | undefined;
  readonly medicationName: (medication: Medication) => string;
  readonly dosageOf: (medication: Medication) => string | undefined;
  /** A status as FHIR codes it; one that is rare is shown as it is written. */
  readonly statusName: (status: string) => string;
};

export function useFhirWords(): FhirWords {
  const language = useLocale();
  const t = useTranslations('fhir');
  const words = useWords();
  return useMemo(() => {
    const quantity = (q: Quantity) => quantityIn(t, words, q);
    const nameOf = (concept: CodeableConcept | undefined) => conceptText(concept) ?? t('notNamed');
    return {
      nameOf,
      patientName: (patient) => nameOfPatient(patient) || t('nameNotGiven'),
      patientAge: (patient) => ageIn(t, patient),
      dayInWords: (date) => dayIn(t, FORMAT_LOCALES[language], date),
      readingOf: (observation) => readingIn(t, quantity, observation),
      rangeOf: (observation) => rangeIn(t, words, quantity, observation),
      medicationName: (m) =>
        m.medicationCodeableConcept
          ? nameOf(m.medicationCodeableConcept)
          : (m.medicationReference?.display ?? t('notNamed')),
      dosageOf: (m) => dosageIn(t, quantity, m),
      statusName: (status) => {
        const key = `statuses.${status.toLowerCase()}` as Parameters<typeof t>[0];
        return t.has(key) ? t(key) : status.charAt(0).toUpperCase() + status.slice(1);
      },
    };
  }, [language, t, words]);
}

function nameOfPatient({ name: names = [] }: Patient): string | undefined {
  const official = names.find(({ use }) => use === 'official') ?? names[0];
  return attempt(() => official && formatHumanName(official));
}

function ageIn(t: Translate<'fhir'>, { birthDate, deceasedDateTime }: Patient): string | undefined {
  if (birthDate === undefined) return undefined;
  const age = attempt(() => calculateAge(birthDate, deceasedDateTime));
  if (!age) return undefined;
  if (age.years >= 2) return t('years', { count: age.years });
  return age.months >= 1 ? t('months', { count: age.months }) : t('days', { count: age.days });
}

function dayIn(t: Translate<'fhir'>, locale: string, date: string | undefined): string {
  if (date === undefined) return t('noDateGiven');
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  if (month === undefined) return `${year}`;
  // The day as written: a time zone must not move a birthday.
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1')));
  return at.toLocaleDateString(locale, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    ...(day === undefined ? {} : { day: 'numeric' }),
  });
}

function readingIn(
  t: Translate<'fhir'>,
  quantity: (q: Quantity) => string,
  observation: Observation,
): string {
  const parts = observation.component?.map(({ valueQuantity }) => valueQuantity);
  if (parts?.length === 2 && parts.every((p) => p?.value !== undefined)) {
    const [a, b] = parts;
    const [high, low] = Number(a?.value) >= Number(b?.value) ? [a, b] : [b, a];
    return `${Math.round(high?.value ?? 0)}/${Math.round(low?.value ?? 0)} ${unit(high)}`.trim();
  }
  if (observation.valueQuantity) return quantity(observation.valueQuantity);
  return attempt(() => formatObservationValue(observation)) || t('noValueGiven');
}

function quantityIn(t: Translate<'fhir'>, words: Words, q: Quantity): string {
  if (q.value === undefined) return t('noValueGiven');
  return `${q.comparator ?? ''}${numberIn(words, q.value)} ${unit(q)}`.trim();
}

/** Devices write 178.88023499217553; nobody reads that. */
function numberIn(words: Words, value: number | undefined): string {
  if (typeof value !== 'number') return '?';
  const size = Math.abs(value);
  return words.number(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function rangeIn(
  t: Translate<'fhir'>,
  words: Words,
  quantity: (q: Quantity) => string,
  observation: Observation,
): string | undefined {
  const range = observation.referenceRange?.[0];
  if (!range) return undefined;
  if (range.text) return range.text;
  const { low, high } = range;
  if (low?.value !== undefined && high?.value !== undefined) {
    return t('to', { low: numberIn(words, low.value), high: quantity(high) });
  }
  if (high?.value !== undefined) return t('upTo', { high: quantity(high) });
  return low?.value === undefined ? undefined : t('from', { low: quantity(low) });
}

function dosageIn(
  t: Translate<'fhir'>,
  quantity: (q: Quantity) => string,
  m: Medication,
): string | undefined {
  const dosage = m.resourceType === 'MedicationRequest' ? m.dosageInstruction?.[0] : m.dosage?.[0];
  if (!dosage) return undefined;
  if (dosage.text) return dosage.text;
  const dose = dosage.doseAndRate?.[0]?.doseQuantity;
  const timing = dosage.timing && attempt(() => formatTiming(dosage.timing));
  const parts = [dose && quantity(dose), timing, dosage.asNeededBoolean ? t('asNeeded') : undefined];
  return parts.filter(Boolean).join(', ') || undefined;
}
