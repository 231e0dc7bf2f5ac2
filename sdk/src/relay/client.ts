import type { Hex } from 'viem';
import type { z } from 'zod';
import { RelayError } from '../errors.ts';
import { relayProblem, relayUnreachable } from './problems.ts';
import {
  acceptedSchema,
  type RelayInfo,
  type RequestStatus,
  relayInfoSchema,
  relayProblemSchema,
  requestStatusSchema,
  requestToWire,
  type SignedRequest,
} from './protocol.ts';

/** Where signed requests go instead of into a transaction of one's own. */
export type Relay = {
  /** The base URL, or a path of one's own server that leads there. */
  readonly url: string;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
};

/** No answer of a relay is longer than this. */
const MAX_ANSWER_BYTES = 262_144;

/** `POST /v1/requests`. @throws RelayError `RELAY_UNREACHABLE`, `RELAY_REFUSED`, `RELAY_WRONG_ANSWER` */
export async function submitRequests(
  relay: Relay,
  requests: readonly SignedRequest[],
): Promise<readonly RequestStatus[]> {
  const answer = await ask(relay, 'v1/requests', acceptedSchema, { requests: requests.map(requestToWire) });
  if (answer.requests.length !== requests.length) throw wrongAnswer();
  return answer.requests;
}

/** `GET /v1/requests/:id`. @throws as {@link submitRequests} */
export function requestStatus(relay: Relay, id: Hex): Promise<RequestStatus> {
  return ask(relay, `v1/requests/${id}`, requestStatusSchema);
}

/** `GET /v1/info`. @throws as {@link submitRequests} */
export function relayInfo(relay: Relay): Promise<RelayInfo> {
  return ask(relay, 'v1/info', relayInfoSchema);
}

async function ask<schema extends z.ZodType>(
  { url, timeoutMs = 15_000 }: Relay,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const answer = await fetchAnswer(`${url.replace(/\/+$/, '')}/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw wrongAnswer();
}

async function fetchAnswer(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (cause) {
    throw relayUnreachable(cause);
  }
  if (text.length > MAX_ANSWER_BYTES) throw wrongAnswer();
  const json = parseJson(text);
  if (response.ok) return json;
  const problem = relayProblemSchema.safeParse(json);
  throw relayProblem(problem.data?.type, response.status);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongAnswer(): RelayError {
  return new RelayError('RELAY_WRONG_ANSWER', 'The relay answered with something that is no answer.', {
    advice: 'Send it yourself, or use another relay.',
  });
}
