import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChartkeyClient,
  createStorageClient,
  type Deployment,
  type Keeper,
  type KeeperNetwork,
  keyPairFromSeed,
  publishPublicKey,
  type StorageClient,
  startEpoch,
} from '@chartkey/sdk';
import { type Account, type Hex, hexToBytes, type LocalAccount } from 'viem';
import { ACTORS, LOCAL_AREA } from './accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from './chain.ts';
import { type RunningGate, signedIn, startGateNode } from './gate.ts';
import { type RunningIndexer, startIndexerNode } from './indexer.ts';
import { freePort, ROOT, type Service, STORAGE_NODE, startService } from './process.ts';
import { type RunningRelay, startRelayNode } from './relay.ts';

export type StackOptions = {
  /** Fixed ports; a free one is taken for each that is left out. */
  readonly ports?: {
    readonly chain?: number;
    readonly storage?: number;
    readonly keepers?: readonly number[];
    readonly relay?: number;
    readonly gate?: number;
    readonly indexer?: number;
  };
  /** Where the pages are, which people sign in on. Default: a made-up one, for programs. */
  readonly origin?: string | undefined;
  /** Where storage and addresses lie. Default: a folder that is removed on close. */
  readonly folder?: string;
  /** Where the contracts' addresses are written. Default: in that folder. */
  readonly addressesFile?: string;
  /** k of n. Default: 2 of 3. */
  readonly threshold?: number;
  readonly keeperCount?: number;
  readonly onStep?: (text: string) => void;
  /** Storage that runs already, instead of an embedded node of this stack. */
  readonly storage?: { readonly rpcUrl: string; readonly gatewayUrl: string } | undefined;
  /** Extra settings for the processes, such as CORS origins. */
  readonly env?: Readonly<Record<string, string>>;
};

export type RunningKeeper = Keeper & {
  readonly seed: Hex;
  readonly service: Service;
  /** Starts it again after it was stopped. */
  readonly restart: () => Promise<Service>;
};

export type Stack = {
  readonly rpcUrl: string;
  /** The storage node's own doors, which whoever runs it has. Pages and people have the gate. */
  readonly storageUrl: string;
  readonly gatewayUrl: string;
  readonly gate: RunningGate;
  readonly addressesFile: string;
  readonly deployment: Deployment;
  readonly keepers: readonly RunningKeeper[];
  /** Sends what people signed, and pays for it. */
  readonly relay: RunningRelay;
  /** Makes lists quick; a SQLite file. */
  readonly indexer: RunningIndexer;
  /** That file. */
  readonly indexFile: string;
  /** Straight to the node, as whoever runs it. */
  readonly storage: StorageClient;
  /** Through the gate, signed in as an account; reads alone without one. */
  readonly storageOf: (account?: LocalAccount) => Promise<StorageClient>;
  /** The storage node's process, to be ended and started again on what it had. */
  readonly storageNode: { readonly kill: () => Promise<void>; readonly restart: () => Promise<void> };
  readonly network: KeeperNetwork;
  /** A client that signs with an account. */
  readonly clientOf: (account?: Account) => ChartkeyClient;
  readonly close: () => Promise<void>;
};

/**
 * The whole back end on this machine, each part a process of its own: a chain with the contracts
 * deployed, an embedded storage node with a gate before it, and keepers; governance has appointed a manager and an
 * auditor and started the first epoch of keepers.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { ports = {}, onStep = () => {} } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'chartkey-')));
  await mkdir(folder, { recursive: true });
  const services: Pick<Service, 'close'>[] = [];
  const close = async () => {
    for (const service of services.reverse()) await service.close();
    if (!options.folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    onStep('Starting a chain');
    const chain = await startChain(ports.chain ?? (await freePort()));
    services.push(chain);

    onStep('Compiling and deploying the contracts');
    const addressesFile = options.addressesFile ?? join(folder, 'addresses.json');
    const deployment = await deployContracts(chain.rpcUrl, addressesFile);
    const clientOf = (account?: Account) => clientFor(chain.rpcUrl, deployment, account);
    const governor = clientOf(ACTORS.governor);

    onStep('Starting storage');
    const own = `http://127.0.0.1:${ports.storage ?? (await freePort())}`;
    const { rpcUrl: storageUrl, gatewayUrl } = options.storage ?? { rpcUrl: own, gatewayUrl: own };
    const launchStorage = () => startStorageNode(own, folder, options.env);
    let storageService = options.storage === undefined ? await launchStorage() : undefined;
    services.push({ close: async () => storageService?.close() });
    const storage = createStorageClient({ nodes: [{ rpcUrl: storageUrl, gatewayUrl }] });

    onStep('Starting the gate before storage');
    const gate = await startGateNode({
      ...{ rpcUrl: chain.rpcUrl, addressesFile, folder, nodeRpcUrls: [storageUrl] },
      ...{ port: ports.gate, origin: options.origin, env: options.env },
    });
    services.push({ ...gate.service, close: () => gate.service.close() });

    onStep('Starting keepers');
    const count = options.keeperCount ?? 3;
    const keepers: RunningKeeper[] = [];
    for (const [index, account] of sortedOperators(count).entries()) {
      const port = ports.keepers?.[index] ?? (await freePort());
      const keeper = await startKeeperNode({
        ...options,
        port,
        operator: account,
        rpcUrl: chain.rpcUrl,
        addressesFile,
        storage,
      });
      services.push({ ...keeper.service, close: () => keeper.service.close() });
      keepers.push(keeper);
    }

    onStep('Starting a relay');
    const relay = await startRelayNode({
      account: ACTORS.relay,
      rpcUrl: chain.rpcUrl,
      addressesFile,
      folder,
      port: ports.relay,
      env: options.env,
    });
    services.push({ ...relay.service, close: () => relay.service.close() });

    onStep('Starting an index');
    const indexFile = join(folder, 'index.sqlite');
    const indexer = await startIndexerNode({
      rpcUrl: chain.rpcUrl,
      addressesFile,
      database: indexFile,
      port: ports.indexer,
      env: options.env,
    });
    services.push({ ...indexer.service, close: () => indexer.service.close() });

    onStep('Appointing the manager, the auditor and the keepers');
    await appoint(governor, {
      managers: [{ area: LOCAL_AREA, account: ACTORS.manager.address }],
      auditors: [ACTORS.auditor.address],
    });
    await startEpoch(governor, {
      keepers: keepers.map(({ operator, publicKeyHash, endpoint }) => ({
        operator,
        publicKeyHash,
        endpoint,
      })),
      threshold: options.threshold ?? 2,
    });
    const network: KeeperNetwork = { urlOf: ({ endpoint }) => endpoint, timeoutMs: 10_000 };
    return {
      rpcUrl: chain.rpcUrl,
      storageUrl,
      gatewayUrl,
      addressesFile,
      deployment,
      keepers,
      relay,
      gate,
      indexer,
      indexFile,
      storage,
      storageOf: (account) => signedIn(gate, deployment.chainId, account),
      storageNode: {
        kill: async () => storageService?.kill(),
        restart: async () => {
          storageService = await launchStorage();
        },
      },
      network,
      clientOf,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One more embedded node, beside the stack's own. Its folder is `<folder>/storage`. */
export function startStorageNode(
  url: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Service> {
  return startService({
    name: 'storage',
    args: STORAGE_NODE,
    env: { ...env, CHARTKEY_STORAGE_PORT: new URL(url).port, CHARTKEY_STORAGE_DIR: join(folder, 'storage') },
    ready: /storage listening on/,
  });
}

type KeeperStart = {
  readonly port: number;
  readonly operator: Account;
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly storage: StorageClient;
  readonly env?: Readonly<Record<string, string>>;
};

async function startKeeperNode(start: KeeperStart): Promise<RunningKeeper> {
  const seed: Hex = `0x${randomBytes(32).toString('hex')}`;
  const operator = start.operator.address;
  const launch = () =>
    startService({
      name: `keeper ${start.port}`,
      args: [join(ROOT, 'keeper/src/main.ts')],
      env: {
        ...start.env,
        CHARTKEY_KEEPER_PORT: String(start.port),
        CHARTKEY_KEEPER_SEED: seed,
        CHARTKEY_KEEPER_OPERATOR: operator,
        CHARTKEY_KEEPER_RPC_URLS: start.rpcUrl,
        CHARTKEY_KEEPER_ADDRESSES_FILE: start.addressesFile,
      },
      ready: /keeper .* listening on/,
    });
  let service = await launch();
  const publicKeyHash = await publishPublicKey(
    start.storage,
    (await keyPairFromSeed(hexToBytes(seed))).publicKey,
  );
  return {
    operator,
    publicKeyHash,
    endpoint: `http://127.0.0.1:${start.port}`,
    seed,
    get service() {
      return service;
    },
    restart: async () => {
      service = await launch();
      return service;
    },
  };
}

/** The contract wants keepers in ascending order of their operators. */
function sortedOperators(count: number) {
  return ACTORS.keepers
    .slice(0, count)
    .toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
}
