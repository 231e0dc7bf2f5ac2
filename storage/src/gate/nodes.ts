import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import type { Backend } from '../backend.ts';
import { configFrom } from '../config.ts';
import { embeddedBackend } from '../embedded-backend.ts';
import { NodeError } from '../errors.ts';
import { kuboBackend } from '../kubo-backend.ts';
import { openNode } from '../node.ts';
import type { GateConfig } from './config.ts';

type Cars = AsyncIterable<AsyncIterable<Uint8Array>>;

/** The nodes behind a gate, as one. */
export type Nodes = {
  /** For people: which programs, which versions; what does not answer is said so. */
  describe(): Promise<readonly string[]>;
  /** Verified bytes from the first node that gives them. @throws NodeError `not-found`, `corrupt`, `unavailable` */
  read(cid: CID): Promise<Uint8Array>;
  /**
   * Brings CARs to every node and pins the roots; counts once `minReplicas` of them did.
   *
   * @param open called once for each node and try
   */
  store(open: () => Cars, roots: readonly CID[]): Promise<void>;
  /** Takes the pin off on every node. Says of each whether there was one. @throws if a node can't be asked */
  unpin(cid: CID): Promise<readonly boolean[]>;
  /** Has every node remove what nothing keeps. Asked while it runs, it runs once more for all who asked. */
  collect(): Promise<void>;
  close(): Promise<void>;
};

export async function openNodes(config: GateConfig): Promise<Nodes> {
  const backends = await openBackends(config);
  const minReplicas = config.minReplicas ?? backends.length;
  const each = <T>(ask: (backend: Backend) => Promise<T>) => Promise.all(backends.map(ask));
  const collect = onceAtATime(async () => void (await each((backend) => backend.collect())));
  return {
    describe: () => each((backend) => backend.describe().catch(() => `${backend.kind}: no answer`)),
    read: (cid) => readFromAny(backends, cid),
    async store(open, roots) {
      const outcomes = await Promise.allSettled(backends.map((backend) => storeOn(backend, open, roots)));
      const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
      if (backends.length - failures.length < minReplicas) throw failures[0]?.reason;
    },
    unpin: (cid) => each((backend) => backend.unpin(cid)),
    collect,
    close: async () => void (await each((backend) => backend.close())),
  };
}

async function openBackends(config: GateConfig): Promise<Backend[]> {
  const { nodeRpcUrls, nodeAuthorization: authorization, clusterUrl, maxBlockBytes, minFreeBytes } = config;
  const times = { timeoutMs: 30_000, longTimeoutMs: 3_600_000 };
  if (nodeRpcUrls.length > 0) {
    return nodeRpcUrls.map((rpcUrl) =>
      kuboBackend({ rpcUrl, authorization, clusterUrl, maxBlockBytes, ...times }),
    );
  }
  const node = await openNode(configFrom({ dir: join(config.dir, 'node'), maxBlockBytes, minFreeBytes }));
  return [embeddedBackend(node, maxBlockBytes)];
}

/** A sweep between the import and the pin takes what was brought: then it is brought again. */
async function storeOn(backend: Backend, open: () => Cars, roots: readonly CID[]): Promise<void> {
  try {
    await backend.store(open(), roots);
  } catch (error) {
    if (!(error instanceof NodeError) || error.fault !== 'not-found') throw error;
    await backend.store(open(), roots);
  }
}

async function readFromAny(backends: readonly Backend[], cid: CID): Promise<Uint8Array> {
  let worst: NodeError | undefined;
  for (const backend of backends) {
    try {
      return await backend.read(cid);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      // "Missing" is an answer only if all of them say so.
      if (worst === undefined || worst.fault === 'not-found') worst = error;
    }
  }
  throw worst ?? new NodeError('not-found', 'there is no node');
}

/** A run that began before somebody asked may have missed what they want gone. */
function onceAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    if (running === undefined) {
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        running = work().finally(() => {
          running = undefined;
        });
        return running;
      });
    return next;
  };
}
