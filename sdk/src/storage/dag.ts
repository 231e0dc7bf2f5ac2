/**
 * The shape of a body on IPFS: UnixFS, CIDv1, SHA-256, raw leaves of 256 KiB, balanced,
 * at most 174 links a node. That is the `unixfs-v0-2015` layout with CIDv1 and raw leaves
 * (`ipfs add --cid-version=1 --chunker=size-262144 --max-file-links=174`). It is *not*
 * Kubo's `test-cid-v1` or IPIP-499's `unixfs-v1-2025`, which use 1 MiB leaves and 1024
 * links: one leaf here is one encrypted segment, so 256 KiB is fixed by the format.
 *
 * A body of one leaf is that raw leaf itself, without a node above it; this holds for
 * the empty body too. So the length decides codec, depth, every link's size and every
 * node's bytes except the digests, and the reader has nothing to believe.
 */
import { encode } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { create as createMultihash } from 'multiformats/hashes/digest';
import { ChartkeyError } from '../errors.ts';

/** Bytes of one leaf, which is one encrypted segment. */
export const LEAF_BYTES = 262_144;

/** Children of one node. */
export const MAX_LINKS = 174;

/** No block may be longer: the limit that every IPFS implementation keeps to. */
export const MAX_BLOCK_BYTES = 1_048_576;

/** Four levels, about 1.4 TB. Beyond it a length in an envelope is nonsense. */
export const MAX_BODY_BYTES = LEAF_BYTES * MAX_LINKS ** 3;

const RAW = 0x55;
const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const DIGEST_BYTES = 32;

export type Bytes = Uint8Array<ArrayBuffer>;
export type Block = { readonly cid: CID; readonly bytes: Bytes };
export type BodyRoot = { readonly cid: CID; readonly digest: Bytes; readonly length: number };

/** The CID of a body, from what its envelope says: digest of the root and length in bytes. */
export function bodyCid(digest: Uint8Array, length: number): CID {
  return levelOf(length) === 0 ? rawCid(digest) : cidOf(DAG_PB, digest);
}

/** The CID of an envelope: one raw block whose digest is the record's id. */
export function envelopeCid(recordId: Uint8Array): CID {
  return rawCid(recordId);
}

/** CIDv1 of a raw block with this SHA-256 digest. */
export function rawCid(digest: Uint8Array): CID {
  return cidOf(RAW, digest);
}

/** The 32 bytes of SHA-256 that a CID carries. */
export function digestOf(cid: CID): Bytes {
  if (cid.multihash.code !== SHA2_256 || cid.multihash.digest.length !== DIGEST_BYTES) {
    throw new ChartkeyError('INPUT_INVALID', 'The CID does not carry a SHA-256 digest.');
  }
  return owned(cid.multihash.digest);
}

/** SHA-256 by WebCrypto, which is about 20 times faster than JavaScript's. */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', owned(bytes)));
}

/** Levels above the leaves: 0 for a body that is one leaf. */
export function levelOf(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0 || length > MAX_BODY_BYTES) {
    throw new ChartkeyError('INPUT_INVALID', `A body's length is 0..${MAX_BODY_BYTES} bytes.`);
  }
  let level = 0;
  while (spanOf(level) < length) level += 1;
  return level;
}

/** Body bytes under a full subtree of this level. */
export function spanOf(level: number): number {
  return LEAF_BYTES * MAX_LINKS ** level;
}

/** Body bytes under each child of a node that covers `length` bytes. */
export function childLengths(length: number, level: number): number[] {
  const span = spanOf(level - 1);
  const children: number[] = [];
  for (let rest = length; rest > 0; rest -= span) children.push(Math.min(rest, span));
  return children;
}

/**
 * The one valid encoding of a node. Writer and reader both come through here: a node that
 * was fetched is right only if encoding its digests again gives the same bytes.
 */
export function encodeNode(children: readonly CID[], length: number, level: number): Bytes {
  const lengths = childLengths(length, level);
  const file = new UnixFS({ type: 'file', blockSizes: lengths.map(BigInt) });
  const links = children.map((Hash, i) => ({ Name: '', Hash, Tsize: treeBytes(lengths[i] ?? 0, level - 1) }));
  return owned(encode({ Data: file.marshal(), Links: links }));
}

/** CID of a child of a node of this level. */
export function childCid(digest: Uint8Array, level: number): CID {
  return cidOf(level === 1 ? RAW : DAG_PB, digest);
}

/**
 * Computes the DAG while the body streams through; each block goes to `onBlock` once, the
 * children before their parent, and is not kept. Memory: one leaf and under 174 CIDs a level.
 *
 * @param source pieces of any size; one may be altered once the next was asked for
 * @param before digests of full leaves that come before the source and are stored already; only
 *   the nodes above them go to `onBlock`
 * @throws ChartkeyError `INPUT_TOO_LARGE` beyond {@link MAX_BODY_BYTES}
 */
export async function streamDag(
  source: AsyncIterable<Uint8Array>,
  onBlock: (block: Block, leafBytes: number) => Promise<void>,
  before: readonly Bytes[] = [],
): Promise<BodyRoot> {
  const levels: Level[] = [{ cids: [], length: 0 }];
  let length = 0;
  for (const digest of before) {
    length += LEAF_BYTES;
    await append(levels, 0, rawCid(digest), LEAF_BYTES, onBlock);
  }
  for await (const bytes of leaves(source, before.length > 0)) {
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw new ChartkeyError('INPUT_TOO_LARGE', 'The body is too long.');
    const cid = rawCid(await sha256(bytes));
    await onBlock({ cid, bytes }, bytes.length);
    await append(levels, 0, cid, bytes.length, onBlock);
  }
  const cid = await closeLevels(levels, onBlock);
  return { cid, digest: digestOf(cid), length };
}

/** CIDs that wait for their parent, and the body bytes under them. */
type Level = { cids: CID[]; length: number };

type OnBlock = (block: Block, leafBytes: number) => Promise<void>;

async function append(levels: Level[], at: number, cid: CID, bytes: number, onBlock: OnBlock): Promise<void> {
  const level = levels[at] ?? { cids: [], length: 0 };
  levels[at] = level;
  level.cids.push(cid);
  level.length += bytes;
  if (level.cids.length === MAX_LINKS) await closeLevel(levels, at, onBlock);
}

async function closeLevel(levels: Level[], at: number, onBlock: OnBlock): Promise<void> {
  const level = levels[at];
  if (level === undefined || level.cids.length === 0) return;
  const bytes = encodeNode(level.cids, level.length, at + 1);
  const cid = cidOf(DAG_PB, await sha256(bytes));
  levels[at] = { cids: [], length: 0 };
  await onBlock({ cid, bytes }, 0);
  await append(levels, at + 1, cid, level.length, onBlock);
}

/** The highest level, once it holds a single CID, holds the root. */
async function closeLevels(levels: Level[], onBlock: OnBlock): Promise<CID> {
  for (let at = 0; ; at += 1) {
    const only = levels[at]?.cids;
    const [root] = only ?? [];
    if (at === levels.length - 1 && only?.length === 1 && root !== undefined) return root;
    await closeLevel(levels, at, onBlock);
  }
}

/** Cuts a stream into leaves. A piece of just one leaf's size passes through uncopied. */
async function* leaves(source: AsyncIterable<Uint8Array>, mayBeEmpty: boolean): AsyncGenerator<Bytes> {
  let leaf = new Uint8Array(0);
  let filled = 0;
  let any = mayBeEmpty;
  for await (const piece of source) {
    let rest = owned(piece);
    while (rest.length > 0) {
      any = true;
      if (filled === 0 && rest.length >= LEAF_BYTES) {
        yield rest.subarray(0, LEAF_BYTES);
        rest = rest.subarray(LEAF_BYTES);
        continue;
      }
      if (filled === 0) leaf = new Uint8Array(LEAF_BYTES);
      const taken = rest.subarray(0, LEAF_BYTES - filled);
      leaf.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled === LEAF_BYTES) {
        yield leaf;
        filled = 0;
      }
    }
  }
  if (filled > 0 || !any) yield leaf.subarray(0, filled);
}

/** Bytes of all blocks of a subtree (the link's `Tsize`); all full children are alike. */
function treeBytes(length: number, level: number): number {
  if (level === 0) return length;
  const lengths = childLengths(length, level);
  const last = lengths.at(-1) ?? 0;
  const full = lengths.length - 1;
  const below = (full > 0 ? full * treeBytes(spanOf(level - 1), level - 1) : 0) + treeBytes(last, level - 1);
  return (
    below +
    encodeNode(
      lengths.map(() => anyChild(level)),
      length,
      level,
    ).length
  );
}

/** All CIDs here have one length, so any serves to measure a node. */
function anyChild(level: number): CID {
  return childCid(new Uint8Array(DIGEST_BYTES), level);
}

function cidOf(codec: number, digest: Uint8Array): CID {
  if (digest.length !== DIGEST_BYTES) {
    throw new ChartkeyError('INPUT_INVALID', 'A digest is 32 bytes.');
  }
  return CID.createV1(codec, createMultihash(SHA2_256, digest));
}

/** WebCrypto and Blob refuse shared memory; only bytes that lie there are copied. */
export function owned(bytes: Uint8Array): Bytes {
  return isOwned(bytes) ? bytes : new Uint8Array(bytes);
}

function isOwned(bytes: Uint8Array): bytes is Bytes {
  return bytes.buffer instanceof ArrayBuffer;
}
