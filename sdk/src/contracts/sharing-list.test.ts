import { describe, expect, test } from 'vitest';
import { NO_SHARING, type SharingEvent, withSharingEvents } from './sharing-list.ts';

const PATIENT = '0x00000000000000000000000000000000000000aa';
const OTHER = '0x00000000000000000000000000000000000000bb';
const ACCESSOR = '0x00000000000000000000000000000000000000cc';
const pair = { patient: PATIENT, accessor: ACCESSOR } as const;
const scope = { compartments: 0b101n, purposes: 1, expiresAt: 9 };

const asked: SharingEvent = {
  eventName: 'ConsentRequested',
  blockNumber: 4n,
  args: { ...pair, ...scope, messageDigest: '0x00' },
};
const granted = (patient: typeof PATIENT | typeof OTHER = PATIENT, expiresAt = 9): SharingEvent => ({
  eventName: 'ConsentGranted',
  args: { ...pair, patient, consent: { ...scope, expiresAt, startsAt: 0, mayWrite: false } },
});
const amended: SharingEvent = {
  eventName: 'ConsentAmended',
  args: { ...pair, consent: { ...scope, expiresAt: 12, startsAt: 0, mayWrite: true } },
};
const declined: SharingEvent = { eventName: 'RequestDeclined', args: pair };
const revoked: SharingEvent = { eventName: 'ConsentRevoked', args: pair };
const allRevoked: SharingEvent = { eventName: 'AllConsentsRevoked', args: { patient: PATIENT } };

describe('withSharingEvents', () => {
  test('default: what was asked for, and what became of it', () => {
    const { consents, requests } = withSharingEvents(NO_SHARING, [asked, granted()]);
    expect(requests).toEqual([
      {
        ...{ ...pair, compartments: [0, 2], purposes: ['TREAT'], expiresAt: 9 },
        ...{ messageDigest: '0x00', blockNumber: 4n, state: 'granted' },
      },
    ]);
    expect(consents).toEqual([
      {
        ...pair,
        consent: { compartments: [0, 2], purposes: ['TREAT'], startsAt: 0, expiresAt: 9, mayWrite: false },
      },
    ]);
  });

  test('behavior: declined gives nothing, and a later question waits again', () => {
    expect(withSharingEvents(NO_SHARING, [asked, declined])).toMatchObject({
      ...{ consents: [], requests: [{ state: 'declined' }] },
    });
    expect(withSharingEvents(NO_SHARING, [asked, declined, asked]).requests).toMatchObject([
      { state: 'pending' },
    ]);
  });

  test('behavior: a change replaces, an end removes, and all end of one patient alone', () => {
    expect(withSharingEvents(NO_SHARING, [granted(), amended]).consents).toMatchObject([
      { consent: { expiresAt: 12, mayWrite: true } },
    ]);
    expect(withSharingEvents(NO_SHARING, [granted(), revoked]).consents).toEqual([]);
    expect(withSharingEvents(NO_SHARING, [granted(), granted(OTHER), allRevoked]).consents).toMatchObject([
      { patient: OTHER },
    ]);
    expect(withSharingEvents(NO_SHARING, [granted(), allRevoked, granted()]).consents).toHaveLength(1);
  });

  test('behavior: the last events read again change nothing, and none keep the same lists', () => {
    const events = [asked, granted(OTHER), granted(), revoked, granted(PATIENT, 10), asked, amended];
    const once = withSharingEvents(NO_SHARING, events);
    for (let from = 0; from <= events.length; ++from) {
      expect(withSharingEvents(once, events.slice(from))).toEqual(once);
    }
    expect(withSharingEvents(once, [])).toBe(once);
  });
});
