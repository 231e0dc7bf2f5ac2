import { type RecordType, recordTypeOfFhir } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { translatorIn } from '../../i18n/testing.ts';
import { wordsIn } from '../../ui/words.ts';
import { countInWords, guessDay, guessType, isDay } from './guess.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const day = (name: string, lastModified = Date.UTC(2025, 5, 15, 12)) => guessDay({ name, lastModified }, NOW);

describe('guessType', () => {
  test.each([
    ['Blood test.pdf', '', 'DiagnosticReport'],
    ['LAB_2024.pdf', '', 'DiagnosticReport'],
    ['label.pdf', '', 'DocumentReference'],
    ['x-ray wrist.png', 'image/png', 'ImagingStudy'],
    ['IM0001.dcm', '', 'ImagingStudy'],
    ['vaccinations.jpg', 'image/jpeg', 'Immunization'],
    ['invoice 7.pdf', '', 'ExplanationOfBenefit'],
    ['chart.json', 'application/json', ''],
    ['', '', 'DocumentReference'],
  ])('default: %s', (name, type, expected) => {
    expect(guessType({ name, type })).toBe(expected);
  });
});

describe('guessDay', () => {
  test.each([
    ['letter 2024-02-03.pdf', '2024-02-03'],
    ['IMG_20240203_101500.jpg', '2024-02-03'],
    ['Befund 3.2.2024.pdf', '2024-02-03'],
    ['letter.pdf', '2025-06-15'],
  ])('default: %s', (name, expected) => {
    expect(day(name)).toBe(expected);
  });

  test('behavior: a day that does not exist, or lies ahead, is no date of a record', () => {
    expect(day('2023-02-30.pdf')).toBe('2025-06-15');
    expect(day('2031-01-01.pdf')).toBe('2025-06-15');
    expect(day('letter.pdf', Date.UTC(2030, 0, 1))).toBe('2026-11-21');
    expect(day('7202402031.pdf')).toBe('2025-06-15');
  });
});

describe('isDay', () => {
  test('default', () => {
    expect(['2024-02-29', '2023-02-29', '2024-2-9', ''].map(isDay)).toEqual([true, false, false, false]);
  });
});

describe('countInWords', () => {
  test('default', () => {
    const type = (fhirType: string) => recordTypeOfFhir(fhirType) as RecordType;
    const counts = [
      { type: type('Encounter'), parts: 1, resources: 7 },
      { type: type('DiagnosticReport'), parts: 2, resources: 1200 },
      { type: type('AllergyIntolerance'), parts: 1, resources: 1 },
    ];
    expect(
      countInWords(translatorIn('en', 'addRecords'), wordsIn('en', translatorIn('en', 'ui')), counts),
    ).toBe('1 visit, 1,200 lab results and 1 allergy');
  });
});
