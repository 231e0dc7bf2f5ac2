import { type ChartkeyClient, type IndexedRecord, recordOf } from '../contracts/index.ts';
import { type KeyPair, openPatientBlock, type RecordId } from '../envelope/index.ts';
import { ChainError } from '../errors.ts';
import type { StorageClient } from '../storage/index.ts';
import { type OpenedRecord, openedRecord, readEnvelope } from './opened-record.ts';

/**
 * Opens a patient's own record with one of their own keys: no keeper, no transaction, no entry.
 *
 * @returns undefined if the record is sealed to none of these keys; then the keepers can open it.
 * @throws ChainError `RECORD_UNKNOWN`, StorageError, EnvelopeError, IntegrityError
 */
export async function openOwnRecord(
  client: ChartkeyClient,
  {
    recordId,
    keyPairs,
    storage,
    signal,
    known,
  }: {
    readonly recordId: RecordId;
    /** The newest first: a record is sealed to the key that its patient had then. */
    readonly keyPairs: readonly KeyPair[];
    readonly storage: StorageClient;
    readonly signal?: AbortSignal | undefined;
    /** What the chain says of it, for whoever asked already. */
    readonly known?: IndexedRecord | undefined;
  },
): Promise<OpenedRecord | undefined> {
  const record = known ?? (await recordOf(client, { recordId }));
  if (!record) throw new ChainError('RECORD_UNKNOWN', 'No such record is known.');
  const envelope = await readEnvelope(client, record, { storage, signal });
  for (const keyPair of keyPairs) {
    const contentKey = await openPatientBlock(envelope, keyPair);
    if (contentKey) return openedRecord(recordId, { envelope, contentKey, storage });
  }
  return undefined;
}
