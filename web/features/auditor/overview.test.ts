import type { ExportedEntry } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { startOf } from './filter.ts';
import { OverviewCount } from './overview.ts';

const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21'];

function entry(day: string, changed: Partial<ExportedEntry> = {}): ExportedEntry {
  const openedAt = startOf(day) + 3_600;
  return {
    ...{ patient: '0xaa', accessor: '0xbb', purpose: 'TREAT', decision: 'Permit', openedAt },
    ...changed,
  } as ExportedEntry;
}

function counted(entries: readonly ExportedEntry[]) {
  const count = new OverviewCount();
  for (const one of entries) count.add(one);
  return count.result(DAYS);
}

const many = (day: string, count: number) => Array.from({ length: count }, () => entry(day));

describe('OverviewCount', () => {
  test('default: outcomes, emergencies, people, and every day', () => {
    const { days, ...rest } = counted([
      entry('2026-11-19'),
      entry('2026-11-19', { decision: 'ConsentMissing', patient: '0xab' }),
      entry('2026-11-21', { purpose: 'ETREAT', accessor: '0xbc' }),
    ]);
    expect(rest).toEqual({
      ...{ permitted: 2, refused: 1, emergencies: 1, patients: 2, accessors: 2 },
      refusing: [{ accessor: '0xbb', count: 1 }],
    });
    expect(days.map(({ count, refused }) => [count, refused])).toEqual([
      [2, 1],
      [0, 0],
      [1, 0],
    ]);
  });

  test('behavior: a day that is far busier than the others is a spike, a busy first day is none', () => {
    const spikes = (entries: readonly ExportedEntry[]) =>
      counted(entries)
        .days.filter(({ spike }) => spike)
        .map(({ day }) => day);
    expect(spikes([...many('2026-11-19', 2), ...many('2026-11-20', 3), ...many('2026-11-21', 10)])).toEqual([
      '2026-11-21',
    ]);
    expect(spikes([...many('2026-11-19', 2), ...many('2026-11-21', 9)])).toEqual([]);
    expect(spikes(many('2026-11-21', 100))).toEqual([]);
  });
});
