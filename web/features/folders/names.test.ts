import { describe, expect, test } from 'vitest';
import { translatorIn } from '../../i18n/testing.ts';
import {
  decodeNames,
  encodeNames,
  freeNumber,
  NAMES_COMPARTMENT,
  namesProblem,
  type PresetKind,
  presetFolders,
  unnamed,
} from './names.ts';

const json = (folders: unknown, more = {}) =>
  JSON.stringify({ format: 'chartkey-folders', version: 1, folders, ...more });

const NAMES = {
  nameOf: (compartment: number) => (compartment === 0 ? 'General' : `Folder ${compartment + 1}`),
  presetName: (kind: PresetKind) => translatorIn('en', 'folders')(`presets.${kind}`),
};

describe('presetFolders', () => {
  test('default: General is 0 for everybody, the rest are numbers of their own that hold nothing yet', () => {
    for (let run = 0; run < 50; run++) {
      const folders = presetFolders(NAMES, [0, 5, NAMES_COMPARTMENT]);
      const numbers = folders.map(({ number }) => number);
      expect(folders[0]).toEqual({ number: 0, name: 'General', kind: 'general' });
      expect(folders[1]).toEqual({ number: 5, name: 'Folder 6' });
      expect(folders.at(-1)?.name).toBe('Mental health');
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers.every((number) => number >= 0 && number < NAMES_COMPARTMENT)).toBe(true);
    }
  });

  test('behavior: two charts hardly ever have the same numbers', () => {
    const drawn = Array.from({ length: 20 }, () => presetFolders(NAMES, []).at(-1)?.number);
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });
});

describe('freeNumber', () => {
  test('behavior: finds the last free one, and never the one of the names', () => {
    const all = Array.from({ length: 63 }, (_, number) => ({ number, name: `${number}` }));
    expect(freeNumber(all.filter(({ number }) => number !== 41))).toBe(41);
    expect(() => freeNumber(all)).toThrow('All 63 folders');
  });
});

describe('decodeNames', () => {
  test('default: what was encoded', async () => {
    const folders = presetFolders(NAMES, []);
    expect(decodeNames(await encodeNames(folders).text())).toEqual(folders);
  });

  test.each([
    ['no JSON', '{'],
    ['another thing', '[]'],
    ['another version', json([{ number: 0, name: 'a' }], { version: 2 })],
    ['no folder', json([])],
    ['a number of no folder', json([{ number: 63, name: 'a' }])],
    ['a number that is none', json([{ number: 1.5, name: 'a' }])],
    [
      'one number twice',
      json([
        { number: 1, name: 'a' },
        { number: 1, name: 'b' },
      ]),
    ],
    [
      'one name twice',
      json([
        { number: 1, name: 'a' },
        { number: 2, name: 'A ' },
      ]),
    ],
    ['a name that is none', json([{ number: 1, name: ' ' }])],
    ['a name that is too long', json([{ number: 1, name: 'x'.repeat(61) }])],
    ['a kind that is none', json([{ number: 1, name: 'a', kind: 'secret' }])],
  ])('error: %s', (_, text) => {
    expect(decodeNames(text)).toBeUndefined();
  });
});

describe('namesProblem', () => {
  test('default: none', () => {
    expect(namesProblem(presetFolders(NAMES, []))).toBeUndefined();
  });
});

describe('unnamed', () => {
  test('behavior: what lies somewhere without a name, in order', () => {
    expect(unnamed(NAMES, [{ number: 2, name: 'a' }], [9, 2, 3, 9, 63]).map(({ number }) => number)).toEqual([
      3, 9,
    ]);
  });
});
