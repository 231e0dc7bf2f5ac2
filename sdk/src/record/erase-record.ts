import { hexToBytes, isAddressEqual } from 'viem';
import { read } from '../contracts/client.ts';
import {
  allRecords,
  type ChartkeyClient,
  envelopesOf,
  type IndexedRecord,
  recordOf,
} from '../contracts/index.ts';
import type { Envelope, RecordId } from '../envelope/index.ts';
import { ChainError, StorageError } from '../errors.ts';
import {
  bodyBlocks,
  bodyCid,
  collectGarbage,
  envelopeCid,
  eraseAtGates,
  holdersOf,
  type StorageClient,
  unpin,
} from '../storage/index.ts';
import { envelopeAt } from './audit-records.ts';

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
  /** Bodies that were left where they are, because a record that has not ended names them too. */
  readonly shared: readonly string[];
  /** Every node answers "missing" for every block, and nothing is shared. */
  readonly complete: boolean;
};

/**
 * Takes an ended record off every node: unpins envelopes and body, has the nodes collect, and asks
 * each of them for each block. Gates do it themselves, after they have asked the chain. Can be
 * called again until it is complete.
 *
 * Anybody can write an envelope that points to somebody else's body, and retire it. So an envelope
 * counts only if it names this record's patient and author, and a body only if no other record
 * names it that stands.
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
  const record = await endedRecord(client, recordId);
  const { roots, blocks, shared } = await treeOf(client, storage, record, signal);
  const unpinned = await unpinAll(storage, recordId, roots, signal);
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
    shared: shared.map(String),
    complete: left.size === 0 && shared.length === 0,
  };
}

async function endedRecord(client: ChartkeyClient, recordId: RecordId): Promise<IndexedRecord> {
  const record = await recordOf(client, { recordId });
  if (record?.status === 'Retired' || record?.status === 'Rejected') return record;
  throw new ChainError(
    'CONTRACT_REFUSED',
    'Only a retired or rejected record can be erased: retire it first.',
  );
}

type Cid = ReturnType<typeof envelopeCid>;

/** @returns by node, how many pins were taken off */
async function unpinAll(
  storage: StorageClient,
  recordId: RecordId,
  roots: readonly Cid[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const unpinned = new Map<string, number>();
  const count = (node: string, pins: number) => unpinned.set(node, (unpinned.get(node) ?? 0) + pins);
  // A gate finds what belongs to the record by its envelopes, which its nodes must still have.
  for (const { node, outcome } of await eraseAtGates(storage, recordId, { signal })) {
    if (typeof outcome === 'number') count(node, outcome);
  }
  for (const root of roots) {
    for (const { node, outcome } of await unpin(storage, root, { signal })) {
      if (outcome === 'unpinned') count(node, 1);
    }
  }
  return unpinned;
}

type Tree = { readonly roots: Cid[]; readonly blocks: Cid[]; readonly shared: Cid[] };

/** Everything that belongs to the record, as far as any node still knows it. Envelopes come last. */
async function treeOf(
  client: ChartkeyClient,
  storage: StorageClient,
  record: IndexedRecord,
  signal: AbortSignal | undefined,
): Promise<Tree> {
  const envelopes: Cid[] = [];
  const absent: Cid[] = [];
  const bodies = new Map<string, Envelope>();
  for (const digest of await envelopesOf(client, record)) {
    const cid = envelopeCid(hexToBytes(digest));
    const envelope = await envelopeAt(storage, cid, signal);
    if (envelope === 'absent') absent.push(cid);
    if (typeof envelope === 'string' || !belongsTo(envelope, record)) continue;
    envelopes.push(cid);
    bodies.set(envelope.bodyDigest, envelope);
  }
  const elsewhere = await bodiesOfOthers(client, storage, record, signal);
  const roots: Cid[] = [];
  const blocks: Cid[] = [];
  const shared: Cid[] = [];
  for (const { bodyDigest, bodyLength } of bodies.values()) {
    const body = { digest: hexToBytes(bodyDigest), length: bodyLength };
    const root = bodyCid(body.digest, body.length);
    if (elsewhere.has(bodyDigest)) shared.push(root);
    else {
      roots.push(root);
      blocks.push(...(await blocksOf(storage, root, body, signal)));
    }
  }
  // The envelope says where the body is: it has to outlive an erasure that was interrupted.
  return { roots: [...roots, ...envelopes], blocks: [...blocks, ...envelopes, ...absent], shared };
}

function belongsTo({ patient, author }: Envelope, record: IndexedRecord): boolean {
  return isAddressEqual(patient, record.patient) && isAddressEqual(author, record.author);
}

/** Digests of the bodies that records name which have not ended. */
async function bodiesOfOthers(
  client: ChartkeyClient,
  storage: StorageClient,
  { recordId }: IndexedRecord,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const digests = new Set<string>();
  for (const other of await allRecords(client)) {
    if (other.recordId === recordId || (other.status !== 'Active' && other.status !== 'Pending')) continue;
    const envelope = await envelopeAt(storage, envelopeCid(hexToBytes(other.envelopeDigest)), signal);
    if (typeof envelope !== 'string') digests.add(envelope.bodyDigest);
  }
  return digests;
}

async function blocksOf(
  storage: StorageClient,
  root: Cid,
  body: { readonly digest: Uint8Array; readonly length: number },
  signal: AbortSignal | undefined,
): Promise<Cid[]> {
  const blocks = [root];
  try {
    for await (const cid of bodyBlocks(storage, { ...body, signal })) {
      if (!cid.equals(root)) blocks.push(cid);
    }
  } catch (error) {
    // A hole in the tree: what hangs below goes with the pin, though nobody can name it now.
    if (!(error instanceof StorageError)) throw error;
  }
  return blocks;
}
