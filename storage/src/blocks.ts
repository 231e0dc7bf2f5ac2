import { unlinkSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { checkCid, DAG_PB, matches, parseNode } from './cid.ts';
import { asNodeError, codeOf, invalid, NodeError } from './errors.ts';
import type { Hold } from './holds.ts';

/** Writes of one batch that are under way at once: bounds memory and keeps the disk busy. */
const WRITES_AT_ONCE = 8;

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
  /** What lies on the disk, good or not, in no order. */
  digests(): AsyncGenerator<Uint8Array>;
  /** At once, so that nothing comes between the decision and the deed. */
  remove(digest: Uint8Array): void;
  stat(): Promise<{ blocks: number; bytes: number; freeBytes: number }>;
};

export type BlockBatch = {
  /** Waits while too many writes are under way. @throws NodeError `invalid`, `too-large`, `full` */
  put(cid: CID, bytes: Uint8Array): Promise<void>;
  /** All blocks and their names are on the disk. */
  commit(): Promise<void>;
};

/**
 * One file a block, named by its digest: the codec is the reader's business, so a raw and a
 * dag-pb CID of the same bytes are one file. A file under its final name is always whole,
 * as it was synced under another name first.
 */
export async function openBlockStore(dir: string, limits: BlockLimits): Promise<BlockStore> {
  const root = join(dir, 'blocks');
  const tmp = join(dir, 'tmp');
  await mkdir(root, { recursive: true });
  // What an interrupted write left behind was never acknowledged.
  await rm(tmp, { recursive: true, force: true });
  await mkdir(tmp);

  const writer = new BlockWriter(root, tmp);
  return {
    get: (cid) => readVerified(root, cid),
    has: async (cid) => (await sizeAt(pathOf(root, cid).file)) !== undefined,
    sizeOf: async (cid) => (await sizeAt(pathOf(root, cid).file)) ?? missing(cid),
    batch: (hold) => new Batch(writer, root, limits, hold),
    digests: () => digestsIn(root),
    remove: (digest) => unlinkSync(fileOf(root, digest).file),
    stat: () => statBlocks(root),
  };
}

export type BlockLimits = { readonly maxBlockBytes: number; readonly minFreeBytes: number };

class Batch implements BlockBatch {
  readonly #writer: BlockWriter;
  readonly #root: string;
  readonly #limits: BlockLimits;
  readonly #shards = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #hold: Hold;
  #failed: { cause: unknown } | undefined;
  #spaceChecked = false;

  constructor(writer: BlockWriter, root: string, limits: BlockLimits, hold: Hold) {
    this.#hold = hold;
    this.#writer = writer;
    this.#root = root;
    this.#limits = limits;
  }

  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    checkCid(cid);
    if (bytes.length > this.#limits.maxBlockBytes) {
      throw new NodeError('too-large', `a block is at most ${this.#limits.maxBlockBytes} bytes`);
    }
    if (!matches(cid, bytes)) throw invalid('block bytes do not hash to their CID');
    // Before anything looks whether the block is there already: from here on it stays.
    this.#hold.take(cid.multihash.digest);
    if (cid.code === DAG_PB) parseNode(bytes);
    await this.#checkSpace();
    while (this.#running.size >= WRITES_AT_ONCE) await Promise.race(this.#running);
    this.#throwIfFailed();
    this.#start(cid, bytes);
  }

  async commit(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwIfFailed();
    // A rename is durable only once its folder is; one sync serves all blocks of a folder.
    await Promise.all([...this.#shards].map(syncFolder));
  }

  #start(cid: CID, bytes: Uint8Array): void {
    const { shard } = pathOf(this.#root, cid);
    this.#shards.add(shard);
    const write = this.#writer
      .write(cid, bytes)
      .catch((cause: unknown) => {
        this.#failed ??= { cause };
      })
      .finally(() => this.#running.delete(write));
    this.#running.add(write);
  }

  #throwIfFailed(): void {
    if (this.#failed !== undefined) throw asNodeError(this.#failed.cause);
  }

  async #checkSpace(): Promise<void> {
    if (this.#spaceChecked) return;
    if ((await freeBytes(this.#root)) < this.#limits.minFreeBytes) {
      throw new NodeError('full', 'no space left: less than the reserve is free');
    }
    this.#spaceChecked = true;
  }
}

class BlockWriter {
  readonly #root: string;
  readonly #tmp: string;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #folders = new Set<string>();
  #count = 0;

  constructor(root: string, tmp: string) {
    this.#root = root;
    this.#tmp = tmp;
  }

  /** Two requests that bring one block share one write. */
  write(cid: CID, bytes: Uint8Array): Promise<void> {
    const { file, shard } = pathOf(this.#root, cid);
    const running = this.#underWay.get(file);
    if (running !== undefined) return running;
    const write = this.#writeOnce(cid, bytes, file, shard).finally(() => this.#underWay.delete(file));
    this.#underWay.set(file, write);
    return write;
  }

  async #writeOnce(cid: CID, bytes: Uint8Array, file: string, shard: string): Promise<void> {
    // A block that rotted is healed by bringing it again, so presence is not enough.
    if (await holdsGood(file, cid)) return;
    if (!this.#folders.has(shard)) {
      await mkdir(shard, { recursive: true });
      await syncFolder(this.#root);
      this.#folders.add(shard);
    }
    this.#count += 1;
    const temporary = join(this.#tmp, String(this.#count));
    try {
      await writeSynced(temporary, bytes);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/** The name is 64 hex digits made from the digest's bytes: no text from outside gets into it. */
function pathOf(root: string, cid: CID): { file: string; shard: string } {
  return fileOf(root, checkCid(cid).multihash.digest);
}

function fileOf(root: string, digest: Uint8Array): { file: string; shard: string } {
  const name = Buffer.from(digest).toString('hex');
  const shard = join(root, name.slice(0, 2));
  return { shard, file: join(shard, name) };
}

async function readVerified(root: string, cid: CID): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(pathOf(root, cid).file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return missing(cid);
    if (codeOf(error) === 'EIO')
      throw new NodeError('corrupt', 'block cannot be read from disk', { cause: error });
    throw error;
  }
  if (!matches(cid, bytes))
    throw new NodeError('corrupt', 'block in storage has different hash than requested');
  return bytes;
}

async function holdsGood(file: string, cid: CID): Promise<boolean> {
  if ((await sizeAt(file)) === undefined) return false;
  return readFile(file).then(
    (bytes) => matches(cid, bytes),
    () => false,
  );
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeAt(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function* digestsIn(root: string): AsyncGenerator<Uint8Array> {
  for (const shard of await readdir(root)) {
    for (const name of await readdir(join(root, shard))) {
      if (NAME.test(name)) yield Buffer.from(name, 'hex');
    }
  }
}

const NAME = /^[0-9a-f]{64}$/;

async function statBlocks(root: string): Promise<{ blocks: number; bytes: number; freeBytes: number }> {
  let blocks = 0;
  let bytes = 0;
  for await (const digest of digestsIn(root)) {
    blocks += 1;
    bytes += (await sizeAt(fileOf(root, digest).file)) ?? 0;
  }
  return { blocks, bytes, freeBytes: await freeBytes(root) };
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
