import { type IndexedRecord, type RecordId, recordTypeOfFhir } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { translatorIn } from '../../i18n/testing.ts';
import { wordsIn } from '../../ui/words.ts';
import type { RecordTitle, Titles } from '../vault/index.ts';
import { arrange, matches } from './arrange.ts';

const PATIENT = '0x00000000000000000000000000000000000000aa';
const record = (number: number): IndexedRecord => {
  const recordId = `0x${number.toString(16).padStart(64, '0')}` as RecordId;
  const status = 'Active' as const;
  const by = { patient: PATIENT, author: PATIENT, compartment: 0 } as const;
  return { recordId, ...by, status, superseded: false, envelopeDigest: recordId };
};
const WORDS = {
  typeName: ({ fhirType }: RecordTitle) => recordTypeOfFhir(fhirType)?.display ?? fhirType,
  day: (date: string) => wordsIn('en', translatorIn('en', 'ui')).day(date),
  ...{ stillReading: 'Still reading', unreadable: 'Could not be read' },
};
const title = (text: string, fhirType: string, created: string): RecordTitle => ({
  ...{ title: text, fhirType, created, mediaType: 'application/fhir+json', length: 1 },
});
const titled = (all: Readonly<Record<number, RecordTitle>>, reading = false): Titles => ({
  get: (recordId) => all[Number(recordId)],
  ...{ reading, read: Object.keys(all).length },
});
const words = (rows: ReturnType<typeof arrange>) =>
  rows.map((row) =>
    row.kind === 'heading'
      ? `${row.text} ${row.count}`
      : `${row.under ? '  ' : ''}${Number(row.record.recordId)}`,
  );

const LIST = [record(1), record(2), record(3), record(4), record(5)];
const TITLES = titled({
  1: title('Lipids', 'DiagnosticReport', '2024-03-01'),
  2: title('Check-up', 'Encounter', '2024-03-01'),
  3: title('Letter', 'DocumentReference', '2025-01-05T10:00:00Z'),
  4: title('Urine', 'DiagnosticReport', '2023-03-01'),
});

describe('arrange', () => {
  test('default: years, and what was done at a visit under it', () => {
    expect(words(arrange(WORDS, LIST, TITLES, 'date'))).toEqual([
      ...['2025 1', '3', '2024 2', '2', '  1', '2023 1', '4'],
      ...['Could not be read 1', '5'],
    ]);
  });

  test('behavior: by type, the newest first in each', () => {
    expect(words(arrange(WORDS, LIST.slice(0, 4), TITLES, 'type'))).toEqual([
      ...['Document 1', '3', 'Lab results 2', '1', '4', 'Visit 1', '2'],
    ]);
  });

  test('behavior: nothing is readable: the order of the chain, and no heading', () => {
    expect(words(arrange(WORDS, LIST, titled({}), 'date'))).toEqual(['1', '2', '3', '4', '5']);
  });

  test('behavior: says that it is still reading', () => {
    expect(words(arrange(WORDS, LIST, { ...TITLES, reading: true }, 'date'))).toContain('Still reading 1');
  });
});

describe('matches', () => {
  test('default: every word, in title, type, folder or date', () => {
    const of = (wanted: string) =>
      matches(WORDS, record(1), { title: TITLES.get(record(1).recordId), folder: 'Between us', wanted });
    expect(['', 'lip', 'LAB between', '2024-03', '1 mar', 'lip visit'].map(of)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test('behavior: of a locked record only the folder is known', () => {
    const of = (wanted: string) => matches(WORDS, record(1), { title: undefined, folder: 'General', wanted });
    expect(['general', 'lip'].map(of)).toEqual([true, false]);
  });
});
