import { type ErrorCode, KeeperError } from '../errors.ts';
import { problemCode } from '../problems.ts';

type Words = {
  /** The HTTP status it is told with. */
  readonly status: number;
  /** What happened, for whoever asked. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
};

/** The keeper can't answer now: the same request may be sent again. */
const LATER = 'Try again in a moment; nothing was lost. Your entry on the log stays valid for an hour.';
/** The request is not what this version of the protocol has. */
const PROGRAM = 'Load the page again. If it goes on, page and keeper are of different versions.';
const OTHER_ENVELOPE = 'Seal the record again; nothing was stored under this one.';

/** Everything that a keeper says no with to a request as a whole (RFC 9457, `urn:chartkey:problem:<code>`). */
export const KEEPER_PROBLEMS = {
  INPUT_INVALID: { status: 400, title: 'The request is not valid.', advice: PROGRAM },
  NOT_FOUND: { status: 404, title: 'Nothing is served here.', advice: PROGRAM },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not served here.', advice: PROGRAM },
  INPUT_TOO_LARGE: {
    status: 413,
    title: 'The request is too large.',
    advice: 'Ask for fewer records at once.',
  },
  MEDIA_TYPE_UNKNOWN: { status: 415, title: 'The request must be JSON.', advice: PROGRAM },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests.',
    advice: 'Wait a minute, then try again. Your entry on the log stays valid for an hour.',
  },
  // An envelope to attest that is not this keeper's business, or not as the chain has it …
  WRONG_CHAIN: {
    status: 409,
    title: 'The envelope belongs to another chain.',
    advice: 'Switch to the network that the keeper serves.',
  },
  WRONG_CONTRACT: {
    status: 409,
    title: 'The envelope belongs to another contract.',
    advice: 'Use the addresses of the contracts that the keeper serves.',
  },
  KEEPER_SET_WRONG: {
    status: 409,
    title: 'The envelope’s keepers are not those of its epoch.',
    advice: OTHER_ENVELOPE,
  },
  // … or that no keeper could do anything with.
  ENVELOPE_MALFORMED: { status: 422, title: 'The envelope is malformed.', advice: OTHER_ENVELOPE },
  NOT_MY_ENVELOPE: {
    status: 422,
    title: 'No block of the envelope is addressed to this keeper.',
    advice: OTHER_ENVELOPE,
  },
  SHARE_BROKEN: {
    status: 422,
    title: 'The block that is addressed to this keeper does not open.',
    advice: OTHER_ENVELOPE,
  },
  INTERNAL: { status: 500, title: 'The keeper failed.', advice: LATER },
  // The keeper does not know what the chain says, so it says nothing. Asking again can help.
  CHAIN_UNREACHABLE: { status: 503, title: 'The chain can’t be asked now.', advice: LATER },
  CHAIN_BEHIND: { status: 503, title: 'One of the keeper’s views of the chain is behind.', advice: LATER },
  CHAIN_DISAGREES: { status: 503, title: 'The keeper’s views of the chain disagree.', advice: LATER },
  CHAIN_STALE: { status: 503, title: 'The keeper’s view of the chain is not current.', advice: LATER },
  BUSY: { status: 503, title: 'The keeper has too much to do.', advice: LATER },
} as const satisfies Partial<Record<ErrorCode, Words>>;

export type KeeperProblemCode = keyof typeof KEEPER_PROBLEMS;

/** A keeper's problem document as an error of ours: our words, never its own. */
export function keeperProblem(type: string | undefined, status: number): KeeperError {
  const code = problemCode(KEEPER_PROBLEMS, type);
  if (code === undefined) {
    if (status >= 500) return unreachable();
    return new KeeperError('KEEPER_REFUSED', `A keeper refused the request with status ${status}.`);
  }
  const { title, advice, status: usual } = KEEPER_PROBLEMS[code];
  const retryable = usual >= 500 || usual === 429;
  return new KeeperError(code, `A keeper says: ${title}`, { retryable, advice });
}

function unreachable(): KeeperError {
  return new KeeperError('KEEPER_UNREACHABLE', 'A keeper can’t answer now.', { retryable: true });
}
