import type { CID } from 'multiformats/cid';
import { createSiweMessage } from 'viem/siwe';
import { ChartkeyError } from '../errors.ts';
import type { NodeHandle, StorageClient } from './client.ts';
import { parseLines, RequestFailure, request, storageError } from './http.ts';
import { isObject } from './rpc.ts';

const MAX_ANSWER_BYTES = 1_048_576;

export type SignInParameters = {
  readonly address: `0x${string}`;
  readonly chainId: number;
  /** What the wallet does with a text: `personal_sign`. One prompt for each gate. */
  readonly signMessage: (message: string) => Promise<`0x${string}`>;
  /** Default: the page's. The message names it, so that it is worth nothing on another site. */
  readonly origin?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Signs in at every gate of the client (ERC-4361). Without gates nothing happens and nothing is
 * signed. The tokens live in the client's memory, and nowhere else.
 *
 * @returns when the first of them ends, in Unix milliseconds; undefined without gates
 * @throws StorageError `STORAGE_REFUSED` when a gate does not know the account, or can't be reached
 */
export async function signInToStorage(
  client: StorageClient,
  parameters: SignInParameters,
): Promise<number | undefined> {
  const origin = parameters.origin ?? globalThis.location?.origin;
  if (origin === undefined) throw new ChartkeyError('INPUT_INVALID', 'Outside a page an origin is needed.');
  const ends: number[] = [];
  // One after the other: wallets show one prompt at a time.
  for (const node of client.nodes) {
    if (node.gate !== undefined) ends.push(await signInAt(client, node, { ...parameters, origin }));
  }
  return ends.length === 0 ? undefined : Math.min(...ends);
}

async function signInAt(
  client: StorageClient,
  node: NodeHandle,
  { address, chainId, signMessage, origin, signal }: SignInParameters & { readonly origin: string },
): Promise<number> {
  try {
    const { nonce } = await ask(client, node, { path: '/auth/nonce', signal });
    const message = createSiweMessage({
      address,
      chainId,
      domain: new URL(origin).host,
      uri: origin,
      nonce: String(nonce),
      version: '1',
      statement: 'Sign in to store sealed records. This moves nothing and costs nothing.',
    });
    const signature = await signMessage(message);
    const { token, expiresAt } = await ask(client, node, {
      path: '/auth/sign-in',
      json: { message, signature },
      signal,
    });
    client.gates.set(node, { token: String(token), expiresAt: Number(expiresAt) });
    return Number(expiresAt);
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    throw storageError([{ node: node.label, fault: error.fault }], 'The sign-in did not succeed');
  }
}

/** Headers that a gate with restricted reads wants. */
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
  const { id } = await ask(client, node, { path: '/uploads', json: {}, signal });
  if (session !== undefined) session.upload = String(id);
  return String(id);
}

export async function sendPartTo(
  client: StorageClient,
  node: NodeHandle,
  part: { readonly upload: string; readonly car: Blob; readonly blockCount: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { upload, car, blockCount } = part;
  const { blocks } = await ask(client, node, { path: `/uploads/${upload}/car`, body: car, signal });
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
  const { missing } = await ask(client, node, { path: `/uploads/${upload}/missing`, json, signal });
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
  const { pinned } = await ask(client, node, { path: `/uploads/${upload}/commit`, json, signal });
  if (!Array.isArray(pinned) || !pinned.includes(root.toString())) throw new RequestFailure('refused');
  const session = client.gates.get(node);
  if (session?.upload === upload) session.upload = undefined;
}

type Ask = {
  readonly path: string;
  readonly json?: unknown;
  readonly body?: Blob;
  readonly signal: AbortSignal | undefined;
};

async function ask(
  client: StorageClient,
  node: NodeHandle,
  { path, json, body, signal }: Ask,
): Promise<Record<string, unknown>> {
  const type = body?.type ?? 'application/json';
  const bytes = await request(client, {
    url: `${node.gate}${path}`,
    init: {
      method: 'POST',
      headers: { 'Content-Type': type, ...authorizationFor(client, node) },
      body: body ?? JSON.stringify(json ?? {}),
    },
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: client.writeTimeoutMs,
    signal,
  });
  const [answer] = parseLines(bytes);
  if (!isObject(answer)) throw new RequestFailure('refused');
  return answer;
}
