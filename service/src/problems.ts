import { problemType } from '@chartkey/sdk';

/** What any request to any service may be answered with. */
export type CommonCode =
  | 'INPUT_INVALID'
  | 'INPUT_TOO_LARGE'
  | 'MEDIA_TYPE_UNKNOWN'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'INTERNAL'
  | 'BUSY';

/** Each code that a service says no with: its HTTP status, and what happened. */
export type ProblemTable = Readonly<Record<string, { readonly status: number; readonly title: string }>> &
  Readonly<Record<CommonCode, unknown>>;

type ProblemOptions = ErrorOptions & {
  /** Seconds after which asking again makes sense. Default: 1 where the status is 503. */
  readonly retryAfter?: number;
  /** Methods that are served, where another one was used. */
  readonly allowed?: string;
};

/** An error that may be told to whoever asked: its message carries nothing but words of ours. */
export class ProblemError<Code extends string = CommonCode> extends Error {
  override readonly name: string = 'ProblemError';
  readonly code: Code;
  readonly retryAfter: number | undefined;
  readonly allowed: string | undefined;

  constructor(code: Code, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.allowed = options.allowed;
  }
}

/** RFC 9457. A code that the table lacks is told as `INTERNAL`. */
export function problemResponse(table: ProblemTable, error: ProblemError<string>): Response {
  const code = Object.hasOwn(table, error.code) ? error.code : 'INTERNAL';
  const { status = 500, title = '' } = table[code] ?? {};
  const retryAfter = error.retryAfter ?? (status === 503 ? 1 : undefined);
  const body = { type: problemType(code), title, status, detail: error.message };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...(error.allowed === undefined ? {} : { Allow: error.allowed }),
    },
  });
}
