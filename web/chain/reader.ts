import { type ChartkeyClient, createChartkeyClient } from '@chartkey/sdk';
import { type Chain, createPublicClient, defineChain, http, type PublicClient } from 'viem';
import type { AppConfig } from '../server/config.ts';

export const RPC_PATH = '/api/rpc';
export const RELAY_PATH = '/relay';

/** So many questions go in one request; the server takes no more. */
export const RPC_BATCH = 100;

/** As a wallet has to know it. The page itself asks `/api/rpc` only. */
export function chainOf(config: AppConfig): Chain {
  return defineChain({
    id: config.deployment.chainId,
    name: config.chainName,
    nativeCurrency: { name: config.currency, symbol: config.currency, decimals: 18 },
    rpcUrls: { default: { http: [config.walletRpcUrl] } },
  });
}

/** Reads the chain; signs nothing. Works in a page and in its worker. */
export function readerOf(config: AppConfig): ChartkeyClient {
  const publicClient: PublicClient = createPublicClient({
    chain: chainOf(config),
    transport: http(`${globalThis.location?.origin ?? 'http://localhost'}${RPC_PATH}`, {
      batch: { batchSize: RPC_BATCH },
    }),
    // A local chain mines at once; nobody should wait four seconds for nothing.
    pollingInterval: 1_000,
  });
  return createChartkeyClient({ publicClient, deployment: config.deployment });
}
