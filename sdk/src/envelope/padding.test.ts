import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ciphertextLength, plaintextLength } from './body-length.ts';
import { MAX_CONTENT_LENGTH, PADDING_FLOOR, paddedLength } from './padding.ts';

const anyLength = fc.oneof(fc.nat(1_000_000), fc.integer({ min: 0, max: MAX_CONTENT_LENGTH }));

describe('paddedLength', () => {
  test.each([
    [0, 65_536],
    [1, 65_536],
    [65_536, 65_536],
    [65_537, 67_584],
    [1_000_000, 1_015_808],
    [1_048_576, 1_048_576],
    [MAX_CONTENT_LENGTH, MAX_CONTENT_LENGTH],
  ])('default: %i becomes %i', (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });

  test('behavior: never shorter, at most 3.2 % longer above the floor, and padded once is padded', () => {
    fc.assert(
      fc.property(anyLength, (length) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(Math.max(length, PADDING_FLOOR));
        if (length > PADDING_FLOOR) expect(padded / length).toBeLessThan(1.032);
        expect(paddedLength(padded)).toBe(padded);
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('error: refuses %d', (length) => {
    expect(() => paddedLength(length)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test('error: refuses more than 1 TiB', () => {
    expect(() => paddedLength(MAX_CONTENT_LENGTH + 1)).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
    );
  });
});

describe('plaintextLength', () => {
  test('default: undoes ciphertextLength for padded lengths', () => {
    fc.assert(
      fc.property(anyLength, (length) => {
        const padded = paddedLength(length);
        expect(plaintextLength(ciphertextLength(padded))).toBe(padded);
      }),
    );
  });

  test('behavior: undefined for lengths that no padded body has', () => {
    for (const length of [0, 31, 32, 65_567, 65_569, 262_144 + 32]) {
      expect(plaintextLength(length)).toBeUndefined();
    }
  });
});
