import { describe, expect, test } from 'vitest';
import { choiceOf, ruleSetsFrom } from './rule-choice.ts';

describe('ruleSetsFrom', () => {
  test('default: at first all but the hours of a clinic look', () => {
    expect(choiceOf(ruleSetsFrom(undefined))).toEqual({
      'many-refusals': { count: 5, seconds: 3_600 },
      'many-patients': { count: 20, seconds: 600 },
      'outside-hours': false,
      'before-revoke': { seconds: 600 },
      'emergency-unreviewed': { seconds: 604_800 },
    });
  });

  test('behavior: what was kept counts', () => {
    const kept = {
      'many-refusals': { on: true, settings: { count: 2 } },
      'outside-hours': { on: true, settings: { hours: [7, 19] } },
      'before-revoke': { on: false },
    };
    expect(choiceOf(ruleSetsFrom(kept))).toMatchObject({
      'many-refusals': { count: 2, seconds: 3_600 },
      'outside-hours': { hours: [7, 19] },
      'before-revoke': false,
    });
  });

  test.each([
    ['nothing of the kind', 'x'],
    ['a threshold that is no whole number', { 'many-refusals': { on: true, settings: { count: 0.5 } } }],
    ['one hour', { 'outside-hours': { settings: { hours: [7] } } }],
    ['another rule', { everything: { on: true } }],
  ])('error: %s is as at first', (_, kept) => {
    expect(ruleSetsFrom(kept)).toEqual(ruleSetsFrom(undefined));
  });
});
