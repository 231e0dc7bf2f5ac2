import { decode } from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import { ChartkeyError, StorageError } from '../errors.ts';
import type { NodeHandle, NodeReport, StorageClient } from './client.ts';
import {
  type Bytes,
  bodyCid,
  childCid,
  childLengths,
  digestOf,
  encodeNode,
  LEAF_BYTES,
  levelOf,
  MAX_BLOCK_BYTES,
  sha256,
} from './dag.ts';
import { authorizationFor } from './gate.ts';
import { RequestFailure, request, storageError } from './http.ts';
import { mapInOrder } from './in-order.ts';

/** Leaves that are fetched ahead: 2 MiB, which hides the way to the node and back. */
const LEAVES_AHEAD = 8;

/** Longest range in one call; beyond it, stream the body. */
export const MAX_RANGE_BYTES = 64 * 1_048_576;

export type ReadOptions = { readonly signal?: AbortSignal | undefined };

/**
 * One block, from the first node whose bytes hash to the CID. A node that answers with other
 * bytes, too many, or none is reported on the client and asked last from then on.
 *
 * @param cid CIDv1, SHA-256; blocks of up to 1 MiB
 * @throws StorageError `STORAGE_WRONG_BYTES`, `STORAGE_NOT_FOUND`, `STORAGE_UNREACHABLE`,
 *   `STORAGE_REFUSED` when all nodes failed: the message says what each did
 * @throws ChartkeyError `CANCELLED`
 */
export async function readBlock(client: StorageClient, cid: CID, options: ReadOptions = {}): Promise<Bytes> {
  const digest = digestOf(cid);
  const reports: NodeReport[] = [];
  for (const node of client.readingOrder()) {
    try {
      return await readBlockFrom(client, node, cid, digest, options.signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      client.report(node, error.fault);
      reports.push({ node: node.label, fault: error.fault });
    }
  }
  throw storageError(reports, 'No storage node gave the bytes');
}

/** Asks one node alone: the writer's way to know that this node holds what it confirmed. */
export async function readBlockFrom(
  client: StorageClient,
  node: NodeHandle,
  cid: CID,
  digest: Bytes,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  const bytes = await request(client, {
    url: `${node.gateway}/ipfs/${cid.toString()}?format=raw`,
    init: { headers: { Accept: 'application/vnd.ipld.raw', ...authorizationFor(client, node) } },
    maxBytes: MAX_BLOCK_BYTES,
    timeoutMs: client.readTimeoutMs,
    signal,
  });
  if (!equal(await sha256(bytes), digest)) throw new RequestFailure('wrong-bytes');
  return bytes;
}

export type BodyRef = {
  /** Digest of the body's root, 32 bytes, from the envelope. */
  readonly digest: Uint8Array;
  /** Length of the whole body in bytes, from the envelope. */
  readonly length: number;
};

export type ReadBodyParameters = BodyRef & {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that were handed out so far. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
};

/**
 * The body's leaves in order: 262,144 bytes each, the last one shorter. All are verified, and
 * they add up to `length` or it throws. Memory: a few leaves, whatever the length.
 *
 * @throws StorageError as {@link readBlock}; `STORAGE_WRONG_BYTES` also when the tree under
 *   the digest is not the one that the length demands, which no node is to blame for
 */
export async function* readBody(
  client: StorageClient,
  parameters: ReadBodyParameters,
): AsyncGenerator<Bytes> {
  let doneBytes = 0;
  const whole = { start: 0, end: parameters.length };
  for await (const { bytes } of readLeaves(client, parameters, whole, parameters.signal)) {
    yield bytes;
    doneBytes += bytes.length;
    parameters.onProgress?.(doneBytes);
  }
}

export type ReadRangeParameters = BodyRef & {
  /** First byte, 0 to `length`. */
  readonly offset: number;
  /** How many bytes, at most {@link MAX_RANGE_BYTES}. Beyond the body's end: INPUT_INVALID. */
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
};

/** Some bytes out of a body; only the leaves that hold them are fetched. Throws as {@link readBody}. */
export async function readRange(client: StorageClient, parameters: ReadRangeParameters): Promise<Bytes> {
  const { offset, count, length, signal } = parameters;
  checkRange(offset, count, length);
  const range = new Uint8Array(count);
  if (count === 0) return range;
  for await (const { bytes, start } of readLeaves(
    client,
    parameters,
    { start: offset, end: offset + count },
    signal,
  )) {
    const wanted = bytes.subarray(Math.max(0, offset - start), Math.max(0, offset + count - start));
    range.set(wanted, Math.max(0, start - offset));
  }
  return range;
}

function checkRange(offset: number, count: number, length: number): void {
  if (count > MAX_RANGE_BYTES)
    throw new ChartkeyError('INPUT_TOO_LARGE', 'The range is too long: stream the body.');
  const whole = [offset, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || offset + count > length)
    throw new ChartkeyError('INPUT_INVALID', 'The range is not in the body.');
}

/**
 * The CIDs of all blocks of a body, parents first. Nodes are read, from whoever has them; leaves
 * are not. Throws as {@link readBlock} when no node has one of the nodes of the tree.
 */
export async function* bodyBlocks(
  client: StorageClient,
  { digest, length, signal }: BodyRef & ReadOptions,
): AsyncGenerator<CID> {
  const tree = { client, window: { start: 0, end: length }, signal };
  yield* blocksUnder(tree, bodyCid(digest, length), length, levelOf(length));
}

async function* blocksUnder(tree: Tree, cid: CID, length: number, level: number): AsyncGenerator<CID> {
  yield cid;
  if (level === 0) return;
  const lengths = childLengths(length, level);
  for (const [i, child] of (await readNode(tree, cid, length, level)).entries()) {
    yield* blocksUnder(tree, child, lengths[i] ?? 0, level - 1);
  }
}

type Window = { readonly start: number; readonly end: number };
type Leaf = { readonly cid: CID; readonly start: number; readonly length: number };

async function* readLeaves(
  client: StorageClient,
  { digest, length }: BodyRef,
  window: Window,
  outer: AbortSignal | undefined,
): AsyncGenerator<{ bytes: Bytes; start: number }> {
  // Ends what is under way when the reader stops early.
  const stop = new AbortController();
  const signal = outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]);
  const tree = { client, window, signal };
  const found = leavesOf(tree, bodyCid(digest, length), length, levelOf(length), 0);
  try {
    yield* mapInOrder(found, LEAVES_AHEAD, async (leaf) => {
      const bytes = await readBlock(client, leaf.cid, { signal });
      if (bytes.length !== leaf.length) throw wrongShape();
      return { bytes, start: leaf.start };
    });
  } finally {
    stop.abort();
  }
}

type Tree = {
  readonly client: StorageClient;
  readonly window: Window;
  readonly signal: AbortSignal | undefined;
};

/** Finds the leaves of a subtree that lie in the window, left to right. */
async function* leavesOf(
  tree: Tree,
  cid: CID,
  length: number,
  level: number,
  start: number,
): AsyncGenerator<Leaf> {
  if (level === 0) return yield { cid, start, length };
  const children = await readNode(tree, cid, length, level);
  const lengths = childLengths(length, level);
  let at = start;
  for (const [i, child] of children.entries()) {
    const bytes = lengths[i] ?? 0;
    if (at < tree.window.end && at + bytes > tree.window.start) {
      yield* leavesOf(tree, child, bytes, level - 1, at);
    }
    at += bytes;
  }
}

/** A node is believed only if its children's digests, encoded anew, give the very same bytes. */
async function readNode({ client, signal }: Tree, cid: CID, length: number, level: number): Promise<CID[]> {
  const bytes = await readBlock(client, cid, { signal });
  const links = linksOf(bytes);
  if (links.length !== childLengths(length, level).length) throw wrongShape();
  const children = links.map((link) => childCid(digestOf(link), level));
  if (!equal(encodeNode(children, length, level), bytes)) throw wrongShape();
  return children;
}

function linksOf(bytes: Bytes): CID[] {
  try {
    const links = decode(bytes).Links.map(({ Hash }) => Hash);
    for (const link of links) digestOf(link);
    return links;
  } catch {
    throw wrongShape();
  }
}

function wrongShape(): StorageError {
  return new StorageError(
    'STORAGE_WRONG_BYTES',
    `The body is not the tree of ${LEAF_BYTES}-byte leaves that its length demands.`,
    { advice: 'The record was stored wrongly by its author; no storage node can mend it.' },
  );
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
