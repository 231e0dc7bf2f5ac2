import type { LogEntry, LogFault, LogVerdict } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { logStatus, periodStatus, rowStatus } from './status.ts';

/** Entries 1 to 5, an hour apart; number 3 may be left out. */
const all = [1, 2, 3, 4, 5].map((sequence) => ({ sequence, openedAt: sequence * 3_600 }) as LogEntry);
const without3 = all.filter(({ sequence }) => sequence !== 3);
const verdict = (fault?: LogFault) => ({ ok: fault === undefined, fault }) as LogVerdict;
const hours = (from: number, until: number) => ({ from: from * 3_600, until: until * 3_600 });

describe('logStatus', () => {
  test('default: proven, or wrong', () => {
    expect(logStatus({ verdict: verdict() })).toBe('proven');
    expect(logStatus({ verdict: verdict({ kind: 'missing', sequence: 3 }) })).toBe('wrong');
  });
});

describe('rowStatus', () => {
  test('default: every row of a proven log', () => {
    for (const entry of all) expect(rowStatus({ verdict: verdict() }, entry)).toBe('proven');
  });

  test('error: of a log that breaks no row is proven, and where it breaks is wrong', () => {
    const broken = { verdict: verdict({ kind: 'surplus', sequence: 4 }) };
    expect(all.map((entry) => rowStatus(broken, entry))).toEqual(
      [1, 2, 3, 4, 5].map((sequence) => (sequence === 4 ? 'wrong' : 'unproven')),
    );
  });

  test('error: an edit is known to be somewhere, so no row is accused', () => {
    const edited = { verdict: verdict({ kind: 'edited', sequence: 5 }) };
    for (const entry of all) expect(rowStatus(edited, entry)).toBe('unproven');
  });
});

describe('periodStatus', () => {
  test('default: any period of a proven log, an empty one too', () => {
    const log = { verdict: verdict(), entries: all };
    expect(periodStatus(log, hours(0, 3))).toBe('proven');
    expect(periodStatus(log, hours(9, 10))).toBe('proven');
  });

  test('error: a period that a missing entry may lie in is wrong, the others are unproven', () => {
    const log = { verdict: verdict({ kind: 'missing', sequence: 3 }), entries: without3 };
    expect(periodStatus(log, hours(0, 2))).toBe('unproven');
    expect(periodStatus(log, hours(3, 4))).toBe('wrong');
    expect(periodStatus(log, hours(2, 3))).toBe('wrong');
    expect(periodStatus(log, hours(5, 9))).toBe('unproven');
  });

  test('error: the newest entries missing reach into every later period', () => {
    const log = { verdict: verdict({ kind: 'missing', sequence: 6 }), entries: all };
    expect(periodStatus(log, hours(8, 9))).toBe('wrong');
    expect(periodStatus(log, hours(1, 5))).toBe('unproven');
  });

  test('error: an edit may lie in any of them', () => {
    const log = { verdict: verdict({ kind: 'edited', sequence: 5 }), entries: all };
    for (let hour = 0; hour < 7; hour++) expect(periodStatus(log, hours(hour, hour + 1))).toBe('unproven');
  });
});
