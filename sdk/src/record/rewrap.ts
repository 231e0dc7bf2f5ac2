import type { Hex } from 'viem';
import { type ChartkeyClient, recordOf } from '../contracts/index.ts';
import { toHex } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { keeperSetDigest, type RecordId } from '../envelope/index.ts';
import { ChainError } from '../errors.ts';
import type { KeeperNetwork } from '../keeper/index.ts';
import { putBlock, type StorageClient } from '../storage/index.ts';
import { currentKeepers } from './keys.ts';
import { type OpenedRecord, readEnvelope } from './opened-record.ts';
import { attest } from './seal-record.ts';

type Access = { readonly storage: StorageClient; readonly signal?: AbortSignal | undefined };

/**
 * Stores a new envelope around a record that is open: sealed to this public key and to today's
 * keepers, who attest it. Nothing changed yet: that takes `rewrapRecord` with the digest.
 *
 * @returns SHA-256 of the new envelope.
 * @throws StorageError, KeeperError, ChainError
 */
export async function sealRewrapped(
  client: ChartkeyClient,
  {
    opened,
    patientPublicKey,
    network,
    storage,
    signal,
  }: Access & {
    readonly opened: OpenedRecord;
    readonly patientPublicKey: Uint8Array;
    readonly network: KeeperNetwork;
  },
): Promise<Hex> {
  const { epoch, seats } = await currentKeepers(client, { storage, network, signal });
  const envelope = await opened.rewrap({
    epoch: epoch.epoch,
    threshold: epoch.threshold,
    keepers: seats,
    keeperSetDigest: keeperSetDigest(seats),
    patientPublicKey,
  });
  await putBlock(storage, envelope, { signal });
  const { keepers, threshold } = epoch;
  await attest({ network, keepers, envelope, needed: Math.min(threshold + 1, keepers.length), signal });
  return toHex(sha256(envelope));
}

/**
 * SHA-256 of the patient's public key that a record is sealed to; undefined if to none.
 *
 * @throws ChainError `RECORD_UNKNOWN`, StorageError, EnvelopeError, IntegrityError
 */
export async function recipientOf(
  client: ChartkeyClient,
  { recordId, ...access }: Access & { readonly recordId: RecordId },
): Promise<Hex | undefined> {
  const record = await recordOf(client, { recordId });
  if (!record) throw new ChainError('RECORD_UNKNOWN', 'No such record is known.');
  const { patientBlock } = await readEnvelope(client, record, access);
  return patientBlock && toHex(patientBlock.recipient);
}
