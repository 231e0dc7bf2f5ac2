import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import type { BlockIndex, Place } from './block-index.ts';
import { checkCid, cidOf, DAG_PB, digestOf, matches, parseNode } from './cid.ts';
import { asNodeError, codeOf, invalid, NodeError } from './errors.ts';
import type { Hold } from './holds.ts';
import { PACK_HEADER_BYTES, type PackWriter } from './pack-writer.ts';
import { openPacks, type Packs } from './packs.ts';

/** What serving needs of a store. */
export type BlockReader = Pick<BlockStore, 'get' | 'sizeOf'>;

export type BlockStore = {
  /** @throws NodeError `not-found`, or `corrupt` when the bytes on disk don't hash to the CID */
  get(cid: CID): Promise<Uint8Array>;
  has(cid: CID): Promise<boolean>;
  /** Length in bytes, unverified. @throws NodeError `not-found` */
  sizeOf(cid: CID): Promise<number>;
  /** Blocks of one request. Nothing is acknowledged before `commit` returned. */
  batch(hold: Hold): BlockBatch;
  /** What is listed, good or not, some at a time, in the order in which it lies on the disk. */
  pages(): Generator<readonly Uint8Array[]>;
  /** At once, so that nothing comes between the decision and the deed. Their bytes go with `compact`. */
  remove(digests: readonly Uint8Array[]): void;
  /** Writes packs anew in which removed blocks still lie, and deletes those that hold nothing else. */
  compact(): Promise<void>;
  stat(): Promise<{ blocks: number; bytes: number; freeBytes: number }>;
};

export type BlockBatch = {
  /**
   * One call at a time; waits while too much is under way. The bytes must not be altered before
   * `onWritten`, after which nobody here reads them or the CID any more.
   *
   * @throws NodeError `invalid`, `too-large`, `full`
   */
  put(cid: CID, bytes: Uint8Array, onWritten?: () => void): Promise<void>;
  /** Names the bytes itself. @throws as `put` */
  add(codec: number, bytes: Uint8Array, onWritten?: () => void): Promise<CID>;
  /** All blocks are on the disk and listed. */
  commit(): Promise<void>;
  /** Throws away what was not committed. */
  close(): Promise<void>;
};

export type BlockLimits = { readonly maxBlockBytes: number; readonly minFreeBytes: number };

type Store = {
  readonly root: string;
  readonly index: BlockIndex;
  readonly packs: Packs;
  readonly limits: BlockLimits;
};

/**
 * Blocks lie in packs; the index says where. They are known by digest: the codec is the reader's
 * business, so a raw and a dag-pb CID of the same bytes are one block. What the index lists was
 * synced before.
 */
export async function openBlockStore(
  root: string,
  index: BlockIndex,
  limits: BlockLimits,
): Promise<BlockStore> {
  const packs = await openPacks(join(root, 'packs'), new Set(index.packs().keys()));
  const store: Store = { root, index, packs, limits };
  return {
    get: (cid) => readVerified(store, cid),
    has: async (cid) => placeOf(store, cid) !== undefined,
    sizeOf: async (cid) => placeOf(store, cid)?.length ?? missing(cid),
    batch: (hold) => new Batch(store, hold),
    pages: () => pagesOf(index),
    remove: (digests) => index.remove(digests),
    compact: () => compact(store),
    stat: async () => ({ ...index.totals(), freeBytes: await freeBytes(root) }),
  };
}

class Batch implements BlockBatch {
  readonly #store: Store;
  readonly #hold: Hold;
  readonly #writer: PackWriter;
  readonly #taken = new Set<string>();
  #spaceChecked = false;
  #committed = false;

  constructor(store: Store, hold: Hold) {
    this.#store = store;
    this.#hold = hold;
    this.#writer = store.packs.writer();
  }

  async put(cid: CID, bytes: Uint8Array, onWritten?: () => void): Promise<void> {
    checkCid(cid);
    this.#checkLength(bytes);
    if (!matches(cid, bytes)) throw invalid('block bytes do not hash to their CID');
    await this.#take(cid, bytes, onWritten);
  }

  async add(codec: number, bytes: Uint8Array, onWritten?: () => void): Promise<CID> {
    this.#checkLength(bytes);
    const cid = cidOf(codec, digestOf(bytes));
    await this.#take(cid, bytes, onWritten);
    return cid;
  }

  async commit(): Promise<void> {
    try {
      this.#store.index.add(await this.#writer.finish());
      this.#committed = true;
    } catch (error) {
      throw asNodeError(error);
    }
  }

  async close(): Promise<void> {
    await this.#writer.close({ discard: !this.#committed });
  }

  async #take(cid: CID, bytes: Uint8Array, onWritten?: () => void): Promise<void> {
    // A copy: the CID may be a view of the whole section, and what is taken is remembered to the end.
    const digest = Uint8Array.from(cid.multihash.digest);
    // Before anything looks whether the block is there already: from here on it stays.
    this.#hold.take(digest);
    if (cid.code === DAG_PB) parseNode(bytes);
    const name = Buffer.from(digest).toString('latin1');
    if (this.#taken.has(name) || (await holdsGood(this.#store, cid))) return onWritten?.();
    this.#taken.add(name);
    try {
      await this.#checkSpace();
      await this.#writer.append({ cid, digest, bytes, onWritten });
    } catch (error) {
      throw asNodeError(error);
    }
  }

  #checkLength({ length }: Uint8Array): void {
    const { maxBlockBytes } = this.#store.limits;
    if (length > maxBlockBytes) throw new NodeError('too-large', `a block is at most ${maxBlockBytes} bytes`);
  }

  async #checkSpace(): Promise<void> {
    if (this.#spaceChecked) return;
    if ((await freeBytes(this.#store.root)) < this.#store.limits.minFreeBytes) {
      throw new NodeError('full', 'no space left: less than the reserve is free');
    }
    this.#spaceChecked = true;
  }
}

function placeOf({ index }: Store, cid: CID): Place | undefined {
  return index.find(checkCid(cid).multihash.digest);
}

async function readVerified(store: Store, cid: CID): Promise<Uint8Array> {
  for (let place = placeOf(store, cid); place !== undefined; ) {
    const bytes = await readAt(store, place, cid);
    if (bytes !== undefined && matches(cid, bytes)) return bytes;
    const now = placeOf(store, cid);
    // It moved to another pack, or was brought again, while it was read.
    if (now?.pack === place.pack && now.offset === place.offset) {
      if (bytes === undefined) break;
      throw new NodeError('corrupt', 'block in storage has different hash than requested');
    }
    place = now;
  }
  return missing(cid);
}

async function readAt({ packs }: Store, place: Place, cid: CID): Promise<Uint8Array | undefined> {
  try {
    return await packs.read(place, cid.multihash.digest);
  } catch (cause) {
    if (codeOf(cause) !== 'EIO') throw cause;
    throw new NodeError('corrupt', 'block cannot be read from disk', { cause });
  }
}

/** A block that rotted is healed by bringing it again, so presence is not enough. */
async function holdsGood(store: Store, cid: CID): Promise<boolean> {
  if (placeOf(store, cid) === undefined) return false;
  return readVerified(store, cid).then(
    () => true,
    () => false,
  );
}

/** As many as are looked at before other requests get their turn. */
const PAGE = 256;

function* pagesOf(index: BlockIndex): Generator<readonly Uint8Array[]> {
  let page = index.after({ pack: 0, offset: 0 }, PAGE);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield page.map(({ digest }) => digest);
    page = index.after(last, PAGE);
  }
}

/**
 * What a pack should be long follows from the index, so an interrupted call leaves nothing
 * behind that the next one does not see.
 */
async function compact(store: Store): Promise<void> {
  for await (const { pack, bytes } of store.packs.list()) {
    const listed = store.index.inPack(pack);
    const needed = listed.reduce((sum, { head, length }) => sum + head + length, PACK_HEADER_BYTES);
    if (listed.length === 0) await store.packs.remove(pack);
    else if (bytes > needed) await rewrite(store, pack);
  }
}

/** Sections are copied as they are: a rotten one stays rotten and is found as that. */
async function rewrite({ index, packs }: Store, pack: number): Promise<void> {
  const writer = packs.writer();
  let moved = false;
  try {
    for (const place of index.inPack(pack)) {
      const section = await packs.readSection(place);
      if (section === undefined) return console.error('storage: a pack is cut off; run repo/verify');
      await writer.appendSection(place.digest, section, place.head);
    }
    index.move(pack, await writer.finish());
    moved = true;
    await packs.remove(pack);
  } catch (error) {
    throw asNodeError(error);
  } finally {
    await writer.close({ discard: !moved });
  }
}

export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

function missing(cid: CID): never {
  // Kubo's words: clients look for them.
  throw new NodeError(
    'not-found',
    `block was not found locally (offline): ipld: could not find ${cid.toString()}`,
  );
}
