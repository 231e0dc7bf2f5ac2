import { INDEX_PROBLEMS, type IndexProblemCode, indexProblemType } from '@chartkey/sdk';

type ProblemOptions = ErrorOptions & {
  /** Seconds after which asking again makes sense. */
  readonly retryAfter?: number;
  /** Methods that are served, where another one was used. */
  readonly allowed?: string;
};

/** An error that may be told to whoever asked: its message carries nothing but words of ours. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly code: IndexProblemCode;
  readonly retryAfter: number | undefined;
  readonly allowed: string | undefined;

  constructor(code: IndexProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfter = options.retryAfter ?? (this.status === 503 ? 1 : undefined);
    this.allowed = options.allowed;
  }

  get status(): number {
    return INDEX_PROBLEMS[this.code].status;
  }
}

/** RFC 9457. */
export function problemResponse({ code, message, status, retryAfter, allowed }: ProblemError): Response {
  const { title } = INDEX_PROBLEMS[code];
  const body = { type: indexProblemType(code), title, status, detail: message };
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
