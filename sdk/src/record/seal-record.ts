import type { Address } from 'viem';
import type { ChartkeyClient } from '../contracts/index.ts';
import { toHex } from '../envelope/bytes.ts';
import {
  type ByteSource,
  keeperSetDigest,
  type Metadata,
  type RecordId,
  recordIdOf,
  sealEnvelope,
} from '../envelope/index.ts';
import { KeeperError } from '../errors.ts';
import { type KeeperNetwork, requestAttest, toBase64Url } from '../keeper/index.ts';
import { putBlock, type StorageClient } from '../storage/index.ts';
import { currentKeepers, patientPublicKey } from './keys.ts';
import { createSealSession, type SealSession, storeBody } from './seal-session.ts';

export type SealRecordParameters = {
  readonly storage: StorageClient;
  readonly network: KeeperNetwork;
  /** The patient's id. */
  readonly patient: Address;
  /** Who will index the record: the contract holds the same address as its author. */
  readonly author: Address;
  /** A Blob, or a stream that is read once; only a Blob can go on where an upload failed. */
  readonly source: Blob | ByteSource;
  readonly metadata: Metadata;
  readonly onProgress?: ((progress: SealProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** From `createSealSession`: then a second call goes on where the first one failed. */
  readonly session?: SealSession | undefined;
};

export type SealProgress = {
  readonly stage: 'sealing' | 'storing' | 'attesting';
  /** Content bytes done, of `total`. */
  readonly done: number;
  readonly total: number;
};

export type SealedRecord = {
  readonly recordId: RecordId;
  readonly envelope: Uint8Array;
  /** Ciphertext bytes that lie in storage. */
  readonly bodyLength: number;
  /** How many keepers said that they can open their block. */
  readonly attested: number;
  /** False if the patient has no key yet or nobody could bring it: then the keepers alone open it. */
  readonly sealedToPatient: boolean;
};

/**
 * Encrypts a file, stores it, and has keepers attest that they can open their blocks. Nothing
 * is on the chain yet: that takes `addRecord` or `submitRecord` with the record id. Until then
 * nothing is lost by stopping, and nobody can tell that the bytes belong to anybody.
 *
 * @throws StorageError, KeeperError `KEEPER_ATTEST_FAILED`, ChainError, ChartkeyError `CANCELLED`
 */
export async function sealRecord(
  client: ChartkeyClient,
  parameters: SealRecordParameters,
): Promise<SealedRecord> {
  const session = parameters.session ?? createSealSession();
  try {
    const sealed = await sealWithin(session, client, parameters);
    session.close();
    return sealed;
  } catch (error) {
    // Nobody else has it, so nobody can go on.
    if (!parameters.session) session.close();
    throw error;
  }
}

async function sealWithin(
  session: SealSession,
  client: ChartkeyClient,
  parameters: SealRecordParameters,
): Promise<SealedRecord> {
  const { storage, network, patient, author, source, metadata, onProgress, signal } = parameters;
  const [{ epoch, seats }, publicKey] = await Promise.all([
    currentKeepers(client, { storage, network, signal }),
    patientPublicKey(client, { storage, patient, signal }),
  ]);
  const { chainId, records: recordIndex } = client.deployment;
  const total = metadata.length;
  const { contentKey, binding, floeHeader, stored } = await storeBody(
    session,
    { storage, chainId: BigInt(chainId), recordIndex, patient, author, source, length: total },
    { onProgress: (done) => onProgress?.({ stage: 'sealing', done, total }), signal },
  );
  onProgress?.({ stage: 'storing', done: total, total });
  const envelope = await sealEnvelope({
    contentKey,
    binding,
    epoch: epoch.epoch,
    threshold: epoch.threshold,
    keepers: seats,
    keeperSetDigest: keeperSetDigest(seats),
    bodyDigest: toHex(stored.digest),
    bodyLength: stored.length,
    floeHeader,
    metadata,
    ...(publicKey && { patientPublicKey: publicKey }),
  }).finally(() => contentKey.fill(0));
  await putBlock(storage, envelope, { signal });
  onProgress?.({ stage: 'attesting', done: total, total });
  const needed = Math.min(epoch.threshold + 1, epoch.keepers.length);
  const attested = await attest({ network, keepers: epoch.keepers, envelope, needed, signal });
  return {
    recordId: await recordIdOf(envelope),
    envelope,
    bodyLength: stored.length,
    attested,
    sealedToPatient: publicKey !== undefined,
  };
}

/** @throws KeeperError `KEEPER_ATTEST_FAILED` if fewer than `needed` keepers can open their block. */
export async function attest({
  network,
  keepers,
  envelope,
  needed,
  signal,
}: Pick<SealRecordParameters, 'network' | 'signal'> & {
  readonly keepers: Awaited<ReturnType<typeof currentKeepers>>['epoch']['keepers'];
  readonly envelope: Uint8Array;
  readonly needed: number;
}): Promise<number> {
  const body = { envelope: toBase64Url(envelope) };
  const answers = await Promise.allSettled(
    keepers.map((keeper) => requestAttest({ network, keeper, signal }, body)),
  );
  const attested = answers.filter(({ status }) => status === 'fulfilled').length;
  if (attested >= needed) return attested;
  throw new KeeperError(
    'KEEPER_ATTEST_FAILED',
    `${attested} of ${keepers.length} keepers can open this record; at least ${needed} must.`,
    { retryable: true, advice: 'The file is safe where it is. Try again when the keepers are up.' },
  );
}
