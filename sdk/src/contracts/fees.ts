import type { Address, PublicClient } from 'viem';
import { type ChartkeyClient, walletOf } from './wallet.ts';

/** What to offer for a unit of gas; empty where the wallet decides. */
export type Fees = { readonly maxFeePerGas?: bigint; readonly maxPriorityFeePerGas?: bigint };

const NOTHING: Fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };

/**
 * What the wallet pays with. On a network without fees a wallet without ether offers nothing, and
 * says so itself: left alone, wallets suggest a tip, and then miss the ether for it.
 *
 * @returns undefined if it has no ether and needs some
 */
export function feesFor(client: ChartkeyClient): Promise<Fees | undefined> {
  return feesOf(client, walletOf(client).account.address);
}

/** Whether an account has ether, or needs none here. Rejects with what the node said. */
export async function canPay(
  client: ChartkeyClient,
  { payer }: { readonly payer: Address },
): Promise<boolean> {
  return (await feesOf(client, payer)) !== undefined;
}

async function feesOf({ publicClient }: ChartkeyClient, payer: Address): Promise<Fees | undefined> {
  const [balance, free] = await Promise.all([
    publicClient.getBalance({ address: payer }),
    isFree(publicClient),
  ]);
  if (balance > 0n) return {};
  return free ? NOTHING : undefined;
}

/** A base fee of zero stays zero only where the network's rules say so. */
async function isFree(publicClient: PublicClient): Promise<boolean> {
  const { baseFeePerGas } = await publicClient.getBlock({ blockTag: 'latest' });
  return baseFeePerGas === 0n;
}
