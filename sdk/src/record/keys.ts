import type { Address, Hex } from 'viem';
import { type ChartkeyClient, type KeeperEpoch, keeperEpoch, publicKeyHashOf } from '../contracts/index.ts';
import { fromHex, toHex } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import type { KeeperSeat } from '../envelope/index.ts';
import { KeeperError, StorageError } from '../errors.ts';
import { type KeeperNetwork, requestInfo } from '../keeper/index.ts';
import { parseKeyBlock } from '../keyring/index.ts';
import { offerKeyBlock, putBlock, rawCid, readBlock, type StorageClient } from '../storage/index.ts';

type Access = { readonly storage: StorageClient; readonly signal?: AbortSignal | undefined };

/**
 * Stores a key where everybody finds it: as the IPFS block whose digest stands on chain. A
 * keeper's block is its public key; a patient's may carry the sealed key ring behind it.
 */
export async function publishPublicKey(storage: StorageClient, keyBlock: Uint8Array): Promise<Hex> {
  await putBlock(storage, keyBlock);
  return toHex(sha256(keyBlock));
}

/**
 * The same for a patient's own key, through gates too, and without a sign-in there: call it before
 * the patient registers the key, and once more when it stands on the chain.
 *
 * @returns SHA-256 of the block, and whether it is stored: before the chain names it, gates keep it waiting
 * @throws StorageError
 */
export async function publishPatientKey(
  storage: StorageClient,
  { patient, keyBlock }: { readonly patient: Address; readonly keyBlock: Uint8Array },
): Promise<{ readonly publicKeyHash: Hex; readonly stored: boolean }> {
  const publicKeyHash = toHex(sha256(keyBlock));
  if (storage.nodes.some(({ gate }) => gate !== undefined)) {
    return { publicKeyHash, stored: await offerKeyBlock(storage, { patient, keyBlock }) };
  }
  await putBlock(storage, keyBlock);
  return { publicKeyHash, stored: true };
}

/**
 * A patient's public key, checked against the chain; undefined if there is none or nobody has it.
 *
 * @throws StorageError `STORAGE_UNREACHABLE`: whoever might have it does not answer now. Without
 * it a record would be sealed to the keepers alone, for good, for a moment's trouble on the line.
 */
export async function patientPublicKey(
  client: ChartkeyClient,
  { patient, ...access }: Access & { readonly patient: Address },
): Promise<Uint8Array | undefined> {
  const hash = await publicKeyHashOf(client, { patient });
  const block = hash && (await keyFromStorage(access, hash, (error) => error.retryable));
  try {
    return block && parseKeyBlock(block).publicKey;
  } catch {
    // A patient who registered something else than a key has none.
    return undefined;
  }
}

/**
 * The block that a patient registered: public key and sealed key ring.
 *
 * @returns undefined if the patient registered none.
 * @throws StorageError, ChainError
 */
export async function patientKeyBlock(
  client: ChartkeyClient,
  { patient, storage, signal }: Access & { readonly patient: Address },
): Promise<Uint8Array | undefined> {
  const hash = await publicKeyHashOf(client, { patient });
  return hash && (await readBlock(storage, rawCid(fromHex(hash, 32, 'A key hash')), { signal }));
}

/** The current epoch and its keepers' public keys, each checked against the chain. */
export async function currentKeepers(
  client: ChartkeyClient,
  { network, ...access }: Access & { readonly network: KeeperNetwork },
): Promise<{ readonly epoch: KeeperEpoch; readonly seats: readonly KeeperSeat[] }> {
  const epoch = await keeperEpoch(client);
  if (!epoch) throw new KeeperError('KEEPERS_TOO_FEW', 'No keepers have been set up on this chain yet.');
  const seats = await Promise.all(
    epoch.keepers.map(async (keeper) => {
      const stored = await keyFromStorage(access, keeper.publicKeyHash);
      const publicKey = stored ?? (await requestInfo({ network, keeper, signal: access.signal })).publicKey;
      if (toHex(sha256(publicKey)) !== keeper.publicKeyHash) {
        throw new KeeperError('KEEPER_WRONG_ANSWER', 'A keeper shows another key than the chain names.');
      }
      return { id: keeper.operator, publicKey };
    }),
  );
  return { epoch, seats };
}

/** Storage checks the digest; that it lacks the block is no error here. */
async function keyFromStorage(
  { storage, signal }: Access,
  hash: Hex,
  matters: (error: StorageError) => boolean = () => false,
): Promise<Uint8Array | undefined> {
  try {
    return await readBlock(storage, rawCid(fromHex(hash, 32, 'A key hash')), { signal });
  } catch (error) {
    if (error instanceof StorageError && matters(error)) throw error;
    return undefined;
  }
}
