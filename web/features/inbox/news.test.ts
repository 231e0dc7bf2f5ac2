import type { ConsentGiven, LogEntry } from '@chartkey/sdk';
import { describe, expect, it } from 'vitest';
import { endingSoon, looksSince } from './news.ts';

const NOW = 1_800_000_000;
const SELF = '0x00000000000000000000000000000000000000aa';
const OTHER = '0x00000000000000000000000000000000000000BB';

function given(startsAt: number, expiresAt: number): ConsentGiven {
  const scope = { compartments: [0], purposes: ['TREAT' as const], mayWrite: false };
  return { patient: SELF, accessor: OTHER, consent: { ...scope, startsAt, expiresAt } };
}

function look(accessor: string, openedAt: number, transactionHash: string): LogEntry {
  return { accessor, openedAt, transactionHash } as LogEntry;
}

describe('endingSoon', () => {
  it('default: ends within a week', () => {
    expect(endingSoon([given(0, NOW + 6 * 86_400)], NOW)).toHaveLength(1);
  });

  it.each([
    ['stands for longer', given(0, NOW + 7 * 86_400)],
    ['ended', given(0, NOW)],
    ['has not begun', given(NOW + 1, NOW + 100)],
  ])('behavior: not one that %s', (_, consent) => {
    expect(endingSoon([consent], NOW)).toEqual([]);
  });
});

describe('looksSince', () => {
  it('default: one opening of many records is one look', () => {
    const entries = [look(OTHER, NOW, '0x1'), look(OTHER, NOW, '0x1'), look(OTHER, NOW, '0x2')];
    expect(looksSince(entries, { since: NOW - 1, self: SELF })).toBe(2);
  });

  it('behavior: not one’s own, and not what was there at the last visit', () => {
    const entries = [look(SELF.toUpperCase().replace('0X', '0x'), NOW, '0x1'), look(OTHER, NOW - 1, '0x2')];
    expect(looksSince(entries, { since: NOW - 1, self: SELF })).toBe(0);
  });
});
