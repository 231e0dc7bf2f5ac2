import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { decodeMetadata, encodeMetadata, fitTitle } from './metadata.ts';
import { flipped, letter } from './testing.ts';

describe('encodeMetadata', () => {
  test('default: 512 bytes that read back', () => {
    const bytes = encodeMetadata(letter);
    expect(bytes.length).toBe(512);
    expect(decodeMetadata(bytes)).toEqual(letter);
  });

  test('behavior: any title of at most 255 bytes, and every field at its longest', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const title = fitTitle(text);
        expect(decodeMetadata(encodeMetadata({ ...letter, title })).title).toBe(title);
      }),
    );
    const longest = {
      length: 2 ** 40,
      mediaType: `application/${'x'.repeat(115)}`,
      title: 'é'.repeat(127),
      fhirType: `D${'x'.repeat(63)}`,
      created: '2026-01-31T12:00:00.123Z',
    };
    expect(decodeMetadata(encodeMetadata(longest))).toEqual(longest);
  });

  test.each([
    { title: '' },
    { fhirType: '' },
    { created: '2024-02-29' },
    { mediaType: 'text/plain; charset=utf-8' },
    { mediaType: 'application/fhir+json;fhirVersion=4.0' },
    { length: 0 },
  ])('behavior: takes %o', (change) => {
    expect(decodeMetadata(encodeMetadata({ ...letter, ...change }))).toEqual({ ...letter, ...change });
  });

  test.each([
    { title: 'x'.repeat(256) },
    { title: '🫀'.repeat(64) },
    { title: '\ud83e' },
    { mediaType: 'pdf' },
    { mediaType: '' },
    { mediaType: `a/${'b'.repeat(126)}` },
    { mediaType: 'text/plain\n' },
    { fhirType: 'patient' },
    { created: '31.1.2026' },
    { created: '2026-02-30' },
    { created: '2026-01-31T25:00:00Z' },
    { length: -1 },
    { length: 2 ** 40 + 1 },
    { length: 0.5 },
  ])('error: refuses %o without repeating it', (change) => {
    const act = () => encodeMetadata({ ...letter, ...change });
    expect(act).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('decodeMetadata', () => {
  const bytes = encodeMetadata(letter);
  const titleAt = 10 + letter.mediaType.length + 1;
  test.each([
    ['another version', flipped(bytes, 0)],
    ['bytes after the end', flipped(bytes, 511)],
    ['a length beyond all records', flipped(bytes, 1)],
    ['broken UTF-8', flipped(bytes, titleAt + 8, 0x40)],
    ['a string beyond the end', new Uint8Array(512).fill(255).fill(0, 0, 9).fill(1, 0, 1)],
    ['too few bytes', bytes.subarray(0, 511)],
  ])('error: refuses %s', (_, bad) => {
    expect(() => decodeMetadata(bad)).toThrow(expect.objectContaining({ code: 'METADATA_BROKEN' }));
  });
});

describe('fitTitle', () => {
  test('default: leaves what fits', () => {
    expect(fitTitle('Röntgen 🫀.png')).toBe('Röntgen 🫀.png');
  });

  test('behavior: cuts between characters as people see them', () => {
    const family = '👩‍👩‍👧‍👦';
    const fitted = fitTitle(family.repeat(20));
    expect(utf8(fitted).length).toBeLessThanOrEqual(255);
    expect(fitted).toBe(`${family.repeat(10)}…`);
  });
});
