import type { Hex } from 'viem';
import type { z } from 'zod';
import { ask } from '../ask.ts';
import { RelayError } from '../errors.ts';
import { relayProblem, relayUnreachable } from './problems.ts';
import type { RelayInfo, RequestStatus, SignedRequest } from './protocol.ts';

/** Where signed requests go instead of into a transaction of one's own. */
export type Relay = {
  /** The base URL, or a path of one's own server that leads there. */
  readonly url: string;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /**
   * After so long a request that the relay took, and that stands in no block, is sent by its person
   * if their wallet can pay, in milliseconds. Default 120,000.
   */
  readonly patienceMs?: number;
};

/** No answer of a relay is longer than this. */
const MAX_ANSWER_BYTES = 262_144;

/** `POST /v1/requests`. @throws RelayError `RELAY_UNREACHABLE`, `RELAY_REFUSED`, `RELAY_WRONG_ANSWER` */
export async function submitRequests(
  relay: Relay,
  requests: readonly SignedRequest[],
): Promise<readonly RequestStatus[]> {
  const { acceptedSchema, requestToWire } = await protocol();
  const answer = await askRelay(relay, 'v1/requests', acceptedSchema, {
    requests: requests.map(requestToWire),
  });
  if (answer.requests.length !== requests.length) throw wrongAnswer();
  return answer.requests;
}

/** `GET /v1/requests/:id`. @throws as {@link submitRequests} */
export async function requestStatus(relay: Relay, id: Hex): Promise<RequestStatus> {
  const { requestStatusSchema } = await protocol();
  return askRelay(relay, `v1/requests/${id}`, requestStatusSchema);
}

/** `GET /v1/info`. @throws as {@link submitRequests} */
export async function relayInfo(relay: Relay): Promise<RelayInfo> {
  const { relayInfoSchema } = await protocol();
  return askRelay(relay, 'v1/info', relayInfoSchema);
}

/** Loaded when it is used: schemas would be a fifth of what a page loads first. */
const protocol = () => import('./protocol.ts');

async function askRelay<schema extends z.ZodType>(
  { url, timeoutMs = 15_000 }: Relay,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const place = `${url.replace(/\/+$/, '')}/${path}`;
  const answer = await ask({ url: place, body, timeoutMs, maxBytes: MAX_ANSWER_BYTES });
  if (answer.kind === 'unreachable') throw relayUnreachable(answer.cause);
  if (answer.kind === 'endless') throw wrongAnswer();
  if (answer.kind === 'problem') throw relayProblem(answer.type, answer.status);
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw wrongAnswer();
}

function wrongAnswer(): RelayError {
  return new RelayError('RELAY_WRONG_ANSWER', 'The relay answered with something that is no answer.', {
    advice: 'Send it yourself, or use another relay.',
  });
}
