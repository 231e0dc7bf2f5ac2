import type { NodeHandle, StorageClient } from './client.ts';
import { parseLines, RequestFailure, request } from './http.ts';
import type { Part } from './part.ts';

const MAX_ANSWER_BYTES = 65_536;

/** One command of Kubo's RPC; its answer as lines of JSON. @throws RequestFailure */
export async function post(
  client: StorageClient,
  node: NodeHandle,
  command: string,
  body: Part['form'] | undefined,
  signal: AbortSignal | undefined,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<unknown[]> {
  // A gate passes nothing of the RPC on.
  if (node.gate !== undefined) throw new RequestFailure('refused');
  const bytes = await request(client, {
    url: `${node.rpc}/api/v0/${command}`,
    init: {
      method: 'POST',
      ...(body === undefined ? {} : { body: body.bytes, headers: { 'Content-Type': body.type } }),
    },
    maxBytes,
    timeoutMs: client.writeTimeoutMs,
    signal,
  });
  return parseLines(bytes);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
