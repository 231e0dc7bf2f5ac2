import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import type { BlockReader } from './blocks.ts';
import { type Block, parseNode, RAW } from './cid.ts';
import { invalid } from './errors.ts';
import { fileLength, type Range, walkFile } from './unixfs.ts';

/** Bytes of a file, `from` and `to` as a gateway is asked for them; negative counts from the end. */
export type EntityBytes = { readonly from: number; readonly to: number | undefined };

/** `<from>:<to>`, both inclusive; `*` is the end. @throws NodeError `invalid` */
export function parseEntityBytes(text: string): EntityBytes {
  const [, from, to] = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw invalid('entity-bytes is <from>:<to>');
  return { from: Number(from), to: to === '*' ? undefined : Number(to) };
}

/**
 * The blocks of one thing: of a file all, or those that hold the bytes that were asked for; of
 * a folder its own, the sharded kind with all its shards, and nothing that it holds.
 */
export async function* entityBlocks(
  store: BlockReader,
  cid: CID,
  bytes: EntityBytes | undefined,
): AsyncGenerator<Block> {
  const kind = cid.code === RAW ? 'raw' : kindOf(await store.get(cid));
  if (kind === 'hamt-sharded-directory') return yield* shards(store, cid);
  if (kind !== 'file' && kind !== 'raw') return yield { cid, bytes: await store.get(cid) };
  const range = bytes === undefined ? WHOLE : rangeOf(bytes, await fileLength(store, cid));
  yield* walkFile(store, cid, range);
}

const WHOLE: Range = { offset: 0, length: Number.MAX_SAFE_INTEGER };

function rangeOf({ from, to }: EntityBytes, length: number): Range {
  const offset = from < 0 ? Math.max(0, length + from) : from;
  const end = to === undefined ? length : Math.min(length, (to < 0 ? length + to : to) + 1);
  return { offset, length: Math.max(0, end - offset) };
}

/** What UnixFS calls it; undefined for a node that is not UnixFS. */
export function kindOf(bytes: Uint8Array): string | undefined {
  try {
    return UnixFS.unmarshal(parseNode(bytes).Data ?? new Uint8Array(0)).type;
  } catch {
    return undefined;
  }
}

/** A link to another shard is named by its two digits alone; one to an entry has its name behind them. */
async function* shards(store: BlockReader, cid: CID, depth = 0): AsyncGenerator<Block> {
  if (depth > MAX_SHARD_DEPTH) throw invalid('the folder is nested too deep');
  const bytes = await store.get(cid);
  yield { cid, bytes };
  for (const { Name, Hash } of parseNode(bytes).Links) {
    if (Name?.length === SHARD_NAME_LENGTH) yield* shards(store, Hash, depth + 1);
  }
}

const MAX_SHARD_DEPTH = 8;
const SHARD_NAME_LENGTH = 2;
