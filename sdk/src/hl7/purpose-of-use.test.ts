import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  PURPOSES_OF_USE,
  purposeFromNumber,
  purposesFromMask,
  purposesToMask,
  purposeToNumber,
} from './index.ts';

describe('PURPOSES_OF_USE', () => {
  test('behavior: has the codes of the contracts in the order of their bits', () => {
    const source = readFileSync(new URL('../../../contracts/types/Types.sol', import.meta.url), 'utf8');
    const body = /enum Purpose \{([^}]*)\}/.exec(source)?.[1] ?? '';
    const codes = [...body.matchAll(/\/\/ ([A-Z]+)/g)].map(([, code]) => code);
    expect(PURPOSES_OF_USE.map(({ code }) => code)).toEqual(codes);
  });
});

describe('purposesToMask', () => {
  test('default', () => {
    expect(purposesToMask(['TREAT', 'COVERAGE'])).toBe(0b1_0000_0001);
    expect(purposesFromMask(0b1_0000_0001)).toEqual(['TREAT', 'COVERAGE']);
  });

  test('behavior: each code goes there and back', () => {
    for (const { code } of PURPOSES_OF_USE) {
      expect(purposeFromNumber(purposeToNumber(code))).toBe(code);
      expect(purposesFromMask(purposesToMask([code]))).toEqual([code]);
    }
  });

  test('behavior: a number beyond the table is no purpose', () => {
    expect(purposeFromNumber(PURPOSES_OF_USE.length)).toBeUndefined();
    expect(purposesFromMask(1 << PURPOSES_OF_USE.length)).toEqual([]);
  });
});
