import { join } from 'node:path';
import { createStorageClient, type StorageClient, signInWithWallet } from '@chartkey/sdk';
import type { LocalAccount } from 'viem';
import { freePort, ROOT, type Service, startService } from './process.ts';

/** Where programs sign in that have no page. */
const NO_PAGE = 'http://localhost:3000';

export type RunningGate = {
  readonly url: string;
  /** Of the pages that people sign in on. */
  readonly origin: string;
  readonly service: Service;
  /** Starts it again after it was stopped. */
  readonly restart: () => Promise<void>;
};

export type GateStart = {
  /** A free one if left out. */
  readonly port?: number | undefined;
  readonly origin?: string | undefined;
  readonly rpcUrl: string;
  readonly addressesFile: string;
  /** What it keeps lies in `<folder>/gate`. */
  readonly folder: string;
  readonly nodeRpcUrls: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
};

/** A gate as a process of its own, before nodes that run already. */
export async function startGateNode(start: GateStart): Promise<RunningGate> {
  const port = start.port ?? (await freePort());
  const origin = start.origin ?? NO_PAGE;
  const launch = () =>
    startService({
      name: 'gate',
      args: [join(ROOT, 'storage/src/gate/main.ts')],
      env: {
        CHARTKEY_GATE_PORT: String(port),
        CHARTKEY_GATE_DIR: join(start.folder, 'gate'),
        CHARTKEY_GATE_ORIGIN: origin,
        CHARTKEY_GATE_RPC_URL: start.rpcUrl,
        CHARTKEY_GATE_ADDRESSES_FILE: start.addressesFile,
        CHARTKEY_GATE_NODE_RPC_URLS: start.nodeRpcUrls.join(),
        // One address for everybody on this machine.
        CHARTKEY_GATE_SIGN_INS_PER_MINUTE: '6000',
        ...start.env,
      },
      ready: /gate listening on/,
    });
  let service = await launch();
  return {
    url: `http://127.0.0.1:${port}`,
    origin,
    get service() {
      return service;
    },
    restart: async () => {
      service = await launch();
    },
  };
}

/** A client of the gate alone, signed in by an account that must be registered; without one it reads. */
export async function signedIn(
  { url, origin }: Pick<RunningGate, 'url' | 'origin'>,
  chainId: number,
  account?: LocalAccount,
): Promise<StorageClient> {
  const storage = createStorageClient({ nodes: [{ gateUrl: url }] });
  if (account === undefined) return storage;
  const signMessage = (message: string) => account.signMessage({ message });
  await signInWithWallet(storage, { address: account.address, chainId, origin, signMessage });
  return storage;
}
