import {
  type ChartkeyClient,
  ChartkeyError,
  createChartkeyClient,
  createStorageClient,
  parseDeployment,
  type StorageClient,
} from '@chartkey/sdk';
import { createPublicClient, createWalletClient, defineChain, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Given, Option } from './command.ts';
import { readJson, readSecret } from './files.ts';

/** How a command reaches the chain. */
export const CHAIN_OPTIONS = {
  addresses: {
    value: 'FILE',
    says: 'where the contracts stand: deploy/addresses/<chainId>.json',
    needed: true,
  },
  'rpc-url': { value: 'URL', says: 'the chain (default: http://127.0.0.1:8545)' },
} as const satisfies Record<string, Option>;

/** How it signs, where it does. */
export const WALLET_OPTIONS = {
  'wallet-key-file': {
    value: 'FILE',
    says: 'the private key that signs, 0x and 64 hex digits, mode 0600; or CHARTKEY_WALLET_KEY',
  },
} as const satisfies Record<string, Option>;

export const STORAGE_OPTIONS = {
  'storage-url': { value: 'URL', says: 'a storage node' },
} as const satisfies Record<string, Option>;

/** @throws ChartkeyError */
export async function clientFor(given: Given): Promise<ChartkeyClient> {
  const deployment = parseDeployment(await readJson(given.needed('addresses'), 'addresses'));
  const rpcUrl = given.text('rpc-url') ?? 'http://127.0.0.1:8545';
  const chain = defineChain({
    id: deployment.chainId,
    name: 'Chartkey',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const options = { chain, transport: http(rpcUrl), pollingInterval: 500 };
  const key = await walletKey(given);
  const publicClient = createPublicClient({ ...options, cacheTime: 0 });
  if (!key) return createChartkeyClient({ publicClient, deployment });
  const walletClient = createWalletClient({ ...options, account: privateKeyToAccount(key) });
  return createChartkeyClient({ publicClient, walletClient, deployment });
}

export function storageFor(given: Given): StorageClient | undefined {
  const url = given.text('storage-url');
  return url === undefined ? undefined : createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
}

async function walletKey(given: Given): Promise<Hex | undefined> {
  const file = given.text('wallet-key-file');
  const key = file ? await readSecret(file, 'wallet-key-file') : process.env['CHARTKEY_WALLET_KEY'];
  if (!key) return undefined;
  if (/^0x[0-9a-fA-F]{64}$/.test(key)) return key as Hex;
  throw new ChartkeyError('INPUT_INVALID', 'The wallet’s key must be 0x and 64 hex digits.');
}
