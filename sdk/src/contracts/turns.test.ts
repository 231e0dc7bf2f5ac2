import { describe, expect, test } from 'vitest';
import { inTurn, startAnew } from './turns.ts';

describe('inTurn', () => {
  const chain = (next: bigint) => () => Promise.resolve(next);

  test('default: one number after the other, in the order of asking', async () => {
    const taken = await Promise.all(
      [1, 2, 3].map(() => inTurn('a', chain(5n), (nonce) => Promise.resolve(nonce))),
    );
    expect(taken).toEqual([5n, 6n, 7n]);
  });

  test('behavior: a number that was not taken is given to the next one', async () => {
    const failed = inTurn('b', chain(0n), () => Promise.reject(new Error('refused')));
    const next = inTurn('b', chain(0n), (nonce) => Promise.resolve(nonce));
    await expect(failed).rejects.toThrow('refused');
    expect(await next).toBe(0n);
  });

  test('behavior: the chain goes ahead, and has the last word after what will not be made', async () => {
    await inTurn('c', chain(0n), (nonce) => Promise.resolve(nonce));
    expect(await inTurn('c', chain(9n), (nonce) => Promise.resolve(nonce))).toBe(9n);
    startAnew('c');
    expect(await inTurn('c', chain(3n), (nonce) => Promise.resolve(nonce))).toBe(3n);
  });
});
