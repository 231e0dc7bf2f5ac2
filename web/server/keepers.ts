import { keeperSetAbi } from '@chartkey/sdk';
import { type Address, createPublicClient, http, isAddressEqual } from 'viem';
import { readConfig, rpcUrl } from './config.ts';

/** Records stay sealed to the keepers of their day, so the newest epochs are searched, not only the last. */
const EPOCHS_SEARCHED = 16;
const CACHE_MS = 10_000;

const cache = new Map<string, { readonly endpoint: string | undefined; readonly at: number }>();

/**
 * The endpoint that KeeperSet on chain names for an operator. Nothing but what governance
 * wrote there is ever asked, so this can't be used to reach any other machine.
 */
export async function endpointOf(operator: Address): Promise<string | undefined> {
  const key = operator.toLowerCase();
  const cached = cache.get(key);
  if (cached && Date.now() - cached.at < CACHE_MS) return cached.endpoint;
  const endpoint = await findEndpoint(operator);
  if (cache.size > 256) cache.clear();
  cache.set(key, { endpoint, at: Date.now() });
  return endpoint;
}

async function findEndpoint(operator: Address): Promise<string | undefined> {
  const config = await readConfig();
  if (!config) return undefined;
  const client = createPublicClient({ transport: http(rpcUrl(), { timeout: 5_000, retryCount: 1 }) });
  const contract = { address: config.deployment.keepers, abi: keeperSetAbi } as const;
  const current = await client.readContract({ ...contract, functionName: 'currentEpoch' });
  for (let epoch = current; epoch > 0 && epoch > current - EPOCHS_SEARCHED; epoch--) {
    const keepers = await client.readContract({ ...contract, functionName: 'keepersOf', args: [epoch] });
    const keeper = keepers.find((k) => isAddressEqual(k.operator, operator));
    if (keeper) return keeper.endpoint.replace(/\/+$/, '');
  }
  return undefined;
}
