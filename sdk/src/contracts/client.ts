import type {
  Abi,
  Account,
  Address,
  Chain,
  ContractFunctionArgs,
  ContractFunctionName,
  Hex,
  PublicClient,
  TransactionReceipt,
  Transport,
  WalletClient,
} from 'viem';
import { ChainError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import { toChainError } from './revert.ts';

export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

/** What every action takes first: a chain to read, a wallet to sign with, and where the contracts stand. */
export type ChartkeyClient = {
  readonly publicClient: PublicClient;
  readonly walletClient?: Wallet | undefined;
  readonly deployment: Deployment;
};

/** A transaction that stands on the chain and did not revert. */
export type Sent = { readonly hash: Hex; readonly receipt: TransactionReceipt };

export function createChartkeyClient(client: ChartkeyClient): ChartkeyClient {
  return client;
}

/** The address that signs. @throws ChainError `WALLET_MISSING` */
export function accountOf(client: ChartkeyClient): Address {
  return walletOf(client).account.address;
}

type Call<abi extends Abi, name extends ContractFunctionName<abi>, args> = {
  readonly address: Address;
  readonly abi: abi;
  readonly functionName: name;
  readonly args: args;
};

/**
 * Simulates, sends, and waits until the call stands in a block: a call that would revert costs
 * nothing and never reaches the wallet.
 *
 * @throws ChainError `CONTRACT_REFUSED`, `WALLET_REJECTED`, `WALLET_MISSING`, `CHAIN_WRONG`,
 * `CHAIN_UNREACHABLE`.
 */
export async function send<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable' | 'payable'>,
  const args extends ContractFunctionArgs<abi, 'nonpayable' | 'payable', name>,
>(client: ChartkeyClient, call: Call<abi, name, args>): Promise<Sent> {
  const wallet = walletOf(client);
  try {
    await requireChain(client, wallet);
    const untyped = call as unknown as Call<Abi, string, readonly unknown[]>;
    const gas = await client.publicClient.estimateContractGas({ ...untyped, account: wallet.account });
    const hash = await wallet.writeContract({
      ...untyped,
      account: wallet.account,
      chain: wallet.chain ?? null,
      // Another transaction may land first and turn an update into a new slot.
      gas: (gas * 12n) / 10n + 25_000n,
    });
    const receipt = await client.publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') {
      throw new ChainError(
        'CONTRACT_REFUSED',
        'The contracts refused this, because something changed in the meantime.',
      );
    }
    return { hash, receipt };
  } catch (error) {
    throw toChainError(error);
  }
}

/** Reads at the latest block, or at `blockNumber`. @throws ChainError */
export async function read<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw toChainError(error);
  }
}

async function requireChain(client: ChartkeyClient, wallet: Wallet): Promise<void> {
  const actual = await wallet.getChainId();
  if (actual === client.deployment.chainId) return;
  throw new ChainError(
    'CHAIN_WRONG',
    `The wallet is on network ${actual}; this needs network ${client.deployment.chainId}.`,
    {
      retryable: true,
      advice: 'Switch the network in your wallet, then try again. Nothing was sent.',
    },
  );
}

function walletOf(client: ChartkeyClient): Wallet {
  if (client.walletClient) return client.walletClient;
  throw new ChainError('WALLET_MISSING', 'This needs a wallet that signs.', {
    advice: 'Connect a wallet first.',
  });
}
