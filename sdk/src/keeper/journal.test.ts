import { describe, expect, test } from 'vitest';
import type { OpeningId, RecordId } from '../envelope/index.ts';
import { journalLine, journalStart, verifyJournal } from './index.ts';

const word = (byte: string) => `0x${byte.repeat(32)}` as const;
const start = journalStart({
  chainId: 31_337,
  recordIndex: `0x${'11'.repeat(20)}`,
  operator: `0x${'22'.repeat(20)}`,
});

const written: ReturnType<typeof journalLine>[] = [];
for (const byte of ['a1', 'a2', 'a3', 'a4']) {
  const recordIds = [word('0b') as RecordId, word(byte) as RecordId];
  const release = { releasedAt: 1_700_000_000, openingId: word(byte) as OpeningId, recordIds };
  written.push(journalLine(written.at(-1) ?? start, release));
}
const lines = written.map(({ line }) => line);
const heads = written.map(({ sequence, head }) => ({ sequence, head }));

const verify = (given: readonly string[], published = heads.slice(1, 2)) =>
  verifyJournal(
    (async function* () {
      yield* given;
    })(),
    { start, published },
  );

describe('verifyJournal', () => {
  test('default', async () => {
    expect(await verify(lines)).toEqual(heads[3]);
    expect(await verify([], [])).toEqual(start);
  });

  test.each([
    ['changed', lines.with(1, lines[1]?.replace('"records":2', '"records":1') ?? '')],
    ['written otherwise', lines.with(3, (lines[3] ?? '').replace(',', ', '))],
    ['taken out', lines.toSpliced(2, 1)],
    ['taken off the end, below what was published', lines.slice(0, 1)],
    ['swapped', [lines[1], lines[0], lines[2], lines[3]].map(String)],
    ['put in', lines.toSpliced(1, 0, lines[0] ?? '')],
    ['no entry', lines.with(2, '{}')],
    ['no JSON', lines.with(2, '…')],
  ])('error: a line %s', async (_what, changed) => {
    await expect(verify(changed)).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
  });

  test('error: rewritten from some entry on, as a published head shows', async () => {
    const other = journalLine(start, {
      releasedAt: 1,
      openingId: word('a1') as OpeningId,
      recordIds: [word('0b') as RecordId],
    });
    await expect(verify([other.line], [heads[0] ?? start])).rejects.toThrow(
      'entry 1 is another than was published',
    );
  });

  test('error: another keeper’s', async () => {
    const other = journalStart({
      chainId: 1,
      recordIndex: `0x${'11'.repeat(20)}`,
      operator: `0x${'22'.repeat(20)}`,
    });
    const [first = ''] = lines;
    const reading = verifyJournal(
      (async function* () {
        yield first;
      })(),
      { start: other, published: [] },
    );
    await expect(reading).rejects.toThrow('entry 1 does not follow the one before');
  });
});
