import { describe, expect, test } from 'vitest';
import { inOrderOfHealth, noteFailure, noteSuccess } from './health.ts';

const pauses = (urls: readonly string[], now: number) =>
  inOrderOfHealth(urls, (url) => url, now).map(({ pauseMs }) => pauseMs);

describe('inOrderOfHealth', () => {
  test('default: one that failed is asked later, the more so the more often, and never left out', () => {
    expect(pauses(['a', 'b'], 0)).toEqual([0, 0]);
    noteFailure('a', 0);
    expect(pauses(['a', 'b'], 1)).toEqual([100, 0]);
    for (let i = 0; i < 20; i++) noteFailure('a', 0);
    expect(pauses(['a', 'b'], 1)).toEqual([1_000, 0]);
  });

  test('behavior: forgotten after a minute, and at once with an answer', () => {
    noteFailure('c', 0);
    expect(pauses(['c', 'd'], 60_000)).toEqual([0, 0]);
    noteFailure('c', 0);
    noteSuccess('c');
    expect(pauses(['c', 'd'], 1)).toEqual([0, 0]);
  });

  test('behavior: where all failed, nobody is waited for', () => {
    noteFailure('e', 0);
    noteFailure('f', 0);
    expect(pauses(['e', 'f'], 1)).toEqual([0, 0]);
  });
});
