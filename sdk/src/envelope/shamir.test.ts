import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combinePoints, interpolate, multiply, splitSecret } from './shamir.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i * 7);

describe('splitSecret', () => {
  test('default: n points with distinct x, any k of which give the secret', async () => {
    const points = await splitSecret(secret, 5, 3);
    expect(new Set(points.map(({ x }) => x)).size).toBe(5);
    expect(points.every(({ x, y }) => x > 0 && y.length === 32)).toBe(true);
    expect(await combinePoints(points.slice(2))).toEqual(secret);
  });
});

describe('interpolate', () => {
  test('default: agrees with the audited library at 0, and with the dealt points elsewhere', async () => {
    const shape = fc
      .integer({ min: 2, max: 9 })
      .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 2, max: n }) }));
    await fc.assert(
      fc.asyncProperty(shape, async ({ n, k }) => {
        const points = await splitSecret(secret, n, k);
        const chosen = points.slice(n - k);
        expect(interpolate(chosen, 0)).toEqual(await combinePoints(chosen));
        for (const { x, y } of points) expect(interpolate(chosen, x)).toEqual(y);
      }),
      { numRuns: 30 },
    );
  });

  test('behavior: fewer than k points give something else', async () => {
    const points = await splitSecret(secret, 5, 3);
    expect(interpolate(points.slice(3), 0)).not.toEqual(secret);
  });
});

describe('multiply', () => {
  test('default: FIPS 197, section 4.2: 57 · 83 = c1', () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    expect(multiply(0x57, 0x13)).toBe(0xfe);
  });

  test('behavior: every element but zero has an inverse', () => {
    for (let a = 1; a < 256; a++) {
      const inverses = Array.from({ length: 256 }, (_, b) => b).filter((b) => multiply(a, b) === 1);
      expect(inverses.length).toBe(1);
    }
  });
});
