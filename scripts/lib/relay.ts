import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Relay } from '@chartkey/sdk';
import { bytesToHex, type HDAccount, type Hex } from 'viem';
import { freePort, ROOT, type Service, startService } from './process.ts';

export type RelayStart = {
  /** Sends, and pays; or the private key of one that has nothing to pay with. */
  readonly account: HDAccount | Hex;
  readonly rpcUrl: string;
  readonly addressesFile: string;
  /** Where its queue lies. */
  readonly folder: string;
  readonly port?: number | undefined;
  /** Further settings of the process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
};

export type RunningRelay = Relay & {
  readonly service: Service;
  /** Its settings, for an operator's commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts it again after it was stopped, with the same queue. */
  readonly restart: () => Promise<Service>;
};

/** A relay of its own process. */
export async function startRelayNode(start: RelayStart): Promise<RunningRelay> {
  const port = start.port ?? (await freePort());
  const env = {
    // A chain of one's own answers at once.
    CHARTKEY_RELAY_POLL_MS: '100',
    ...start.env,
    CHARTKEY_RELAY_PORT: String(port),
    CHARTKEY_RELAY_KEY: keyOf(start.account),
    CHARTKEY_RELAY_RPC_URL: start.rpcUrl,
    CHARTKEY_RELAY_ADDRESSES_FILE: start.addressesFile,
    CHARTKEY_RELAY_DATABASE_FILE: join(start.folder, `relay-${randomBytes(4).toString('hex')}.sqlite`),
  };
  const launch = () =>
    startService({
      name: `relay ${port}`,
      args: [join(ROOT, 'relay/src/main.ts')],
      env,
      ready: /relay .* listening on/,
    });
  let service = await launch();
  return {
    url: `http://127.0.0.1:${port}`,
    env,
    get service() {
      return service;
    },
    restart: async () => {
      service = await launch();
      return service;
    },
  };
}

function keyOf(account: HDAccount | Hex): Hex {
  if (typeof account === 'string') return account;
  const { privateKey } = account.getHdKey();
  if (!privateKey) throw new Error('A relay needs an account with a key.');
  return bytesToHex(privateKey);
}
