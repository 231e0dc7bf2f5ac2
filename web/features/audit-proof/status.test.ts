import type { LogEntry, LogFault, LogVerdict, ProvenEntries } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { logStatus, periodStatus, rowFinding, rowStatus } from './status.ts';

/** Entries 1 to 5, an hour apart; number 3 may be left out. */
const all = [1, 2, 3, 4, 5].map(
  (sequence) =>
    ({
      sequence,
      openedAt: sequence * 3_600,
      blockNumber: 1n,
      transactionHash: '0x1',
    }) as unknown as LogEntry,
);
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
  const block = { number: 9n } as ProvenEntries['block'];
  const adds = { verdict: verdict(), entries: all, block };

  test('default: every row of a proven log', () => {
    for (const entry of all) expect(rowStatus(adds, { ...entry })).toBe('proven');
  });

  test('error: of a log that breaks no row is proven, and where it breaks is wrong', () => {
    const broken = { ...adds, verdict: verdict({ kind: 'surplus', sequence: 4 }) };
    expect(all.map((entry) => rowStatus(broken, entry))).toEqual(
      [1, 2, 3, 4, 5].map((sequence) => (sequence === 4 ? 'wrong' : 'unproven')),
    );
  });

  test('error: an edit is known to be somewhere, so no row is accused', () => {
    const edited = { ...adds, verdict: verdict({ kind: 'edited', sequence: 5 }) };
    for (const entry of all) expect(rowStatus(edited, entry)).toBe('unproven');
  });

  test('error: a row that a proven log has otherwise, or not at all, is wrong', () => {
    const [, second] = all;
    if (!second) throw new Error('There is a second one.');
    const changed = { ...second, purpose: 'HRESCH' as const };
    expect(rowStatus(adds, changed)).toBe('wrong');
    expect(rowFinding(adds, changed)).toMatchObject({ kind: 'edited', sequence: 2, fields: ['purpose'] });
    const invented = { ...second, sequence: 6, openedAt: 1, blockNumber: 9n };
    expect(rowStatus(adds, invented)).toBe('wrong');
    expect(rowFinding(adds, invented)).toMatchObject({ kind: 'invented' });
  });

  test('behavior: what came after the block that the proof is about is not proven yet', () => {
    const later = { ...all[0], sequence: 6, blockNumber: 10n } as LogEntry;
    expect(rowStatus(adds, later)).toBe('unproven');
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
