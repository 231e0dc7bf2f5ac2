import { problem } from './problem.ts';

export type ForwardOptions = {
  readonly url: string;
  /** Longest request body that is taken, in bytes. */
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
  /** What the problem document calls the other side. */
  readonly name: string;
  /** Headers that pass besides the usual ones. */
  readonly passed?: readonly string[];
};

/** Headers that pass. Cookies and addresses of people never do; authorisation only where a route says so. */
const REQUEST_HEADERS = ['accept', 'content-type', 'range', 'if-none-match'];
const RESPONSE_HEADERS = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'etag',
  'cache-control',
  'retry-after',
  'x-ipfs-path',
  'x-ipfs-roots',
];

/** Sends a request on to one of our own services and streams back the answer. */
export async function forward(request: Request, options: ForwardOptions): Promise<Response> {
  // Another site's page must not work with our services through somebody's browser.
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  if (site !== 'same-origin' && site !== 'none')
    return problem(403, 'Refused', 'Only pages of this site may ask.');
  const body = await readBody(request, options.maxBodyBytes);
  if (body === 'too-large') {
    return problem(413, 'Too large', `One request may carry ${options.maxBodyBytes} bytes.`);
  }
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const answer = await fetch(options.url, {
      method: request.method,
      headers: pick(request.headers, [...REQUEST_HEADERS, ...(options.passed ?? [])]),
      body,
      signal: AbortSignal.any([request.signal, timeout]),
      redirect: 'error',
      cache: 'no-store',
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: {
        'cache-control': 'no-store',
        // What comes from there is data for scripts of ours, never a page of this origin.
        'content-security-policy': "default-src 'none'; sandbox",
        ...pick(answer.headers, RESPONSE_HEADERS),
        'x-content-type-options': 'nosniff',
      },
    });
  } catch {
    if (timeout.aborted) return problem(504, 'No answer', `The ${options.name} did not answer in time.`);
    return problem(
      502,
      'Not reachable',
      `The ${options.name} can't be reached right now. Try again in a moment.`,
    );
  }
}

/** Refuses a body beyond the limit while it arrives, whatever its announced length says. */
async function readBody(
  request: Request,
  max: number,
): Promise<Uint8Array<ArrayBuffer> | null | 'too-large'> {
  if (request.body === null) return null;
  if (Number(request.headers.get('content-length') ?? 0) > max) return 'too-large';
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > max) {
      await reader.cancel();
      return 'too-large';
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked[name] = value;
  }
  // `fetch` has undone any compression, so the length on the wire no longer fits.
  if (headers.has('content-encoding')) delete picked['content-length'];
  return picked;
}
