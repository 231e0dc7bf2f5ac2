import type { Emergency } from '@chartkey/sdk';
import { describe, expect, it } from 'vitest';
import { translatorIn } from '../../i18n/testing.ts';
import { groupOf, needsPatient, phaseOf } from './phases.ts';
import { timeInWords } from './time-left.tsx';

const ENDED: Emergency = {
  emergencyId: 1n,
  patient: `0x${'1'.repeat(40)}`,
  requester: `0x${'2'.repeat(40)}`,
  reason: 'CannotAnswer',
  area: 1,
  requestedAt: 100,
  openedAt: 200,
  endsAt: 300,
  guardianConfirmations: 0,
  coSigner: undefined,
  state: 'ended',
  review: 'None',
  reviewDueAt: 1_000,
  reviewOverdue: false,
};

describe('phaseOf, groupOf', () => {
  it.each<[Partial<Emergency>, ReturnType<typeof phaseOf>, ReturnType<typeof groupOf>]>([
    [{ state: 'waiting' }, 'waiting', undefined],
    [{ state: 'lapsed' }, 'lapsed', undefined],
    [{ state: 'withdrawn' }, 'withdrawn', undefined],
    [{ state: 'standing' }, 'standing', 'standing'],
    [{}, 'ended', 'due'],
    [{ review: 'Contested' }, 'Contested', 'due'],
    [{ reviewOverdue: true }, 'overdue', 'overdue'],
    [{ review: 'Contested', reviewOverdue: true }, 'overdue', 'overdue'],
    [{ review: 'Justified' }, 'Justified', 'reviewed'],
    [{ review: 'Unjustified' }, 'Unjustified', 'reviewed'],
  ])('behavior: %o', (its, phase, group) => {
    expect(phaseOf({ ...ENDED, ...its })).toBe(phase);
    expect(groupOf({ ...ENDED, ...its })).toBe(group);
  });

  it('behavior: a patient is asked until they said something, and no longer', () => {
    expect(needsPatient(ENDED)).toBe(true);
    expect(needsPatient({ ...ENDED, reviewOverdue: true })).toBe(true);
    expect(needsPatient({ ...ENDED, state: 'waiting' })).toBe(true);
    expect(needsPatient({ ...ENDED, review: 'Contested' })).toBe(false);
    expect(needsPatient({ ...ENDED, state: 'lapsed' })).toBe(false);
  });
});

describe('timeInWords', () => {
  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [61, '1 min 1 s'],
    [4 * 3_600 - 1, '3 h 59 min'],
    [2 * 86_400 - 1, '47 h 59 min'],
    [2 * 86_400, '2 days'],
  ])('default: %d seconds', (seconds, words) => {
    expect(timeInWords(translatorIn('en', 'emergency'), seconds)).toBe(words);
  });
});
