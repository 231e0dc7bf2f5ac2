import type { Address, Hex } from 'viem';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { keeperSetAbi as abi } from './generated/index.ts';

export type Keeper = {
  /** The keeper's id. */
  readonly operator: Address;
  readonly publicKeyHash: Hex;
  /** Base URL of its service. */
  readonly endpoint: string;
};

export type KeeperEpoch = {
  readonly epoch: number;
  readonly digest: Hex;
  /** k: how many shares open a record. */
  readonly threshold: number;
  readonly keepers: readonly Keeper[];
};

/** Governance: starts the next epoch. Keepers in ascending order of operator. */
export function startEpoch(
  client: ChartkeyClient,
  { keepers, threshold }: { readonly keepers: readonly Keeper[]; readonly threshold: number },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'startEpoch', args: [[...keepers], threshold] });
}

/** An epoch, by default the current one; undefined if there is none yet. */
export async function keeperEpoch(
  client: ChartkeyClient,
  parameters: { readonly epoch?: number } = {},
): Promise<KeeperEpoch | undefined> {
  const { publicClient } = client;
  return read(async () => {
    const epoch =
      parameters.epoch ?? (await publicClient.readContract({ ...at(client), functionName: 'currentEpoch' }));
    if (epoch === 0) return undefined;
    const [[digest, threshold], keepers] = await Promise.all([
      publicClient.readContract({ ...at(client), functionName: 'epochOf', args: [epoch] }),
      publicClient.readContract({ ...at(client), functionName: 'keepersOf', args: [epoch] }),
    ]);
    return { epoch, digest, threshold, keepers };
  });
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.keepers, abi } as const;
}
