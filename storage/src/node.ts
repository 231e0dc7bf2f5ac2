import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { adoptFiles } from './adopt.ts';
import { type BlockBatch, type BlockStore, freeBytes, openBlockStore } from './blocks.ts';
import { type Block, cidOf, RAW } from './cid.ts';
import { type Kept, sweep, type Verified, verifyAll } from './collect.ts';
import type { StorageConfig } from './config.ts';
import { NodeError } from './errors.ts';
import { createHolds } from './holds.ts';
import { type Ledger, type Member, openLedger, type Pin, type PinType } from './ledger.ts';
import { cids, tree } from './tree.ts';

/** The embedded node: blocks on disk, pins in a ledger. Both HTTP faces speak to this. */
export type BlockNode = {
  readonly blocks: BlockStore;
  readonly id: string;
  /**
   * Brings blocks. The collector takes none of them while `work` runs, nor, unless `work` says
   * that it pinned them, before their lease ends.
   */
  importing(work: (batch: BlockBatch) => Promise<'pinned' | 'unpinned'>): Promise<void>;
  /** @throws NodeError `not-found` when a block of the tree is missing */
  pin(cid: CID, type: PinType, name?: string): Promise<void>;
  /** Reads no block, so a tree with a hole can be unpinned. @throws NodeError `not-pinned` */
  unpin(cid: CID): void;
  findPin(cid: CID): PinKind | undefined;
  listPins(filter: PinFilter): Iterable<PinKind>;
  /** All blocks of a tree, parents first; each as often as it is linked, or once. */
  tree(root: CID, options?: { readonly once?: boolean }): AsyncGenerator<Block>;
  /** Removes what nothing keeps; one sweep at a time. */
  collect(): AsyncGenerator<CID>;
  verify(): AsyncGenerator<Verified>;
  /** False while the disk has less than the reserve. Throws when ledger or disk can't be read. */
  writable(): Promise<boolean>;
  close(): void;
};

export type PinFilter = 'all' | 'indirect' | PinType;
export type PinKind = {
  readonly cid: string;
  readonly type: PinType | 'indirect';
  readonly name: string;
  /** The pin that keeps it, when it is kept indirectly. */
  readonly through?: string;
};

/** @throws Error when the folder can't be used or belongs to another process */
export async function openNode(config: StorageConfig): Promise<BlockNode> {
  await mkdir(config.dir, { recursive: true });
  await refuseWithoutLedger(config.dir);
  // The ledger's lock comes first: opening the block store removes packs that were not finished.
  const ledger = openLedger(config.dir);
  try {
    const blocks = await openBlockStore(config.dir, ledger.index, config);
    const kept = { blocks, ledger, holds: createHolds() };
    await adoptFiles(config.dir, kept);
    await indexOldPins(kept);
    const writable = async () => {
      ledger.find('');
      return (await freeBytes(config.dir)) >= config.minFreeBytes;
    };
    return { ...embeddedNode(kept, config.leaseMs), writable };
  } catch (error) {
    ledger.close();
    throw error;
  }
}

/** To a ledger that is new, all packs would be leftovers: they would be removed. */
async function refuseWithoutLedger(dir: string): Promise<void> {
  const names = await readdir(dir);
  if (names.includes('ledger.sqlite') || !names.includes('packs')) return;
  if ((await readdir(join(dir, 'packs'))).length > 0) {
    throw new Error(
      'the storage folder has packs and no ledger.sqlite: bring it back, or use another folder',
    );
  }
}

function embeddedNode(kept: Kept, leaseMs: number): Omit<BlockNode, 'writable'> {
  const { blocks, ledger, holds } = kept;
  const oneAtATime = createQueue();
  return {
    blocks,
    id: ledger.nodeId,
    async importing(work) {
      const hold = holds.open();
      const batch = blocks.batch(hold);
      try {
        if ((await work(batch)) === 'unpinned') ledger.lease(hold.taken(), Date.now() + leaseMs);
      } finally {
        await batch.close();
        hold.close();
      }
    },
    pin: (cid, type, name = '') => pin(kept, cid, { type, name }),
    unpin(cid) {
      if (!ledger.remove(cid.toString()))
        throw new NodeError('not-pinned', 'not pinned or pinned indirectly');
    },
    findPin: (cid) => findPin(ledger, cid),
    listPins: (filter) => listPins(ledger, filter),
    tree: (root, { once = false } = {}) => tree(blocks, root, { once }),
    async *collect() {
      const done = await oneAtATime();
      try {
        yield* sweep(kept);
      } finally {
        done();
      }
    },
    verify: () => verifyAll(blocks),
    close: () => ledger.close(),
  };
}

/** Holds what it walks over, so that a sweep at the same time can't take what was just seen. */
async function pin({ blocks, ledger, holds }: Kept, root: CID, { type, name }: Omit<Pin, 'cid'>) {
  const hold = holds.open();
  try {
    const members: Member[] = [];
    const add = (cid: CID) => {
      hold.take(cid.multihash.digest);
      members.push({ digest: cid.multihash.digest, codec: cid.code });
    };
    if (type === 'direct') {
      add(root);
      await blocks.sizeOf(root);
    } else {
      for await (const cid of cids(blocks, root, new Set())) {
        add(cid);
        // Leaves are only looked for: they were verified when they came, and are at each reading.
        if (cid.code === RAW) await blocks.sizeOf(cid);
      }
    }
    ledger.add({ cid: root.toString(), type, name }, members);
  } finally {
    hold.close();
  }
}

/** Ledgers of the first version don't say which blocks a pin keeps. */
async function indexOldPins(kept: Kept): Promise<void> {
  for (const { cid, type, name } of kept.ledger.withoutMembers()) {
    try {
      await pin(kept, CID.parse(cid), { type, name });
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      console.error('storage: a pin has missing blocks; nothing is swept until they are back');
    }
  }
}

function findPin(ledger: Ledger, cid: CID): PinKind | undefined {
  const own = ledger.find(cid.toString());
  if (own !== undefined) return { cid: own.cid, type: own.type, name: own.name };
  const through = ledger.findIndirect({ digest: cid.multihash.digest, codec: cid.code });
  return through === undefined ? undefined : { cid: cid.toString(), type: 'indirect', name: '', through };
}

function* listPins(ledger: Ledger, filter: PinFilter): Generator<PinKind> {
  if (filter !== 'indirect') yield* ledger.list(filter === 'all' ? undefined : filter);
  if (filter !== 'indirect' && filter !== 'all') return;
  for (const { digest, codec } of ledger.listIndirect()) {
    const cid = cidOf(codec, digest).toString();
    if (ledger.find(cid) === undefined) yield { cid, type: 'indirect', name: '' };
  }
}

/** Each caller waits for the one before; what it gets ends its turn. */
function createQueue(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    return resolve;
  };
}
