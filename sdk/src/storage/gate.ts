import type { CID } from 'multiformats/cid';
import type { NodeHandle, StorageClient } from './client.ts';
import type { Bytes } from './dag.ts';
import { parseLines, RequestFailure, request } from './http.ts';
import type { Part } from './part.ts';
import { isObject } from './rpc.ts';

const MAX_ANSWER_BYTES = 1_048_576;

/** Headers that say who asks; empty for a node without a gate, and for whoever has not signed in. */
export function authorizationFor(client: StorageClient, node: NodeHandle): Record<string, string> {
  const token = client.gates.get(node)?.token;
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** Opens an upload, or goes on with the one that was open. @throws RequestFailure */
export async function openUpload(
  client: StorageClient,
  node: NodeHandle,
  resume: boolean,
  signal: AbortSignal | undefined,
): Promise<string> {
  const session = client.gates.get(node);
  if (resume && session?.upload !== undefined) return session.upload;
  const { id } = await askGate(client, node, { path: '/uploads', json: {}, signal });
  if (session !== undefined) session.upload = String(id);
  return String(id);
}

export async function sendPartTo(
  client: StorageClient,
  node: NodeHandle,
  upload: string,
  { car, blockCount }: Part,
  signal: AbortSignal | undefined,
): Promise<void> {
  const body = { bytes: car, type: 'application/vnd.ipld.car' };
  const { blocks } = await askGate(client, node, { path: `/uploads/${upload}/car`, body, signal });
  if (blocks !== blockCount) throw new RequestFailure('refused');
}

/** @throws RequestFailure `not-found` when the gate has not staged the block */
export async function checkStaged(
  client: StorageClient,
  node: NodeHandle,
  upload: string,
  cid: CID,
  signal: AbortSignal | undefined,
): Promise<void> {
  const json = { cids: [cid.toString()] };
  const { missing } = await askGate(client, node, { path: `/uploads/${upload}/missing`, json, signal });
  if (!Array.isArray(missing) || missing.length > 0) throw new RequestFailure('not-found');
}

export async function commitUpload(
  client: StorageClient,
  node: NodeHandle,
  upload: string,
  root: CID,
  signal: AbortSignal | undefined,
): Promise<void> {
  const json = { roots: [root.toString()] };
  const { pinned } = await askGate(client, node, { path: `/uploads/${upload}/commit`, json, signal });
  if (!Array.isArray(pinned) || !pinned.includes(root.toString())) throw new RequestFailure('refused');
  const session = client.gates.get(node);
  if (session?.upload === upload) session.upload = undefined;
}

/** Has a gate take an ended record off its nodes. @returns pins that were taken off @throws RequestFailure */
export async function eraseAt(
  client: StorageClient,
  node: NodeHandle,
  recordId: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { unpinned } = await askGate(client, node, { path: `/records/${recordId}/erase`, signal });
  if (typeof unpinned !== 'number') throw new RequestFailure('refused');
  return unpinned;
}

type Ask = {
  readonly method?: 'POST' | 'PUT';
  readonly path: string;
  readonly json?: unknown;
  readonly body?: { readonly bytes: Bytes; readonly type: string };
  readonly signal: AbortSignal | undefined;
};

/** One request to a gate, and its answer. @throws RequestFailure */
export async function askGate(
  client: StorageClient,
  node: NodeHandle,
  { method = 'POST', path, json, body, signal }: Ask,
): Promise<Record<string, unknown>> {
  const type = body?.type ?? 'application/json';
  const asked = request(client, {
    url: `${node.gate}${path}`,
    init: {
      method,
      headers: { 'Content-Type': type, ...authorizationFor(client, node) },
      body: body?.bytes ?? JSON.stringify(json ?? {}),
    },
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: client.writeTimeoutMs,
    signal,
  });
  const [answer] = parseLines(await asked.catch((error: unknown) => noteSignedOut(client, node, error)));
  if (!isObject(answer)) throw new RequestFailure('refused');
  return answer;
}

/** A gate may end a session before its time: then it is over here too, and its upload goes on in the next. */
function noteSignedOut(client: StorageClient, node: NodeHandle, error: unknown): never {
  const session = client.gates.get(node);
  if (session !== undefined && error instanceof RequestFailure && error.fault === 'signed-out') {
    client.gates.set(node, { ...session, expiresAt: 0 });
  }
  throw error;
}
