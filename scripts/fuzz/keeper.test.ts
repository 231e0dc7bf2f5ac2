import { expect, test } from 'vitest';
import { fuzz } from './keeper.ts';

test('a short run finds nothing', { timeout: 300_000 }, async () => {
  const { runs, accepted, refused, failures } = await fuzz({ runs: 600, seed: 1 });
  expect(failures).toEqual([]);
  expect([runs, accepted + refused]).toEqual([600, 600]);
});
