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
import { ChainError, type RelayError } from '../errors.ts';
import type { Relay } from '../relay/index.ts';
import type { Deployment } from './deployment.ts';

export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

/** Signs openings during a session. Lives in memory alone, if need be in another thread's. */
export type SessionKey = Pick<LocalAccount, 'address' | 'signTypedData'>;

/** A working session that was started: its key signs openings instead of the wallet. */
export type Session = {
  readonly person: Address;
  readonly key: SessionKey;
  /** Unix seconds. */
  readonly expiresAt: number;
};

/** `again`: the same request to the relay; `self`: the same request from the person's own wallet, which pays. */
export type RelayChoice = 'again' | 'self' | 'stop';

/** For pages, which ask a wallet nothing without a click. */
export type AroundRelay = {
  /** The relay does not answer, or refuses what was signed: what now? */
  readonly ask: (error: RelayError) => Promise<RelayChoice>;
  /** What was said meanwhile about a relay that has the request and takes long; undefined: go on waiting. */
  readonly said: () => 'self' | 'stop' | undefined;
};

/** What every action takes first: a chain to read, a wallet to sign with, and where the contracts stand. */
export type ChartkeyClient = {
  readonly publicClient: PublicClient;
  readonly walletClient?: Wallet | undefined;
  readonly deployment: Deployment;
  /** With one, the wallet signs, and the relay sends and pays. */
  readonly relay?: Relay | undefined;
  /** With it somebody is asked about a relay that fails or is slow; without it the wallet sends if it can pay. */
  readonly aroundRelay?: AroundRelay | undefined;
  /**
   * The patient in whose name a personal representative acts: what patients do about consents,
   * records, their key and emergencies is done for that patient, and marked. Openings stay the
   * representative's own, and are marked too.
   */
  readonly representing?: Address | undefined;
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
