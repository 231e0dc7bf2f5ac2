import { describe, expect, test } from 'vitest';
import type { RecordId } from '../envelope/index.ts';
import { anyAddress } from '../envelope/testing.ts';
import type { HistoryEvent, IndexedEntry } from '../indexer/index.ts';
import { type RuleChoice, watchRules } from './rules.ts';

/** A Monday at noon. */
const NOON = Date.UTC(2026, 10, 23, 12) / 1_000;
const HOUR = 3_600;

let sequence = 0;

function entry(changed: Partial<IndexedEntry> = {}): IndexedEntry {
  sequence += 1;
  return {
    patient: anyAddress(0xaa),
    accessor: anyAddress(0xbb),
    organisation: null,
    recordId: `0x${'11'.repeat(32)}` as RecordId,
    sequence,
    purpose: 'TREAT',
    decision: 'Permit',
    openedAt: NOON,
    keyHash: `0x${'22'.repeat(32)}`,
    blockNumber: sequence,
    logIndex: 0,
    transactionHash: `0x${'33'.repeat(32)}`,
    ...changed,
  };
}

function revoked(at: number, account = anyAddress(0xbb)): HistoryEvent {
  return {
    name: 'ConsentRevoked',
    patient: anyAddress(0xaa),
    account,
    recordId: null,
    at,
    args: {},
    blockNumber: 1,
    logIndex: 0,
    transactionHash: `0x${'33'.repeat(32)}`,
  };
}

function alerts(events: readonly (IndexedEntry | HistoryEvent)[], choice?: RuleChoice): string[] {
  const look = watchRules(choice);
  return events
    .flatMap((event) => look('name' in event ? { event } : { entry: event }))
    .map(({ rule, count }) => `${rule} ${count}`);
}

describe('watchRules', () => {
  test('default: a usual day raises nothing', () => {
    const usual = Array.from({ length: 10 }, (_, i) => entry({ openedAt: NOON + i * 60 }));
    expect(alerts([...usual, entry({ decision: 'ConsentMissing' }), revoked(NOON + HOUR)])).toEqual([]);
  });

  test('behavior: many refusals count within their time, and are told once', () => {
    const refusals = (apart: number, count: number) =>
      Array.from({ length: count }, (_, i) =>
        entry({ decision: 'ConsentMissing', openedAt: NOON + i * apart }),
      );
    expect(alerts(refusals(60, 4))).toEqual([]);
    expect(alerts(refusals(60, 7))).toEqual(['many-refusals 5']);
    expect(alerts(refusals(HOUR / 3, 9))).toEqual([]);
    expect(alerts(refusals(60, 2), { 'many-refusals': { count: 2 } })).toEqual(['many-refusals 2']);
  });

  test('behavior: many patients are patients, and not records', () => {
    const patients = (count: number) =>
      Array.from({ length: count }, (_, i) => entry({ patient: anyAddress(i + 1), openedAt: NOON + i }));
    expect(alerts(patients(19))).toEqual([]);
    expect(alerts(patients(30))).toEqual(['many-patients 20']);
    expect(alerts(Array.from({ length: 30 }, () => entry()))).toEqual([]);
  });

  test('behavior: a night is told once', () => {
    const night = NOON + 12 * HOUR;
    expect(alerts([entry({ openedAt: night }), entry({ openedAt: night + HOUR })])).toEqual([
      'outside-hours 1',
    ]);
    expect(alerts([entry({ openedAt: night })], { 'outside-hours': { hours: [0, 24] } })).toEqual([]);
  });

  test('behavior: an opening right before a revoke, of this consent alone', () => {
    expect(alerts([entry(), entry(), revoked(NOON + 60)])).toEqual(['before-revoke 2']);
    expect(alerts([entry(), revoked(NOON + HOUR)])).toEqual([]);
    expect(alerts([entry(), revoked(NOON + 60, anyAddress(0xcc))])).toEqual([]);
    expect(alerts([entry({ patient: anyAddress(0xab) }), revoked(NOON + 60)])).toEqual([]);
  });

  test('behavior: an opening for an emergency that no emergency on the chain stands for is told at once', () => {
    expect(alerts([entry({ purpose: 'BTG' })])).toEqual(['emergency-unreviewed 1']);
    expect(alerts([entry({ purpose: 'BTG' })], { 'emergency-unreviewed': false })).toEqual([]);
    expect(alerts([entry({ purpose: 'BTG', decision: 'PurposeNotConsented' })])).toEqual([]);
  });
});

describe('emergency-unreviewed', () => {
  const WEEK = 7 * 24 * HOUR;
  const inEmergency = (openedAt = NOON) => entry({ purpose: 'ETREAT', ground: 'Emergency', openedAt });
  const emergency = (name: 'EmergencyOpened' | 'EmergencyReviewed', at: number, emergencyId = 1) => ({
    ...revoked(at),
    ...{ name, args: { emergencyId: String(emergencyId) } },
  });
  /** What has been told of by a time. */
  const toldBy = (
    time: number,
    events: readonly (IndexedEntry | HistoryEvent)[],
    settings: RuleChoice['emergency-unreviewed'] = true,
  ) => {
    const look = watchRules({ 'emergency-unreviewed': settings, 'outside-hours': false });
    const what = events.map((event) => ('name' in event ? { event } : { entry: event }));
    return [...what, { time }]
      .flatMap((one) => look(one))
      .map(({ rule, at, count }) => [rule, at - NOON, count]);
  };
  const opened = [emergency('EmergencyOpened', NOON - 60), inEmergency(), inEmergency(NOON + HOUR)];

  test('default: told once its review is overdue, and once', () => {
    expect(toldBy(NOON + WEEK - 1, opened)).toEqual([]);
    expect(toldBy(NOON + WEEK, opened)).toEqual([['emergency-unreviewed', WEEK, 2]]);
    expect(toldBy(NOON + WEEK, opened, { seconds: 2 * WEEK })).toEqual([]);
    expect(toldBy(NOON + 2 * WEEK, [...opened, entry({ openedAt: NOON + WEEK })])).toEqual([
      ['emergency-unreviewed', WEEK, 2],
    ]);
  });

  test('behavior: a review ends it, of openings after it too, and of this emergency alone', () => {
    const reviewed = emergency('EmergencyReviewed', NOON + 2 * HOUR);
    const next = [emergency('EmergencyOpened', NOON + 5 * HOUR, 2), inEmergency(NOON + 6 * HOUR)];
    expect(toldBy(NOON + WEEK, [...opened, reviewed])).toEqual([]);
    expect(toldBy(NOON + WEEK, [...opened, reviewed, inEmergency(NOON + 3 * HOUR)])).toEqual([]);
    expect(toldBy(NOON + 2 * WEEK, [...opened, reviewed, ...next])).toEqual([
      ['emergency-unreviewed', 6 * HOUR + WEEK, 1],
    ]);
    expect(toldBy(NOON + WEEK, [...opened, emergency('EmergencyReviewed', NOON + HOUR, 7)])).toHaveLength(1);
  });

  test('behavior: one that began before anything was heard is ended by a review as well', () => {
    expect(toldBy(NOON + WEEK, [inEmergency()])).toHaveLength(1);
    expect(toldBy(NOON + WEEK, [inEmergency(), emergency('EmergencyReviewed', NOON + HOUR)])).toEqual([]);
  });

  test('behavior: a refused try needs no review', () => {
    const refused = entry({ purpose: 'ETREAT', decision: 'PurposeNotConsented' });
    expect(toldBy(NOON + WEEK, [refused])).toEqual([]);
  });
});
