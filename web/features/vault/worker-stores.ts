import {
  createStorageClient,
  handInSignature,
  IntegrityError,
  type KeyPair,
  type SignInMessage,
  type StorageClient,
  signedInUntil,
  signInMessages,
  signInWithKey,
  signOut,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import type { SignedIn } from './types.ts';

/** A session that ends sooner is not begun an upload with. */
const MIN_LEFT_MS = 60_000;

/** Clients of the gate: one that reads, and one for each author, whose session is in its memory alone. */
export type Stores = {
  readonly reading: StorageClient;
  /** Always the same one for an author, so that an upload that was cut goes on. */
  readonly of: (author: Address) => StorageClient;
  /**
   * Signs in by the patient's own key, if one is unlocked and the author's; else says what the wallet
   * has to sign. Nothing while a session lasts.
   */
  readonly signIn: (
    author: Address,
    wallet: Address,
    keyPair: KeyPair | undefined,
  ) => Promise<SignInMessage[]>;
  readonly handIn: (author: Address, signed: SignedIn) => Promise<void>;
  readonly signOut: () => Promise<void>;
};

export function createStores(chainId: number): Stores {
  const clients = new Map<string, StorageClient>();
  const create = () => createStorageClient({ nodes: [{ gateUrl: '/storage' }] });
  const of = (author: Address) => {
    const client = clients.get(author.toLowerCase()) ?? create();
    clients.set(author.toLowerCase(), client);
    return client;
  };
  return {
    reading: create(),
    of,
    async signIn(author, wallet, keyPair) {
      const client = of(author);
      if ((signedInUntil(client) ?? 0) > Date.now() + MIN_LEFT_MS) return [];
      if (keyPair !== undefined && (await byKey(client, { patient: author, chainId, keyPair }))) return [];
      return signInMessages(client, { address: wallet, chainId });
    },
    handIn: (author, signed) => handInSignature(of(author), signed),
    async signOut() {
      await Promise.all([...clients.values()].map(signOut));
    },
  };
}

async function byKey(
  client: StorageClient,
  proof: { readonly patient: Address; readonly chainId: number; readonly keyPair: KeyPair },
): Promise<boolean> {
  try {
    return await signInWithKey(client, proof);
  } catch (error) {
    // The key of another chart, or one that the chain names no longer: then the wallet has to say it.
    if (error instanceof IntegrityError) return false;
    throw error;
  }
}
