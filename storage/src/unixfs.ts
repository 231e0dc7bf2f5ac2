import { mapInOrder } from '@chartkey/sdk/storage';
import { UnixFS } from 'ipfs-unixfs';
import { importFile } from 'ipfs-unixfs-importer';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import type { BlockBatch, BlockReader } from './blocks.ts';
import { giveBack, takeBuffer } from './buffers.ts';
import { type Block, cidOf, digestOf, parseNode, RAW } from './cid.ts';
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
  const { cid, size } = await importFile({ content: counted() }, { put }, importerOptions(options, batch));
  return { cid, treeBytes: size, fileBytes };
}

function importerOptions({ chunkBytes, maxLinks, rawLeaves }: AddOptions, batch: BlockBatch | undefined) {
  return {
    cidVersion: 1,
    rawLeaves,
    reduceSingleLeafToSelf: true,
    chunker: (source: AsyncIterable<Uint8Array>) => chunks(source, chunkBytes),
    layout: balanced({ maxChildrenPerNode: maxLinks }),
    // A batch takes one block at a time.
    blockWriteConcurrency: 1,
    ...(rawLeaves ? { bufferImporter: rawLeafImporter(batch) } : {}),
  } as const;
}

/** Copies each byte once; the importer's own chunker keeps lists of lists. An empty file has one empty chunk. */
async function* chunks(source: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncGenerator<Uint8Array> {
  let chunk = takeBuffer(chunkBytes);
  let filled = 0;
  let any = false;
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + chunkBytes - filled);
      chunk.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < chunkBytes) continue;
      yield chunk;
      any = true;
      chunk = takeBuffer(chunkBytes);
      filled = 0;
    }
  }
  if (filled > 0 || !any) yield chunk.subarray(0, filled);
}

/** Leaves are hashed once: the importer would name them, and the batch would check their names. */
function rawLeafImporter(batch: BlockBatch | undefined) {
  return async function* ({ content }: { readonly content: AsyncIterable<Uint8Array> }) {
    for await (const block of content) {
      yield async () => {
        const cid =
          batch === undefined
            ? cidOf(RAW, digestOf(block))
            : await batch.add(RAW, block, () => giveBack(block));
        return { cid, size: BigInt(block.length), block };
      };
    }
  };
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
  for await (const { own } of visits(store, cid, range)) if (own.length > 0) yield own;
}

/** Bytes of the file, as its root says. @throws NodeError as {@link catFile} */
export async function fileLength(store: BlockReader, cid: CID): Promise<number> {
  return cid.code === RAW ? store.sizeOf(cid) : partsOf(await store.get(cid)).length;
}

/** The blocks of a file that hold these bytes, parents first; the root always. */
export async function* walkFile(store: BlockReader, cid: CID, range: Range): AsyncGenerator<Block> {
  for await (const { block } of visits(store, cid, range)) yield block;
}

/** Leaves that are read and hashed while the one before is sent. */
const LEAVES_AHEAD = 4;

type Window = { readonly start: number; readonly end: number };
type Visit = { readonly block: Block; readonly own: Uint8Array };
/** A node that was read, or a leaf that is still to be. */
type Step = Visit | { readonly leaf: CID; readonly window: Window; readonly expected: number | undefined };

function visits(store: BlockReader, cid: CID, { offset, length }: Range): AsyncGenerator<Visit> {
  const window = { start: offset, end: offset + length };
  return mapInOrder(steps(store, cid, window, undefined, 0), LEAVES_AHEAD, async (step) =>
    'leaf' in step ? visitLeaf(store, step) : step,
  );
}

async function visitLeaf(store: BlockReader, step: Exclude<Step, Visit>): Promise<Visit> {
  const bytes = await store.get(step.leaf);
  checkLength(step.expected, bytes.length);
  return { block: { cid: step.leaf, bytes }, own: within(bytes, step.window) };
}

async function* steps(
  store: BlockReader,
  cid: CID,
  window: Window,
  expected: number | undefined,
  depth: number,
): AsyncGenerator<Step> {
  if (depth > MAX_DEPTH) throw invalid('the file is nested too deep');
  if (cid.code === RAW) return yield { leaf: cid, window, expected };
  const bytes = await store.get(cid);
  const { data, children, length } = partsOf(bytes);
  checkLength(expected, length);

  yield { block: { cid, bytes }, own: within(data, window) };
  let at = data.length;
  for (const child of children) {
    if (at < window.end && at + child.length > window.start) {
      const inner = { start: window.start - at, end: window.end - at };
      yield* steps(store, child.cid, inner, child.length, depth + 1);
    }
    at += child.length;
  }
}

function within(bytes: Uint8Array, { start, end }: Window): Uint8Array {
  return bytes.subarray(Math.max(0, start), Math.max(0, end));
}

function checkLength(expected: number | undefined, length: number): void {
  if (expected !== undefined && expected !== length) throw invalid('the file does not add up');
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
