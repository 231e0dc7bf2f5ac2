import { describe, expect, test } from 'vitest';
import { draftFrom, filterOf, hashOf, NO_FILTER, problemsOf, startOf } from './filter.ts';

const ADDRESS = '0x00000000000000000000000000000000000000aa';

describe('draftFrom', () => {
  test('default: what stands in an address is what the form holds, and back', () => {
    const hash = `patient=${ADDRESS}&purpose=ETREAT&outcome=refused&emergency=1&from=2026-11-01&until=2026-11-21`;
    const draft = draftFrom(`#${hash}`);
    expect(draft).toEqual({
      ...{ patient: ADDRESS, accessor: '', organisation: '', purpose: 'ETREAT', outcome: 'refused' },
      ...{ emergency: true, from: '2026-11-01', until: '2026-11-21' },
    });
    expect(hashOf(draft)).toBe(hash);
    expect(draftFrom('')).toEqual(NO_FILTER);
    expect(hashOf(NO_FILTER)).toBe('');
  });

  test('error: what is not valid is left out', () => {
    expect(
      draftFrom('#patient=0x12&purpose=FUN&outcome=Permit&emergency=yes&from=2026-99-99&until=now&x=1'),
    ).toEqual(NO_FILTER);
  });
});

describe('problemsOf', () => {
  test('error: names the field', () => {
    expect(problemsOf({ ...NO_FILTER, accessor: 'Dr Lee', from: '2026-11-02', until: '2026-11-01' })).toEqual(
      { accessor: 'noAccount', until: 'endsBeforeItBegins' },
    );
    expect(problemsOf({ ...NO_FILTER, accessor: ADDRESS, from: '2026-11-01', until: '2026-11-01' })).toEqual(
      {},
    );
  });
});

describe('filterOf', () => {
  test('default: nothing asks for everything', () => {
    expect(filterOf(NO_FILTER)).toEqual({});
  });

  test('behavior: both days belong to the period, a day that is an hour shorter too', () => {
    const { from, until } = filterOf({ ...NO_FILTER, from: '2026-03-29', until: '2026-03-29' });
    expect(from).toBe(startOf('2026-03-29'));
    expect(until).toBe(startOf('2026-03-30'));
  });

  test('behavior: an outcome, or one decision', () => {
    expect(filterOf({ ...NO_FILTER, outcome: 'refused' })).toEqual({ outcome: 'refused' });
    expect(filterOf({ ...NO_FILTER, outcome: 'ConsentMissing' })).toEqual({ decision: 'ConsentMissing' });
  });
});
