import type {
  Account,
  Address,
  Chain,
  Hex,
  LocalAccount,
  PublicClient,
  TransactionReceipt,
  Transport,
  WalletClient,
} from 'viem';
import { ChainError } from '../errors.ts';
import type { Relay } from '../relay/index.ts';
import type { Deployment } from './deployment.ts';

export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

/** A working session that was started: its key signs openings instead of the wallet. */
export type Session = {
  readonly person: Address;
  /** Lives in memory alone. */
  readonly key: LocalAccount;
  /** Unix seconds. */
  readonly expiresAt: number;
};

/** What every action takes first: a chain to read, a wallet to sign with, and where the contracts stand. */
export type ChartkeyClient = {
  readonly publicClient: PublicClient;
  readonly walletClient?: Wallet | undefined;
  readonly deployment: Deployment;
  /** With one, the wallet signs, and the relay sends and pays. */
  readonly relay?: Relay | undefined;
  /** With one, openings through the relay are signed by its key, without the wallet. */
  readonly session?: Session | undefined;
};

/** A call that stands on the chain and did not revert. A relayed one has its own logs alone, of its transaction. */
export type Sent = { readonly hash: Hex; readonly receipt: TransactionReceipt };

export function createChartkeyClient(client: ChartkeyClient): ChartkeyClient {
  return client;
}

/** The address that signs. @throws ChainError `WALLET_MISSING` */
export function accountOf(client: ChartkeyClient): Address {
  return walletOf(client).account.address;
}

/** @throws ChainError `WALLET_MISSING` */
export function walletOf(client: ChartkeyClient): Wallet {
  if (client.walletClient) return client.walletClient;
  throw new ChainError('WALLET_MISSING', 'This needs a wallet that signs.', {
    advice: 'Connect a wallet first.',
  });
}

/** @throws ChainError `CHAIN_WRONG` */
export async function requireChain(client: ChartkeyClient, wallet: Wallet): Promise<void> {
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
