import type { z } from 'zod';
import { ask } from '../ask.ts';
import type { Keeper } from '../contracts/index.ts';
import { KeeperError } from '../errors.ts';
import { keeperProblem } from './problems.ts';
import {
  attestResponseSchema,
  infoResponseSchema,
  type KeeperInfo,
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
  return askKeeper(call, 'v1/shares', sharesResponseSchema, body);
}

/** `POST /v1/attest`: whether a keeper can open its block of an envelope. @throws as {@link requestShares} */
export function requestAttest(call: Call, body: unknown): Promise<z.output<typeof attestResponseSchema>> {
  return askKeeper(call, 'v1/attest', attestResponseSchema, body);
}

/** `GET /v1/info`. @throws as {@link requestShares} */
export function requestInfo(call: Call): Promise<KeeperInfo> {
  return askKeeper(call, 'v1/info', infoResponseSchema);
}

async function askKeeper<schema extends z.ZodType>(
  { network, keeper, signal }: Call,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const url = `${network.urlOf(keeper).replace(/\/+$/, '')}/${path}`;
  const timeoutMs = network.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const answer = await ask({ url, body, timeoutMs, maxBytes: MAX_ANSWER_BYTES, signal });
  if (answer.kind === 'unreachable') {
    const { cause } = answer;
    throw new KeeperError('KEEPER_UNREACHABLE', 'A keeper does not answer.', { retryable: true, cause });
  }
  if (answer.kind === 'endless') {
    throw new KeeperError('KEEPER_WRONG_ANSWER', 'A keeper’s answer does not end.');
  }
  if (answer.kind === 'problem') throw keeperProblem(answer.type, answer.status);
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw new KeeperError('KEEPER_WRONG_ANSWER', 'A keeper answered with something that is no answer.');
}
