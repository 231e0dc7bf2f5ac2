import { readFile } from 'node:fs/promises';
import { createChartkeyClient, parseDeployment, patientOf, providerOf } from '@chartkey/sdk';
import { type Address, createPublicClient, type Hex, http } from 'viem';
import { NodeError } from '../errors.ts';
import type { GateConfig } from './config.ts';

/** What the gate asks the chain. */
export type Registry = {
  readonly chainId: number;
  /** Registered patients, and providers that are verified, not suspended and not expired. */
  mayUpload(account: Address): Promise<boolean>;
  /** Of an account of any kind, smart-contract wallets (ERC-1271) included. */
  isSignedBy(message: string, signature: Hex): Promise<boolean>;
};

const TIMEOUT_MS = 10_000;

/** @throws Error with one line when the addresses can't be read */
export async function openRegistry({ rpcUrl, addressesFile }: GateConfig): Promise<Registry> {
  const deployment = parseDeployment(JSON.parse(await readFile(addressesFile, 'utf8')));
  const transport = http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 1 });
  const publicClient = createPublicClient({ transport, cacheTime: 0 });
  const client = createChartkeyClient({ publicClient, deployment });
  return {
    chainId: deployment.chainId,
    mayUpload: (account) =>
      orUnavailable(async () => {
        if ((await patientOf(client, { wallet: account })) !== undefined) return true;
        const { status, expiresAt } = await providerOf(client, { provider: account });
        return status === 'Verified' && expiresAt > Date.now() / 1_000;
      }),
    isSignedBy: (message, signature) =>
      orUnavailable(() => publicClient.verifySiweMessage({ message, signature })),
  };
}

/** A chain that does not answer lets nobody in. */
async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new NodeError('unavailable', 'the registry on the chain can not be asked now', { cause });
  }
}
