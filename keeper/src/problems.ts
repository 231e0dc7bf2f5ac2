import { KEEPER_PROBLEMS, type KeeperProblemCode, problemType } from '@chartkey/sdk';

export type ProblemCode = KeeperProblemCode;

/** An error that may be told to whoever asked: its message carries nothing but words of ours. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return KEEPER_PROBLEMS[this.code].status;
  }
}

/** The chain took a block back, or a node did not have its state yet: asking once more is worth it. */
export class UnsettledError extends ProblemError {}

/** RFC 9457. */
export function problemResponse(
  { code, message, status }: ProblemError,
  headers: Record<string, string> = {},
): Response {
  const { title } = KEEPER_PROBLEMS[code];
  const body = { type: problemType(code), title, status, detail: message };
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
