import type { CID } from 'multiformats/cid';
import { StorageError } from '../errors.ts';
import type { NodeFault, NodeHandle, NodeReport, StorageClient } from './client.ts';
import { digestOf } from './dag.ts';
import { checkStaged, commitUpload, openUpload, sendPartTo } from './gate.ts';
import { RequestFailure, storageError, throwIfCancelled } from './http.ts';
import type { Part } from './part.ts';
import { readBlockFrom } from './read.ts';
import { isObject, post } from './rpc.ts';

/** Pauses before the second and the third try of a request, in milliseconds. */
const PAUSES_MS = [300, 1_500];

/** The nodes that one upload goes to. Those that fail are dropped until too few are left. */
export type Replicas = {
  /** Sends a part to every node that is left. */
  sendPart(part: Part): Promise<void>;
  /** Drops the nodes that don't have a block which they confirmed before. */
  check(cid: CID): Promise<void>;
  /** The labels of those that are left. */
  labels(): readonly string[];
  /** Pins the root on each, reads it back, and says who has it. */
  confirm(root: CID): Promise<readonly string[]>;
};

export function startReplicas(
  client: StorageClient,
  signal: AbortSignal | undefined,
  only?: readonly string[],
): Replicas {
  const left = new Set(client.nodes.filter(({ label }) => only?.includes(label) ?? true));
  const failed: NodeReport[] = [];

  const onEach = async (action: (node: NodeHandle) => Promise<void>): Promise<void> => {
    await Promise.all([...left].map((node) => attempt(node, action)));
    if (left.size < client.minReplicas) throw notStored(failed, client.minReplicas);
  };
  const attempt = async (node: NodeHandle, action: (node: NodeHandle) => Promise<void>): Promise<void> => {
    try {
      await withRetries(() => action(node), signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // Two parts may fail on one node; it is named once.
      if (!left.delete(node)) return;
      client.report(node, error.fault);
      failed.push({ node: node.label, fault: error.fault });
    }
  };

  const uploads = new Map<NodeHandle, Promise<string>>();
  const uploadAt = (node: NodeHandle): Promise<string> => {
    const upload = uploads.get(node) ?? openUpload(client, node, only !== undefined, signal);
    uploads.set(node, upload);
    // A try that failed must not be what the next try waits for.
    upload.catch(() => uploads.delete(node));
    return upload;
  };

  return {
    sendPart: (part) =>
      onEach(async (node) => {
        if (node.gate === undefined) return importPart(client, node, part, signal);
        await sendPartTo(client, node, await uploadAt(node), part, signal);
      }),
    check: (cid) =>
      onEach(async (node) => {
        if (node.gate === undefined) await readBlockFrom(client, node, cid, digestOf(cid), signal);
        else await checkStaged(client, node, await uploadAt(node), cid, signal);
      }),
    labels: () => [...left].map(({ label }) => label),
    async confirm(root) {
      await onEach(async (node) => {
        if (node.gate === undefined) await pin(client, node, root, signal);
        else await commitUpload(client, node, await uploadAt(node), root, signal);
        await readBlockFrom(client, node, root, digestOf(root), signal);
      });
      return [...left].map(({ label }) => label);
    },
  };
}

export async function importPart(
  client: StorageClient,
  node: NodeHandle,
  { form, blockCount }: Part,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Kubo reports a late failure in a trailer that fetch can't see. The statistics come last,
  // so a node that counted all blocks has read them all.
  const answer = await post(client, node, 'dag/import?pin-roots=false&stats=true', form, signal);
  if (!answer.some((line) => countOf(line) === blockCount)) throw new RequestFailure('refused');
}

export async function pin(
  client: StorageClient,
  node: NodeHandle,
  root: CID,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Offline: a Kubo that lacks a block would look for it elsewhere until the time is up.
  const answer = await post(
    client,
    node,
    `pin/add?arg=${root.toString()}&recursive=true&offline=true`,
    undefined,
    signal,
  );
  if (!answer.some((line) => pinsOf(line).includes(root.toString()))) throw new RequestFailure('refused');
}

/** Every request here may be sent twice: blocks and pins are the same the second time. */
async function withRetries(action: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  for (const pause of PAUSES_MS) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.fault !== 'unreachable') throw error;
      await delay(pause, signal);
    }
  }
  await action();
}

function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      try {
        throwIfCancelled(signal);
        resolve();
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function notStored(failed: readonly NodeReport[], minReplicas: number): StorageError {
  const faults = new Set<NodeFault>(failed.map(({ fault }) => fault));
  const what = `The bytes are not stored on ${minReplicas} node${minReplicas === 1 ? '' : 's'}`;
  const error = storageError(failed, what);
  if (faults.size === 1 && !faults.has('not-found')) return error;
  return new StorageError('STORAGE_NOT_STORED', error.message, { retryable: true });
}

function countOf(line: unknown): unknown {
  return isObject(line) && isObject(line.Stats) ? line.Stats.BlockCount : undefined;
}

function pinsOf(line: unknown): readonly unknown[] {
  return isObject(line) && Array.isArray(line.Pins) ? line.Pins : [];
}
