import { mkdir } from 'node:fs/promises';
import { CID } from 'multiformats/cid';
import { type BlockStore, freeBytes, openBlockStore } from './blocks.ts';
import { type Block, linksOf, RAW } from './cid.ts';
import type { StorageConfig } from './config.ts';
import { NodeError } from './errors.ts';
import { type Ledger, openLedger, type PinType } from './ledger.ts';

/** The embedded node: blocks on disk, pins in a ledger. Both HTTP faces speak to this. */
export type BlockNode = {
  readonly blocks: BlockStore;
  readonly id: string;
  /** @throws NodeError `not-found` when a block of the tree is missing */
  pin(cid: CID, type: PinType, name?: string): Promise<void>;
  /** @throws NodeError `not-pinned` */
  unpin(cid: CID): void;
  findPin(cid: CID): Promise<PinKind | undefined>;
  listPins(filter: PinFilter): AsyncIterable<PinKind>;
  /** All blocks of a tree, parents first, each as often as it is linked. */
  tree(root: CID): AsyncGenerator<Block>;
  /** False while the disk has less than the reserve. Throws when ledger or disk can't be read. */
  writable(): Promise<boolean>;
  close(): void;
};

export type PinFilter = 'all' | 'indirect' | PinType;
export type PinKind = { readonly cid: string; readonly type: PinType | 'indirect'; readonly name: string };

/** @throws Error when the folder can't be used or belongs to another process */
export async function openNode(config: StorageConfig): Promise<BlockNode> {
  await mkdir(config.dir, { recursive: true });
  // The ledger's lock comes first: opening the block store clears unfinished writes.
  const ledger = openLedger(config.dir);
  try {
    const blocks = await openBlockStore(config.dir, config);
    const writable = async () => {
      ledger.find('');
      return (await freeBytes(config.dir)) >= config.minFreeBytes;
    };
    return { ...embeddedNode(blocks, ledger), writable };
  } catch (error) {
    ledger.close();
    throw error;
  }
}

function embeddedNode(blocks: BlockStore, ledger: Ledger): Omit<BlockNode, 'writable'> {
  return {
    blocks,
    id: ledger.nodeId,
    async pin(cid, type, name = '') {
      if (type === 'recursive') await checkComplete(blocks, cid);
      else await blocks.sizeOf(cid);
      ledger.add({ cid: cid.toString(), type, name });
    },
    unpin(cid) {
      if (!ledger.remove(cid.toString()))
        throw new NodeError('not-pinned', 'not pinned or pinned indirectly');
    },
    findPin: (cid) => findPin(blocks, ledger, cid.toString()),
    listPins: (filter) => listPins(blocks, ledger, filter),
    tree: (root) => tree(blocks, root),
    close: () => ledger.close(),
  };
}

/** Leaves are only looked for: they were verified when they came, and are at each reading. */
async function checkComplete(blocks: BlockStore, root: CID): Promise<void> {
  for await (const cid of cids(blocks, root)) {
    if (cid.code === RAW) await blocks.sizeOf(cid);
  }
}

async function findPin(blocks: BlockStore, ledger: Ledger, cid: string): Promise<PinKind | undefined> {
  const own = ledger.find(cid);
  if (own !== undefined) return own;
  for await (const pin of indirect(blocks, ledger)) if (pin.cid === cid) return pin;
  return undefined;
}

async function* listPins(blocks: BlockStore, ledger: Ledger, filter: PinFilter): AsyncGenerator<PinKind> {
  if (filter !== 'indirect') yield* ledger.list(filter === 'all' ? undefined : filter);
  if (filter !== 'indirect' && filter !== 'all') return;
  const seen = new Set<string>();
  for await (const pin of indirect(blocks, ledger)) {
    if (seen.has(pin.cid) || ledger.find(pin.cid) !== undefined) continue;
    seen.add(pin.cid);
    yield pin;
  }
}

async function* indirect(blocks: BlockStore, ledger: Ledger): AsyncGenerator<PinKind> {
  for (const root of ledger.list('recursive')) {
    for await (const cid of cids(blocks, CID.parse(root.cid))) {
      const text = cid.toString();
      if (text !== root.cid) yield { cid: text, type: 'indirect', name: '' };
    }
  }
}

async function* tree(blocks: BlockStore, root: CID): AsyncGenerator<Block> {
  for await (const cid of cids(blocks, root)) yield { cid, bytes: await blocks.get(cid) };
}

/** Depth first. The stack holds the siblings still to come, so it is small for a file. */
async function* cids(blocks: BlockStore, root: CID): AsyncGenerator<CID> {
  const stack = [root];
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    yield cid;
    if (cid.code !== RAW) stack.push(...linksOf({ cid, bytes: await blocks.get(cid) }).reverse());
  }
}
