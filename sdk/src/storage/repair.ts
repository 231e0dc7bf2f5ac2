import type { CID } from 'multiformats/cid';
import type { NodeHandle, StorageClient } from './client.ts';
import { type Block, digestOf } from './dag.ts';
import { RequestFailure } from './http.ts';
import { partOf } from './part.ts';
import { readBlockFrom } from './read.ts';
import { importPart, pin } from './replicas.ts';
import { post } from './rpc.ts';

/**
 * Brings a block to a node that lost it or lets it rot, and reads it back.
 *
 * Kubo does not write a block that it believes to have. So if the bytes are still wrong, the pin
 * is taken off, the block removed and brought anew. The caller pins afterwards.
 *
 * @throws RequestFailure
 */
export async function repairBlock(
  client: StorageClient,
  node: NodeHandle,
  { root, block }: { readonly root: CID; readonly block: Block },
  signal: AbortSignal | undefined,
): Promise<void> {
  const bring = async () => {
    await importPart(client, node, partOf(block), signal);
    await readBlockFrom(client, node, block.cid, digestOf(block.cid), signal);
  };
  try {
    await bring();
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    await tolerate(() => post(client, node, `pin/rm?arg=${root.toString()}`, undefined, signal));
    await tolerate(() =>
      post(client, node, `block/rm?arg=${block.cid.toString()}&force=true`, undefined, signal),
    );
    await bring();
  }
}

/** @throws RequestFailure */
export async function repairPin(
  client: StorageClient,
  node: NodeHandle,
  root: CID,
  signal: AbortSignal | undefined,
): Promise<void> {
  await pin(client, node, root, signal);
}

/** What is not pinned or not there need not be removed. */
async function tolerate(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
  }
}
