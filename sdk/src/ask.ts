export type Question = {
  readonly url: string;
  /** Posted as JSON; without it the question is a GET. */
  readonly body?: unknown;
  /** Longest time for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** No answer is longer. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
};

/** What a service of ours said, or why nothing was heard. */
export type Answer =
  | { readonly kind: 'answer'; readonly json: unknown }
  /** It said no: with the type of a problem document (RFC 9457), if that was one. */
  | { readonly kind: 'problem'; readonly type: string | undefined; readonly status: number }
  | { readonly kind: 'unreachable'; readonly cause: unknown }
  | { readonly kind: 'endless' };

/**
 * Asks a service: nothing is cached, no cookie and no referrer goes along, no redirect is followed.
 *
 * What the answer says is for the caller to check: this file stays small, as every page loads it.
 */
export async function ask({ url, body, timeoutMs, maxBytes, signal }: Question): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const posted = { method: 'POST', headers: { 'content-type': 'application/json' } };
  try {
    const response = await fetch(url, {
      ...(body === undefined ? {} : { ...posted, body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await readText(response, maxBytes);
    if (text === undefined) return { kind: 'endless' };
    const json = parseJson(text);
    if (response.ok) return { kind: 'answer', json };
    return { kind: 'problem', type: typeOf(json), status: response.status };
  } catch (cause) {
    return { kind: 'unreachable', cause };
  }
}

async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function typeOf(json: unknown): string | undefined {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  return typeof type === 'string' ? type : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
