import { UnixFS } from 'ipfs-unixfs';
import { importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import type { BlockBatch, BlockReader } from './blocks.ts';
import { type Block, parseNode, RAW } from './cid.ts';
import { invalid } from './errors.ts';

/** Deeper trees than this hold more than any disk. It bounds what a hostile tree can cost. */
const MAX_DEPTH = 32;

export type AddOptions = {
  readonly chunkBytes: number;
  readonly maxLinks: number;
  readonly rawLeaves: boolean;
};
export type Added = { readonly cid: CID; readonly treeBytes: bigint; readonly fileBytes: bigint };

/** Writes a file's blocks while it streams in; with no batch, only computes its CID. */
export async function addFile(
  content: AsyncIterable<Uint8Array>,
  batch: BlockBatch | undefined,
  options: AddOptions,
): Promise<Added> {
  let fileBytes = 0n;
  const counted = async function* () {
    for await (const piece of content) {
      fileBytes += BigInt(piece.length);
      yield piece;
    }
  };
  const put = async (cid: CID, bytes: unknown): Promise<CID> => {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('the importer hands over whole blocks');
    await batch?.put(cid, bytes);
    return cid;
  };
  const { cid, size } = await importFile({ content: counted() }, { put }, importerOptions(options));
  return { cid, treeBytes: size, fileBytes };
}

function importerOptions({ chunkBytes, maxLinks, rawLeaves }: AddOptions) {
  return {
    cidVersion: 1,
    rawLeaves,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: chunkBytes }),
    layout: balanced({ maxChildrenPerNode: maxLinks }),
    // The importer's default of 50 would hold 12 MiB for each upload.
    blockWriteConcurrency: 8,
  } as const;
}

/** A piece of a file, from `offset`, at most `length` bytes. */
export type Range = { readonly offset: number; readonly length: number };

/**
 * Streams a file leaf by leaf. Each block is verified as it is read, and each child must hold
 * as many bytes as its parent says.
 *
 * @throws NodeError `not-found`, `corrupt`, `invalid`
 */
export async function* catFile(store: BlockReader, cid: CID, range: Range): AsyncGenerator<Uint8Array> {
  for await (const { own } of walk(store, cid, windowOf(range), undefined, 0)) if (own.length > 0) yield own;
}

/** Bytes of the file, as its root says. @throws NodeError as {@link catFile} */
export async function fileLength(store: BlockReader, cid: CID): Promise<number> {
  return cid.code === RAW ? store.sizeOf(cid) : partsOf(await store.get(cid)).length;
}

/** The blocks of a file that hold these bytes, parents first; the root always. */
export async function* walkFile(store: BlockReader, cid: CID, range: Range): AsyncGenerator<Block> {
  for await (const { block } of walk(store, cid, windowOf(range), undefined, 0)) yield block;
}

type Window = { readonly start: number; readonly end: number };
type Visit = { readonly block: Block; readonly own: Uint8Array };

function windowOf({ offset, length }: Range): Window {
  return { start: offset, end: offset + length };
}

async function* walk(
  store: BlockReader,
  cid: CID,
  window: Window,
  expected: number | undefined,
  depth: number,
): AsyncGenerator<Visit> {
  if (depth > MAX_DEPTH) throw invalid('the file is nested too deep');
  const bytes = await store.get(cid);
  const { data, children, length } =
    cid.code === RAW ? { data: bytes, children: [], length: bytes.length } : partsOf(bytes);
  if (expected !== undefined && expected !== length) throw invalid('the file does not add up');

  yield {
    block: { cid, bytes },
    own: data.subarray(Math.max(0, window.start), Math.max(0, window.end)),
  };
  let at = data.length;
  for (const child of children) {
    if (at < window.end && at + child.length > window.start) {
      const inner = { start: window.start - at, end: window.end - at };
      yield* walk(store, child.cid, inner, child.length, depth + 1);
    }
    at += child.length;
  }
}

function partsOf(bytes: Uint8Array) {
  const node = parseNode(bytes);
  const file = unmarshal(node.Data);
  if (file.type !== 'file' && file.type !== 'raw') throw invalid('this dag node is not a file');
  if (file.blockSizes.length !== node.Links.length) throw invalid('the file does not add up');
  const data = file.data ?? new Uint8Array(0);
  const children = node.Links.map(({ Hash }, i) => ({ cid: Hash, length: Number(file.blockSizes[i]) }));
  const length = children.reduce((sum, child) => sum + child.length, data.length);
  if (!Number.isSafeInteger(length)) throw invalid('the file does not add up');
  return { data, children, length };
}

function unmarshal(data: Uint8Array | undefined): UnixFS {
  try {
    return UnixFS.unmarshal(data ?? new Uint8Array(0));
  } catch (cause) {
    throw Object.assign(invalid('this dag node is not a file'), { cause });
  }
}
