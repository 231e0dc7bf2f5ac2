import { KEEPER_PROBLEMS, type KeeperProblemCode, problemType } from '@chartkey/sdk';

export type ProblemCode = KeeperProblemCode;

type ProblemOptions = ErrorOptions & {
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number;
  /** Methods that are served, where another one was used. */
  readonly allowed?: string;
};

/** An error that may be told to whoever asked: its message carries nothing but words of ours. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly code: ProblemCode;
  readonly retryAfter: number | undefined;
  readonly allowed: string | undefined;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfter = options.retryAfter ?? (this.status === 503 ? 1 : undefined);
    this.allowed = options.allowed;
  }

  get status(): number {
    return KEEPER_PROBLEMS[this.code].status;
  }
}

/** The chain took a block back, or a node did not have its state yet: asking once more is worth it. */
export class UnsettledError extends ProblemError {}

/** RFC 9457. */
export function problemResponse({ code, message, status, retryAfter, allowed }: ProblemError): Response {
  const { title } = KEEPER_PROBLEMS[code];
  const body = { type: problemType(code), title, status, detail: message };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...(allowed === undefined ? {} : { Allow: allowed }),
    },
  });
}
