import { hexToBytes } from 'viem';
import { read } from '../contracts/client.ts';
import { type ChartkeyClient, recordOf } from '../contracts/index.ts';
import type { RecordId } from '../envelope/index.ts';
import { ChainError, StorageError } from '../errors.ts';
import {
  bodyBlocks,
  bodyCid,
  collectGarbage,
  envelopeCid,
  holdersOf,
  type StorageClient,
  unpin,
} from '../storage/index.ts';
import { bodyOf } from './audit-records.ts';

export type EraseRecordParameters = {
  readonly recordId: RecordId;
  readonly storage: StorageClient;
  readonly signal?: AbortSignal | undefined;
};

/** What an erasure did, for those who have to show it. It names blocks, and says nothing of what they held. */
export type ErasureReceipt = {
  readonly recordId: RecordId;
  readonly chainId: number;
  /** A block at which the record stood as retired (or rejected) on the chain. */
  readonly blockNumber: number;
  /** Unix time in seconds. */
  readonly checkedAt: number;
  /** What was looked for on each node. */
  readonly blocks: readonly string[];
  readonly nodes: readonly {
    readonly node: string;
    /** Pins that were taken off. */
    readonly unpinned: number;
    /** Blocks for which the node did not answer "missing". */
    readonly notMissing: number;
  }[];
  /** Every node answers "missing" for every block. */
  readonly complete: boolean;
};

/**
 * Takes an ended record off every node: unpins envelopes and body, has the nodes collect, and asks
 * each of them for each block. Can be called again until it is complete.
 *
 * Warning: this reaches the nodes of `storage` and no others. Ciphertext that somebody copied stays
 * with them, and so does what an accessor saw. Against copies it helps that keepers release nothing
 * for an ended record, as long as fewer than k of them collude, and that patients forget their key.
 *
 * @throws ChainError `CONTRACT_REFUSED` when the record is not retired or rejected
 */
export async function eraseRecord(
  client: ChartkeyClient,
  { recordId, storage, signal }: EraseRecordParameters,
): Promise<ErasureReceipt> {
  const blockNumber = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const record = await recordOf(client, { recordId });
  if (record?.status !== 'Retired' && record?.status !== 'Rejected') {
    throw new ChainError(
      'CONTRACT_REFUSED',
      'Only a retired or rejected record can be erased: retire it first.',
    );
  }
  const { roots, blocks } = await treeOf(storage, [recordId, record.envelopeDigest], signal);
  const unpinned = new Map<string, number>();
  for (const root of roots) {
    for (const { node, outcome } of await unpin(storage, root, { signal })) {
      if (outcome === 'unpinned') unpinned.set(node, (unpinned.get(node) ?? 0) + 1);
    }
  }
  await collectGarbage(storage, { signal });

  const left = new Map<string, number>();
  for (const cid of blocks) {
    for (const node of await holdersOf(storage, cid, { signal })) left.set(node, (left.get(node) ?? 0) + 1);
  }
  return {
    recordId,
    chainId: client.deployment.chainId,
    blockNumber: Number(blockNumber),
    checkedAt: Math.floor(Date.now() / 1_000),
    blocks: blocks.map(String),
    nodes: storage.nodes.map(({ label }) => ({
      node: label,
      unpinned: unpinned.get(label) ?? 0,
      notMissing: left.get(label) ?? 0,
    })),
    complete: left.size === 0,
  };
}

type Tree = {
  readonly roots: ReturnType<typeof envelopeCid>[];
  readonly blocks: ReturnType<typeof envelopeCid>[];
};

/** Everything that belongs to the record, as far as any node still knows it. Envelopes come last. */
async function treeOf(
  storage: StorageClient,
  digests: readonly `0x${string}`[],
  signal: AbortSignal | undefined,
): Promise<Tree> {
  const envelopes = [...new Set(digests)].map((digest) => envelopeCid(hexToBytes(digest)));
  const bodies = new Map<string, Tree>();
  for (const envelope of envelopes) {
    const body = await bodyOf(storage, envelope, signal);
    if (body === undefined) continue;
    const root = bodyCid(body.digest, body.length);
    const blocks = [root];
    try {
      for await (const cid of bodyBlocks(storage, { ...body, signal }))
        if (!cid.equals(root)) blocks.push(cid);
    } catch (error) {
      // A hole in the tree: what hangs below goes with the pin, though nobody can name it now.
      if (!(error instanceof StorageError)) throw error;
    }
    bodies.set(root.toString(), { roots: [root], blocks });
  }
  // The envelope says where the body is: it has to outlive an erasure that was interrupted.
  return {
    roots: [...[...bodies.values()].flatMap(({ roots }) => roots), ...envelopes],
    blocks: [...[...bodies.values()].flatMap(({ blocks }) => blocks), ...envelopes],
  };
}
