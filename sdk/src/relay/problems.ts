import { RelayError } from '../errors.ts';
import { isCodeOf, problemCode } from '../problems.ts';

type Words = {
  /** The HTTP status it is told with. */
  readonly status: number;
  /** What happened, for whoever asked. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
};

const AGAIN = 'Sign it again.';
const LATER = 'Try again in a moment, or send it yourself. Nothing was sent.';
/** The request is not what this version of the protocol has. */
const PROGRAM = 'Load the page again. If it goes on, page and relay are of different versions.';

/** Everything that a relay says no with (RFC 9457, `urn:chartkey:problem:<code>`). */
export const RELAY_PROBLEMS = {
  INPUT_INVALID: { status: 400, title: 'The request is not valid.', advice: PROGRAM },
  NOT_FOUND: { status: 404, title: 'Nothing is served here.', advice: PROGRAM },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not served here.', advice: PROGRAM },
  INPUT_TOO_LARGE: { status: 413, title: 'The request is too large.', advice: 'Do it in several steps.' },
  MEDIA_TYPE_UNKNOWN: { status: 415, title: 'The request must be JSON.', advice: PROGRAM },
  // What was signed is not for this relay …
  TARGET_UNKNOWN: {
    status: 403,
    title: 'The request calls something else than an action of these contracts.',
    advice: PROGRAM,
  },
  NOT_PARTICIPANT: {
    status: 403,
    title: 'Only registered participants, and those who register, are served.',
    advice: 'Register first, or check which wallet is connected.',
  },
  // … or does not count, now or ever.
  SIGNATURE_INVALID: {
    status: 422,
    title: 'The signature is not one of this person, for this chain, these contracts and these values.',
    advice: `${AGAIN} If a session signed it: it has ended, start another.`,
  },
  REQUEST_EXPIRED: { status: 422, title: 'The deadline has passed, or is too near.', advice: AGAIN },
  NONCE_USED: { status: 409, title: 'A request of this number was made already.', advice: AGAIN },
  NONCE_AHEAD: {
    status: 409,
    title: 'Requests of smaller numbers are missing.',
    advice: 'Send those first, or sign it again.',
  },
  CALL_REFUSED: {
    status: 422,
    title: 'The contracts would refuse this.',
    advice: 'Reload: something may have changed in the meantime.',
  },
  GAS_TOO_HIGH: {
    status: 422,
    title: 'The request asks for too much gas.',
    advice: 'Do it in several steps.',
  },
  RATE_LIMITED: { status: 429, title: 'Too many requests.', advice: 'Wait a minute, or send it yourself.' },
  INTERNAL: { status: 500, title: 'The relay failed.', advice: LATER },
  CHAIN_UNREACHABLE: { status: 503, title: 'The chain can’t be asked now.', advice: LATER },
  FUNDS_LOW: { status: 503, title: 'The relay can’t pay for transactions now.', advice: LATER },
  FEES_HIGH: { status: 503, title: 'Transactions cost more now than the relay may pay.', advice: LATER },
  BUSY: { status: 503, title: 'The relay has too much to do.', advice: LATER },
} as const satisfies Record<string, Words>;

export type RelayProblemCode = keyof typeof RELAY_PROBLEMS;

/** A relay's problem document as an error of ours: our words, never its own. */
export function relayProblem(type: string | undefined, status: number): RelayError {
  const code = problemCode(RELAY_PROBLEMS, type);
  if (code !== undefined) return relayRefusal(code);
  if (status >= 500) return relayUnreachable();
  return new RelayError('RELAY_REFUSED', `The relay refused the request with status ${status}.`);
}

/** What a relay says no with, as an error of ours. */
export function relayRefusal(code: RelayProblemCode): RelayError {
  const { title, advice, status } = RELAY_PROBLEMS[code];
  const error = status >= 500 ? 'RELAY_UNREACHABLE' : 'RELAY_REFUSED';
  return new RelayError(error, `The relay says: ${title}`, {
    retryable: status >= 500 || status === 429,
    advice,
  });
}

export function relayUnreachable(cause?: unknown): RelayError {
  return new RelayError('RELAY_UNREACHABLE', 'The relay does not answer.', {
    retryable: true,
    // Whether it has the request, nobody here knows.
    advice: 'Try again in a moment, or send it yourself.',
    cause,
  });
}

/** A code of ours, from whatever a relay wrote. */
export function isRelayProblem(code: string | undefined): code is RelayProblemCode {
  return isCodeOf(RELAY_PROBLEMS, code ?? '');
}
