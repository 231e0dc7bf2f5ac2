import type { Context } from 'hono';
import { NodeError } from '../errors.ts';
import type { GateConfig } from './config.ts';

const FORWARDED = 'x-chartkey-forwarded';
const PASSED = ['authorization', 'content-type'];
const TIMEOUT_MS = 600_000;

/**
 * Passes a request on to the gate on whose disk the upload lies; undefined if that is this one.
 * Where to is known from the ledger, which gates alone write, and from no request.
 *
 * @throws NodeError `unavailable` when that gate does not answer: its parts wait there until it is
 *   back, or until the upload's time is over
 */
export async function forwarded(
  c: Context,
  { peerUrl = '' }: Pick<GateConfig, 'peerUrl'>,
  home: string,
): Promise<Response | undefined> {
  if (home === peerUrl) return undefined;
  // Two gates that name each other wrongly must not send a request round and round.
  if (home === '' || c.req.header(FORWARDED) !== undefined) throw notHere();
  const { pathname } = new URL(c.req.url);
  const headers = new Headers({ [FORWARDED]: '1' });
  for (const name of PASSED) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  try {
    const init: RequestInit & { readonly duplex: 'half' } = {
      method: c.req.method,
      headers,
      body: c.req.raw.body,
      duplex: 'half',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const answer = await fetch(`${home.replace(/\/+$/, '')}${pathname}`, init);
    const type = answer.headers.get('content-type') ?? 'application/json';
    return new Response(answer.body, { status: answer.status, headers: { 'Content-Type': type } });
  } catch (cause) {
    throw notHere({ cause });
  }
}

function notHere(options?: ErrorOptions): NodeError {
  return new NodeError('unavailable', 'the gate that has this upload does not answer', options);
}
