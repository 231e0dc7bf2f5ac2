import type { z } from 'zod';
import type { Keeper } from '../contracts/index.ts';
import { KeeperError } from '../errors.ts';
import { keeperProblem } from './problems.ts';
import {
  attestResponseSchema,
  infoResponseSchema,
  type KeeperInfo,
  problemSchema,
  type SharesResponse,
  sharesResponseSchema,
} from './protocol.ts';

/** How to reach keepers. */
export type KeeperNetwork = {
  /** The base URL for a keeper: its endpoint on chain, or a path of one's own server that leads there. */
  readonly urlOf: (keeper: Keeper) => string;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
};

export const DEFAULT_TIMEOUT_MS = 15_000;

/** No answer of a keeper is longer than this. */
const MAX_ANSWER_BYTES = 1_048_576;

type Call = {
  readonly network: KeeperNetwork;
  readonly keeper: Keeper;
  readonly signal?: AbortSignal | undefined;
};

/** `POST /v1/shares`. @throws KeeperError `KEEPER_UNREACHABLE`, `KEEPER_WRONG_ANSWER`, or a code of {@link KEEPER_PROBLEMS} */
export function requestShares(call: Call, body: unknown): Promise<SharesResponse> {
  return ask(call, 'v1/shares', sharesResponseSchema, body);
}

/** `POST /v1/attest`: whether a keeper can open its block of an envelope. @throws as {@link requestShares} */
export function requestAttest(call: Call, body: unknown): Promise<z.output<typeof attestResponseSchema>> {
  return ask(call, 'v1/attest', attestResponseSchema, body);
}

/** `GET /v1/info`. @throws as {@link requestShares} */
export function requestInfo(call: Call): Promise<KeeperInfo> {
  return ask(call, 'v1/info', infoResponseSchema);
}

async function ask<schema extends z.ZodType>(
  { network, keeper, signal }: Call,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const timeout = AbortSignal.timeout(network.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const response = await fetchAnswer(`${network.urlOf(keeper).replace(/\/+$/, '')}/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const parsed = schema.safeParse(response);
  if (parsed.success) return parsed.data;
  throw new KeeperError('KEEPER_WRONG_ANSWER', 'A keeper answered with something that is no answer.');
}

async function fetchAnswer(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await readText(response);
  } catch (cause) {
    if (cause instanceof KeeperError) throw cause;
    throw new KeeperError('KEEPER_UNREACHABLE', 'A keeper does not answer.', { retryable: true, cause });
  }
  if (!response.ok) {
    const problem = problemSchema.safeParse(parseJson(text));
    throw keeperProblem(problem.data?.type, response.status);
  }
  return parseJson(text);
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES)
      throw new KeeperError('KEEPER_WRONG_ANSWER', 'A keeper’s answer does not end.');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
