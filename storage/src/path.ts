import { NotFoundError, NotUnixFSError, walkPath } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import type { BlockReader } from './blocks.ts';
import { type Block, checkCid, parseCid, RAW } from './cid.ts';
import { invalid, NodeError } from './errors.ts';

/** A tree of folders that is deeper belongs to nobody's chart. */
const MAX_SEGMENTS = 64;

/** A CID and the names below it: `<cid>/folder/file`, also with `/ipfs/` before it. */
export type ContentPath = { readonly root: CID; readonly segments: readonly string[] };

export type Resolved = {
  readonly cid: CID;
  /** The blocks that prove the way, from the root on, without the end itself. */
  readonly way: readonly Block[];
};

/** @throws NodeError `invalid` */
export function parsePath(text: string): ContentPath {
  const plain = text.startsWith('/ipfs/') ? text.slice('/ipfs/'.length) : text;
  const [root = '', ...segments] = plain.split('/');
  if (segments.at(-1) === '') segments.pop();
  if (segments.length > MAX_SEGMENTS) throw invalid(`a path has at most ${MAX_SEGMENTS} names`);
  if (segments.some((name) => name === '' || name === '.' || name === '..')) throw invalid('not a path');
  return { root: parseCid(root), segments };
}

/** Through folders, sharded ones too. @throws NodeError `not-found`, `corrupt`, `invalid` */
export async function resolvePath(store: BlockReader, { root, segments }: ContentPath): Promise<Resolved> {
  const way: Block[] = [];
  let cid = root;
  for (const segment of segments) {
    if (cid.code === RAW) throw absent();
    // One name at a time, as the walker would split a path in ways of its own.
    cid = await step(store, cid, segment, way);
  }
  return { cid, way };
}

async function step(store: BlockReader, folder: CID, segment: string, way: Block[]): Promise<CID> {
  const get = async function* (cid: CID) {
    const bytes = await store.get(checkCid(cid));
    way.push({ cid, bytes });
    yield bytes;
  };
  let found = folder;
  let remainder: readonly string[] = [];
  try {
    for await (const entry of walkPath(`${folder.toString()}/${segment}`, { get })) {
      found = entry.cid;
      remainder = entry.remainder ?? [];
    }
  } catch (cause) {
    if (cause instanceof NotFoundError || cause instanceof NotUnixFSError) throw absent(cause);
    throw cause;
  }
  if (found.equals(folder) || remainder.length > 0) throw absent();
  return checkCid(found);
}

function absent(cause?: unknown): NodeError {
  return new NodeError('not-found', 'no link named so under this CID', { cause });
}
