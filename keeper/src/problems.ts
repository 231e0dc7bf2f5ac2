/** What can go wrong with a request, and the HTTP status it is told with. */
const STATUS = {
  INPUT_INVALID: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  INPUT_TOO_LARGE: 413,
  MEDIA_TYPE_UNKNOWN: 415,
  // An envelope to attest that is not this keeper's business, or not as the chain has it …
  WRONG_CHAIN: 409,
  WRONG_CONTRACT: 409,
  KEEPER_SET_WRONG: 409,
  // … or that no keeper could do anything with.
  ENVELOPE_MALFORMED: 422,
  NOT_MY_ENVELOPE: 422,
  SHARE_BROKEN: 422,
  INTERNAL: 500,
  // The keeper does not know what the chain says, so it says nothing. Asking again can help.
  CHAIN_UNREACHABLE: 503,
  CHAIN_BEHIND: 503,
  CHAIN_DISAGREES: 503,
  CHAIN_STALE: 503,
} as const;

export type ProblemCode = keyof typeof STATUS;

/** An error that may be told to whoever asked: its message carries nothing but words of ours. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

const TITLES: Record<ProblemCode, string> = {
  INPUT_INVALID: 'The request is not valid.',
  NOT_FOUND: 'Nothing is served here.',
  METHOD_NOT_ALLOWED: 'This method is not served here.',
  INPUT_TOO_LARGE: 'The request is too large.',
  MEDIA_TYPE_UNKNOWN: 'The request must be JSON.',
  WRONG_CHAIN: 'The envelope belongs to another chain.',
  WRONG_CONTRACT: 'The envelope belongs to another contract.',
  KEEPER_SET_WRONG: 'The envelope’s keepers are not those of its epoch.',
  ENVELOPE_MALFORMED: 'The envelope is malformed.',
  NOT_MY_ENVELOPE: 'No block of the envelope is addressed to this keeper.',
  SHARE_BROKEN: 'The block that is addressed to this keeper does not open.',
  INTERNAL: 'The keeper failed.',
  CHAIN_UNREACHABLE: 'The chain can’t be asked now.',
  CHAIN_BEHIND: 'One of the keeper’s views of the chain is behind.',
  CHAIN_DISAGREES: 'The keeper’s views of the chain disagree.',
  CHAIN_STALE: 'The keeper’s view of the chain is not current.',
};

/** The chain took a block back, or a node did not have its state yet: asking once more is worth it. */
export class UnsettledError extends ProblemError {}

/** RFC 9457. */
export function problemResponse(
  { code, message, status }: ProblemError,
  headers: Record<string, string> = {},
): Response {
  const body = { type: `urn:chartkey:problem:${code}`, title: TITLES[code], status, detail: message };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(status === 503 ? { 'Retry-After': '1' } : {}),
      ...headers,
    },
  });
}
