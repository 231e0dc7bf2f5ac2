import type { CID } from 'multiformats/cid';
import type { NodeFault, NodeHandle, StorageClient } from './client.ts';
import { eraseAt } from './gate.ts';
import { RequestFailure } from './http.ts';
import type { ReadOptions } from './read.ts';
import { post } from './rpc.ts';

export type Unpinned = {
  readonly node: string;
  readonly outcome: 'unpinned' | 'was-not-pinned' | NodeFault;
};

/**
 * Takes the pin off a root on every node, and says of each what came of it. The bytes go at the
 * node's next collection, which {@link collectGarbage} asks for.
 *
 * A gate unpins nothing by its CID, which is said as `refused`: see {@link eraseAtGates}.
 *
 * Warning: a record that is unpinned everywhere is lost. Ciphertext that somebody else has
 * copied stays with them: what erases it is that its keys are gone.
 *
 * @throws ChartkeyError `CANCELLED`
 */
export async function unpin(client: StorageClient, cid: CID, options: ReadOptions = {}): Promise<Unpinned[]> {
  return Promise.all(
    client.nodes.map(async (node) => ({
      node: node.label,
      outcome: await unpinOn(client, node, cid, options),
    })),
  );
}

async function unpinOn(
  client: StorageClient,
  node: NodeHandle,
  cid: CID,
  { signal }: ReadOptions,
): Promise<Unpinned['outcome']> {
  try {
    await post(client, node, `pin/rm?arg=${cid.toString()}`, undefined, signal);
    return 'unpinned';
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    // Kubo answers 500 to this, as to everything; its words are all there is to tell it by.
    return NOT_PINNED.test(error.answer) ? 'was-not-pinned' : error.fault;
  }
}

const NOT_PINNED = /\bnot pinned\b/;

export type ErasedAtGate = { readonly node: string; readonly outcome: number | NodeFault };

/**
 * Asks every gate of the client to take an ended record off its nodes, and says of each how many
 * pins it took off, or why not. A gate asks the chain whether the record has ended, whoever asks it;
 * it wants a sign-in all the same.
 *
 * @throws ChartkeyError `CANCELLED`
 */
export async function eraseAtGates(
  client: StorageClient,
  recordId: string,
  { signal }: ReadOptions = {},
): Promise<ErasedAtGate[]> {
  const gates = client.nodes.filter(({ gate }) => gate !== undefined);
  return Promise.all(
    gates.map(async (node) => {
      try {
        return { node: node.label, outcome: await eraseAt(client, node, recordId, signal) };
      } catch (error) {
        if (error instanceof RequestFailure) return { node: node.label, outcome: error.fault };
        throw error;
      }
    }),
  );
}

export type Collected = { readonly node: string; readonly outcome: 'collected' | NodeFault };

/** Asks every node to remove what nothing keeps. @throws ChartkeyError `CANCELLED` */
export async function collectGarbage(client: StorageClient, options: ReadOptions = {}): Promise<Collected[]> {
  return Promise.all(
    client.nodes.map(async (node) => ({ node: node.label, outcome: await collectOn(client, node, options) })),
  );
}

async function collectOn(
  client: StorageClient,
  node: NodeHandle,
  { signal }: ReadOptions,
): Promise<Collected['outcome']> {
  try {
    // Without a line for each block: a first sweep may take millions.
    await post(client, node, 'repo/gc?silent=true&quiet=true', undefined, signal);
    return 'collected';
  } catch (error) {
    if (error instanceof RequestFailure) return error.fault;
    throw error;
  }
}
