import { asNodeError, type Fault, NodeError } from './errors.ts';

const STATUS: Record<Fault, number> = {
  invalid: 400,
  'too-large': 413,
  'not-found': 404,
  'not-pinned': 404,
  corrupt: 500,
  full: 507,
  busy: 503,
  unavailable: 502,
  forbidden: 403,
  'not-registered': 403,
  'not-verified': 403,
  suspended: 403,
  'not-ended': 409,
  'over-quota': 413,
  unauthenticated: 401,
  'too-many': 429,
};

/** Kubo's `cmds.ErrorType`: what its clients expect in `Code`. */
const KUBO_NORMAL = 0;
const KUBO_CLIENT = 1;
const KUBO_FORBIDDEN = 4;

/** Kubo's shape. It answers 500 for whatever is not the request's own fault; so do we. */
export function rpcError(error: unknown): Response {
  const { fault, message } = explain(error);
  const status = fault === 'not-found' || fault === 'not-pinned' ? 500 : statusOf(fault);
  const code = fault === 'forbidden' ? KUBO_FORBIDDEN : status < 500 ? KUBO_CLIENT : KUBO_NORMAL;
  return Response.json({ Message: message, Code: code, Type: 'error' }, { status });
}

/** RFC 9457. */
export function problem(error: unknown): Response {
  const { fault, message } = explain(error);
  const status = statusOf(fault);
  const body = { type: `urn:chartkey:storage:${fault ?? 'internal'}`, title: message, status };
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  return new Response(JSON.stringify(body), { status, headers });
}

/**
 * A streamed answer whose first piece is already there, so that the usual failures (absent,
 * corrupt) still get a proper status. A later failure cuts the connection: the client then
 * sees a broken answer, never a short one that looks whole.
 */
export async function streamed(pieces: AsyncGenerator<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  let next: IteratorResult<Uint8Array> | undefined = await pieces.next();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = next ?? (await pieces.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function statusOf(fault: Fault | undefined): number {
  return fault === undefined ? 500 : STATUS[fault];
}

/** What is ours is said; what is not (a path, a stack) goes to the operator's log alone. */
function explain(cause: unknown): { fault: Fault | undefined; message: string } {
  const error = asNodeError(cause);
  if (error instanceof NodeError) return { fault: error.fault, message: error.message };
  console.error('storage: unexpected', error instanceof Error ? `${error.name}: ${error.message}` : error);
  return { fault: undefined, message: 'internal error' };
}
