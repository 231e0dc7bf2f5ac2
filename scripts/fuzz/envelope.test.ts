import { describe, expect, test } from 'vitest';
import { fuzz } from './envelope.ts';

describe('fuzz envelope', () => {
  test('default: nothing but EnvelopeErrors, and no second encoding', async () => {
    const result = await fuzz({ runs: 3000, seed: 1 });
    expect(result.failures).toEqual([]);
    expect(Math.min(result.accepted, result.refused)).toBeGreaterThan(300);
  });

  test('behavior: a seed repeats its run', async () => {
    const [a, b] = [await fuzz({ runs: 200, seed: 2 }), await fuzz({ runs: 200, seed: 2 })];
    expect(a).toEqual(b);
  });
});
