import type { IndexedRecord } from '@chartkey/sdk';
import type { RecordTitle, Titles } from '../vault/index.ts';

/** A line of the list: a heading, or a record that may stand under the visit it belongs to. */
export type Row =
  | { readonly kind: 'heading'; readonly key: string; readonly text: string; readonly count: number }
  | {
      readonly kind: 'record';
      readonly key: string;
      readonly record: IndexedRecord;
      readonly under: boolean;
    };

/** What rows say, in the reader's language. */
export type ArrangeWords = {
  readonly typeName: (title: RecordTitle) => string;
  readonly day: (date: string) => string;
  readonly stillReading: string;
  readonly unreadable: string;
};

export type Order = 'date' | 'type';

type Read = { readonly record: IndexedRecord; readonly title: RecordTitle; readonly day: string };

/**
 * Records as rows. By date: years, the newest first, and what was done on the day of a visit under
 * it. By type: each type with the newest first. What can't be read yet, or at all, comes last.
 */
export function arrange(
  words: ArrangeWords,
  records: readonly IndexedRecord[],
  titles: Titles,
  order: Order,
): readonly Row[] {
  const read: Read[] = [];
  const unread: IndexedRecord[] = [];
  for (const record of records) {
    const title = titles.get(record.recordId);
    if (title) read.push({ record, title, day: title.created.slice(0, 10) });
    else unread.push(record);
  }
  read.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
  const rows = order === 'date' ? byDate(read) : byType(words, read);
  // While everything is locked a heading would say nothing.
  const text = titles.reading ? words.stillReading : words.unreadable;
  const heading: Row = { kind: 'heading', key: 'unread', text, count: unread.length };
  return [
    ...rows,
    ...(read.length > 0 && unread.length > 0 ? [heading] : []),
    ...unread.map((record) => rowOf(record, false)),
  ];
}

function byDate(read: readonly Read[]): Row[] {
  return [...Map.groupBy(read, ({ day }) => day.slice(0, 4))].flatMap(([year, of]) => [
    { kind: 'heading', key: `year ${year}`, text: year, count: of.length } as const,
    ...[...Map.groupBy(of, ({ day }) => day).values()].flatMap(dayRows),
  ]);
}

function dayRows(of: readonly Read[]): Row[] {
  const visits = of.filter(({ title }) => title.fhirType === 'Encounter');
  const others = of.filter(({ title }) => title.fhirType !== 'Encounter');
  return [
    ...visits.map(({ record }) => rowOf(record, false)),
    ...others.map(({ record }) => rowOf(record, visits.length > 0)),
  ];
}

function byType(words: ArrangeWords, read: readonly Read[]): Row[] {
  const types = [...Map.groupBy(read, ({ title }) => words.typeName(title))].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  return types.flatMap(([text, of]) => [
    { kind: 'heading', key: `type ${text}`, text, count: of.length } as const,
    ...of.map(({ record }) => rowOf(record, false)),
  ]);
}

function rowOf(record: IndexedRecord, under: boolean): Row {
  return { kind: 'record', key: record.recordId, record, under };
}

/** Whether every word of a search stands in what is readable of a record. */
export function matches(
  inWords: Pick<ArrangeWords, 'typeName' | 'day'>,
  record: IndexedRecord,
  {
    title,
    folder,
    wanted,
  }: { readonly title: RecordTitle | undefined; readonly folder: string; readonly wanted: string },
): boolean {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const known = title
    ? [title.title, inWords.typeName(title), title.created.slice(0, 10), inWords.day(title.created)]
    : [];
  const text = [...known, folder, record.recordId].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
