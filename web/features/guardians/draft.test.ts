import { describe, expect, it } from 'vitest';
import { emptyDraft, guardiansIn, problemOf, thresholdsFor } from './draft.ts';

const one = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const two = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const three = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const own = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';

describe('problemOf', () => {
  it('default: two or more accounts, each once', () => {
    expect(problemOf({ accounts: [one, ` ${two.toLowerCase()} `, ''], threshold: 2 }, [own])).toBeUndefined();
  });

  it('error: too few, no account, the same twice in any writing, and the patient', () => {
    expect(problemOf(emptyDraft(), [own])).toBe('nameTwoOrMore');
    expect(problemOf({ accounts: [one], threshold: 2 }, [own])).toBe('nameTwoOrMore');
    expect(problemOf({ accounts: [one, 'Ada'], threshold: 2 }, [own])).toBe('notAnAccount');
    expect(problemOf({ accounts: [one, one.toLowerCase()], threshold: 2 }, [own])).toBe('namedTwice');
    expect(problemOf({ accounts: [one, own.toLowerCase()], threshold: 2 }, [own])).toBe('notYourself');
  });
});

describe('thresholdsFor', () => {
  it('default: 2 to all who are named, at least 2', () => {
    expect(thresholdsFor(emptyDraft())).toEqual([2]);
    expect(thresholdsFor({ accounts: [one, two, three], threshold: 2 })).toEqual([2, 3]);
  });
});

describe('guardiansIn', () => {
  it('behavior: a threshold beyond those who are left becomes all of them', () => {
    expect(guardiansIn({ accounts: [one, two, ''], threshold: 3 })).toEqual({
      guardians: [one, two],
      threshold: 2,
    });
  });
});
