import type { NodeFault, NodeHandle, StorageClient } from './client.ts';
import { parseLines, RequestFailure, request } from './http.ts';
import type { ReadOptions } from './read.ts';
import { isObject, post } from './rpc.ts';

export type NodeStatus = {
  readonly node: string;
  /** Why it did not say how it is; undefined if it did. */
  readonly fault: NodeFault | undefined;
  /** What it says that it runs; a gate does not say. */
  readonly version?: string | undefined;
  readonly blocks?: number | undefined;
  readonly bytes?: number | undefined;
  /** What it can hold in all, in bytes. */
  readonly capacity?: number | undefined;
};

const MAX_ANSWER_BYTES = 65_536;

/**
 * What each node says of itself. A node may say anything: only an audit reads bytes.
 *
 * @throws ChartkeyError `CANCELLED`
 */
export async function storageStatus(
  client: StorageClient,
  { signal }: ReadOptions = {},
): Promise<NodeStatus[]> {
  return Promise.all(
    client.nodes.map(async (node) => {
      try {
        const said = node.gate === undefined ? askNode(client, node, signal) : askGate(client, node, signal);
        return { node: node.label, fault: undefined, ...(await said) };
      } catch (error) {
        if (error instanceof RequestFailure) return { node: node.label, fault: error.fault };
        throw error;
      }
    }),
  );
}

async function askNode(client: StorageClient, node: NodeHandle, signal: AbortSignal | undefined) {
  const [version] = await post(client, node, 'version', undefined, signal);
  const [stat] = await post(client, node, 'repo/stat', undefined, signal);
  return {
    version: isObject(version) && typeof version.Version === 'string' ? version.Version : undefined,
    blocks: countIn(stat, 'NumObjects'),
    bytes: countIn(stat, 'RepoSize'),
    capacity: countIn(stat, 'StorageMax'),
  };
}

async function askGate(client: StorageClient, node: NodeHandle, signal: AbortSignal | undefined) {
  const bytes = await request(client, {
    url: `${node.gate}/healthz`,
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: client.readTimeoutMs,
    signal,
  });
  parseLines(bytes);
  return {};
}

function countIn(answer: unknown, field: string): number | undefined {
  const value = isObject(answer) ? answer[field] : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
