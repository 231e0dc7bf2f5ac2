import { create, type KuboRPCClient } from 'kubo-rpc-client';
import type { CID } from 'multiformats/cid';
import type { Backend } from './backend.ts';
import { carHeader, readCar, sectionHeader } from './car.ts';
import { matches } from './cid.ts';
import { pinInCluster, unpinInCluster } from './cluster.ts';
import { invalid, NodeError } from './errors.ts';

export type KuboOptions = {
  /** Base of its RPC, without `/api/v0`. */
  readonly rpcUrl: string;
  /** What `API.Authorizations` of the daemon wants, such as `Bearer …`. */
  readonly authorization?: string | undefined;
  /** REST API of an IPFS Cluster peer, which then looks after the pins on all of its daemons. */
  readonly clusterUrl?: string | undefined;
  readonly maxBlockBytes: number;
  /** For one block, a pin or an answer. */
  readonly timeoutMs: number;
  /** For CARs and sweeps. */
  readonly longTimeoutMs: number;
};

/**
 * A Kubo daemon. Each call is asked to stay offline, so that a missing block is missing at once
 * and nobody else learns what is looked for.
 */
export function kuboBackend(options: KuboOptions): Backend {
  const kubo = create({
    url: `${options.rpcUrl.replace(/\/+$/, '')}/api/v0`,
    ...(options.authorization === undefined ? {} : { headers: { Authorization: options.authorization } }),
  });
  // The client's own `timeout` does nothing (7.1.0): an AbortSignal for every call.
  const soon = () => ({ signal: AbortSignal.timeout(options.timeoutMs), offline: true });
  const later = () => ({ signal: AbortSignal.timeout(options.longTimeoutMs), offline: true });
  return {
    kind: 'kubo',
    describe: () => asFaults(async () => `Kubo ${(await kubo.version(soon())).version}`),
    has: (cid) =>
      asFaults(() => unlessNotFound(async () => (await kubo.block.stat(cid, soon())).size >= 0, false)),
    read: (cid) => asFaults(() => readVerified(kubo, cid, soon())),
    store: (cars, roots) =>
      asFaults(async () => {
        for await (const car of cars) await importCar(kubo, car, options.maxBlockBytes, later());
        for (const root of roots) {
          await kubo.pin.add(root, later());
          // A cluster's proxy does not follow `dag/import`: it has to be told of each root.
          if (options.clusterUrl !== undefined) await pinInCluster(options.clusterUrl, root, soon().signal);
        }
      }),
    isPinned: (cid) => asFaults(() => isPinned(kubo, cid, soon())),
    unpin: (cid) =>
      asFaults(async () => {
        // First there: a cluster would pin again what a daemon of its own let go.
        if (options.clusterUrl !== undefined) await unpinInCluster(options.clusterUrl, cid, soon().signal);
        try {
          await kubo.pin.rm(cid, soon());
          return true;
        } catch (error) {
          if (NOT_PINNED.test(messageOf(error))) return false;
          throw error;
        }
      }),
    collect: () =>
      asFaults(async () => {
        let removed = 0;
        for await (const { err } of kubo.repo.gc(later())) {
          if (err) throw err;
          removed += 1;
        }
        return removed;
      }),
    close: async () => undefined,
  };
}

type CallOptions = { readonly signal: AbortSignal; readonly offline: boolean };

async function readVerified(kubo: KuboRPCClient, cid: CID, options: CallOptions): Promise<Uint8Array> {
  const bytes = await kubo.block.get(cid, options);
  // A cut answer looks complete to the client: only the hash tells.
  if (!matches(cid, bytes)) throw new NodeError('corrupt', 'the daemon answered with other bytes');
  return bytes;
}

/** Kubo believes a CAR's lengths; ours are checked on the way through. */
async function importCar(
  kubo: KuboRPCClient,
  car: AsyncIterable<Uint8Array>,
  maxBlockBytes: number,
  options: CallOptions,
): Promise<void> {
  let failure: { cause: unknown } | undefined;
  const checked = async function* () {
    try {
      yield* checkedCar(car, maxBlockBytes);
    } catch (cause) {
      failure ??= { cause };
      throw cause;
    }
  };
  try {
    for await (const _root of kubo.dag.import(checked(), { ...options, pinRoots: false }));
  } catch (error) {
    throw failure === undefined ? error : failure.cause;
  }
}

async function* checkedCar(
  car: AsyncIterable<Uint8Array>,
  maxBlockBytes: number,
): AsyncGenerator<Uint8Array> {
  const { roots, blocks } = await readCar(car, maxBlockBytes);
  const [root] = roots;
  if (root === undefined) throw invalid('the CAR names no root');
  yield carHeader(root);
  for await (const block of blocks) {
    if (!matches(block.cid, block.bytes)) throw invalid('block bytes do not hash to their CID');
    yield sectionHeader(block);
    yield block.bytes;
  }
}

async function isPinned(kubo: KuboRPCClient, cid: CID, options: CallOptions): Promise<boolean> {
  try {
    for await (const { type } of kubo.pin.ls({ ...options, paths: cid }))
      if (type === 'recursive') return true;
    return false;
  } catch (error) {
    if (NOT_PINNED.test(messageOf(error))) return false;
    throw error;
  }
}

const NOT_PINNED = /\bnot pinned\b/;
const NOT_FOUND = /not found locally|could not find/;
const FULL = /no space left/;
const CORRUPT = /different hash than requested/;

async function unlessNotFound<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (NOT_FOUND.test(messageOf(error))) return otherwise;
    throw error;
  }
}

/** Kubo tells its faults by words alone. */
async function asFaults<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    const message = messageOf(cause);
    if (NOT_FOUND.test(message))
      throw new NodeError('not-found', 'the daemon does not have the block', { cause });
    if (FULL.test(message)) throw new NodeError('full', 'no space left on the daemon', { cause });
    if (CORRUPT.test(message)) throw new NodeError('corrupt', "the daemon's block is rotten", { cause });
    throw new NodeError('unavailable', 'the daemon did not answer as it should', { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
