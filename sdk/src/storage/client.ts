import { ChartkeyError } from '../errors.ts';

/**
 * One storage node: reached as it is, or through the gate before it. URLs may carry a path prefix
 * or be relative to the page's origin.
 */
export type StorageNode =
  | {
      /** Base of Kubo's RPC, without `/api/v0`: `http://127.0.0.1:5101`, `/storage`. */
      readonly rpcUrl: string;
      /** Base of the trustless gateway, without `/ipfs`. */
      readonly gatewayUrl: string;
    }
  | {
      /** Base of a gate, which takes uploads of those who signed in: see `signInWithWallet`. */
      readonly gateUrl: string;
    };

export type StorageClientOptions = {
  /** 1 to 32 nodes; the order is the order in which they are first asked. */
  readonly nodes: readonly StorageNode[];
  /** How many nodes must confirm before bytes count as stored. Default: all of them. */
  readonly minReplicas?: number | undefined;
  /** Longest time for one block to arrive, in milliseconds. Default 30,000. */
  readonly readTimeoutMs?: number | undefined;
  /** Longest time for one part of 4 MiB to be taken, in milliseconds. Default 600,000. */
  readonly writeTimeoutMs?: number | undefined;
  /** For a gate that wants a sign-in, or a service that wants its own agent. Default: `fetch`. */
  readonly fetch?: typeof fetch | undefined;
};

/** What a node did wrong. `wrong-bytes` is the only one that an honest node can't do by accident of the line. */
export type NodeFault =
  | 'wrong-bytes'
  | 'not-found'
  | 'refused'
  | 'full'
  | 'timed-out'
  | 'unreachable'
  // what a gate says no with
  | 'signed-out'
  | 'not-registered'
  | 'not-verified'
  | 'suspended'
  | 'over-quota';

export type NodeReport = { readonly node: string; readonly fault: NodeFault };

export type NodeHealth = {
  /** Origin and path prefix. */
  readonly node: string;
  readonly faults: number;
  readonly lastFault: NodeFault | undefined;
};

export type StorageClient = {
  readonly nodes: readonly NodeHandle[];
  readonly minReplicas: number;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly fetch: typeof fetch;
  /** Those that failed last come last. */
  readingOrder(): readonly NodeHandle[];
  /** Remembers a fault and puts the node last. */
  report(node: NodeHandle, fault: NodeFault): void;
  /** For the screen: which nodes were skipped, and why. */
  health(): readonly NodeHealth[];
  /** What gates gave out, in memory alone. */
  readonly gates: Map<NodeHandle, GateSession>;
};

export type GateSession = {
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** What an interrupted upload goes on with; outlives the token. */
  upload?: string | undefined;
};

export type NodeHandle = {
  /** Origin and path prefix of the gateway; what messages name the node by. */
  readonly label: string;
  /** Empty for a node behind a gate. */
  readonly rpc: string;
  readonly gateway: string;
  /** Set for a node behind a gate. */
  readonly gate?: string;
};

const MAX_NODES = 32;

/**
 * A client of one or more storage nodes. It trusts none of them: what it reads is hashed,
 * what it wrote is read back. It holds no connection and need not be closed.
 *
 * @example
 * const storage = createStorageClient({ nodes: [{ rpcUrl: '/storage', gatewayUrl: '/storage' }] });
 *
 * @throws ChartkeyError `INPUT_INVALID`
 */
export function createStorageClient(options: StorageClientOptions): StorageClient {
  const nodes = options.nodes.map(toHandle);
  const minReplicas = options.minReplicas ?? nodes.length;
  if (nodes.length < 1 || nodes.length > MAX_NODES) throw invalid(`There must be 1 to ${MAX_NODES} nodes.`);
  if (new Set(nodes.map(({ rpc, gate }) => gate ?? rpc)).size !== nodes.length)
    throw invalid('A node is listed twice.');
  if (!Number.isInteger(minReplicas) || minReplicas < 1 || minReplicas > nodes.length) {
    throw invalid('minReplicas is 1 to the number of nodes.');
  }
  let order: readonly NodeHandle[] = nodes;
  const faults = new Map<NodeHandle, { faults: number; lastFault: NodeFault }>();
  return {
    nodes,
    minReplicas,
    readTimeoutMs: milliseconds(options.readTimeoutMs ?? 30_000),
    writeTimeoutMs: milliseconds(options.writeTimeoutMs ?? 600_000),
    // A browser's fetch refuses to be called as the method of another object.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    readingOrder: () => order,
    report(node, fault) {
      order = [...order.filter((other) => other !== node), node];
      faults.set(node, { faults: (faults.get(node)?.faults ?? 0) + 1, lastFault: fault });
    },
    gates: new Map(),
    health: () =>
      nodes.map((node) => ({ node: node.label, faults: 0, lastFault: undefined, ...faults.get(node) })),
  };
}

function toHandle(node: StorageNode): NodeHandle {
  if ('gateUrl' in node) {
    const gate = baseOf(node.gateUrl);
    return { label: gate, rpc: '', gateway: gate, gate };
  }
  const gateway = baseOf(node.gatewayUrl);
  return { label: gateway, rpc: baseOf(node.rpcUrl), gateway };
}

/** Absolute, without a slash at its end. */
function baseOf(text: string): string {
  const here = globalThis.location?.origin;
  if (!URL.canParse(text, here)) throw invalid('A node needs a URL; outside a page it must be absolute.');
  const url = new URL(text, here);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('A node speaks http or https.');
  // Labels go to screens and logs: there must be no secret in them.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid("A node's URL has no user, password, query or fragment.");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function milliseconds(value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 86_400_000)
    throw invalid('A timeout is 1 ms to a day.');
  return value;
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message);
}
