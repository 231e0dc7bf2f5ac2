import { IndexError } from '../errors.ts';
import { problemCode } from '../problems.ts';

const PROGRAM = 'Load the page again. If it goes on, program and index are of different versions.';
const LATER = 'Try again in a moment, or read from the chain itself: the index only makes it quicker.';

/** Everything that an index says no with (RFC 9457, `urn:chartkey:problem:<code>`). */
export const INDEX_PROBLEMS = {
  INPUT_INVALID: { status: 400, title: 'The request is not valid.', advice: PROGRAM },
  NOT_FOUND: { status: 404, title: 'Nothing is served here.', advice: PROGRAM },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not served here.', advice: PROGRAM },
  INPUT_TOO_LARGE: { status: 413, title: 'The request is too large.', advice: PROGRAM },
  MEDIA_TYPE_UNKNOWN: { status: 415, title: 'The request must be JSON.', advice: PROGRAM },
  RATE_LIMITED: { status: 429, title: 'Too many requests.', advice: 'Wait a minute.' },
  INTERNAL: { status: 500, title: 'The index failed.', advice: LATER },
  CHAIN_UNREACHABLE: { status: 503, title: 'The index can’t reach the chain.', advice: LATER },
  LOG_BROKEN: {
    status: 503,
    title: 'The node that the index reads from leaves entries out, or changes them.',
    advice: 'Give the index another node. Until then read from the chain itself.',
  },
  BEHIND: { status: 503, title: 'The index has not caught up with the chain yet.', advice: LATER },
  BUSY: { status: 503, title: 'The index is about to stop.', advice: LATER },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;

export type IndexProblemCode = keyof typeof INDEX_PROBLEMS;

/** An index's problem document as an error of ours: our words, never its own. */
export function indexProblem(type: string | undefined, status: number): IndexError {
  const code = problemCode(INDEX_PROBLEMS, type);
  if (code !== undefined) {
    const { title, advice } = INDEX_PROBLEMS[code];
    return new IndexError(status >= 500 ? 'INDEX_UNREACHABLE' : 'INDEX_REFUSED', `The index says: ${title}`, {
      retryable: status >= 500 || status === 429,
      advice,
    });
  }
  if (status >= 500) return indexUnreachable();
  return new IndexError('INDEX_REFUSED', `The index refused the request with status ${status}.`);
}

export function indexUnreachable(cause?: unknown): IndexError {
  return new IndexError('INDEX_UNREACHABLE', 'The index does not answer.', {
    retryable: true,
    advice: LATER,
    cause,
  });
}
