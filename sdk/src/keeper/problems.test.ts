import { describe, expect, test } from 'vitest';
import { problemType } from '../problems.ts';
import { KEEPER_PROBLEMS, type KeeperProblemCode, keeperProblem } from './problems.ts';

describe('keeperProblem', () => {
  const codes = Object.keys(KEEPER_PROBLEMS) as KeeperProblemCode[];

  test.each(codes)('default: %s in plain words', (code) => {
    const { status, title } = KEEPER_PROBLEMS[code];
    const error = keeperProblem(problemType(code), status);
    expect(error).toMatchObject({ code, retryable: status >= 500 || status === 429 });
    expect(error.message).toContain(title);
    expect(error.advice).toMatch(/^[A-Z].+\.$/);
  });

  test('behavior: what a keeper makes up is told as what it is, without its words', () => {
    expect(keeperProblem('urn:chartkey:problem:toString', 418)).toMatchObject({ code: 'KEEPER_REFUSED' });
    expect(keeperProblem('about:blank', 502)).toMatchObject({ code: 'KEEPER_UNREACHABLE', retryable: true });
    expect(keeperProblem(undefined, 400).message).toBe('A keeper refused the request with status 400.');
  });
});
