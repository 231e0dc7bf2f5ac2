import {
  ChainError,
  type ChartkeyClient,
  describeDecision,
  type IndexedRecord,
  type OpenedRecord,
  openOwnRecord,
  openThroughKeepers,
  patientOf,
  type RecordId,
  recordOf,
  type StorageClient,
} from '@chartkey/sdk';
import { NETWORK, ownAddress, ownKeys, readerFor, signerFor, storageFor } from '../access.ts';
import { type Given, type Option, UsageError } from '../command.ts';
import { PURPOSE_CODES, purposeFrom } from '../inputs.ts';
import { CHAIN_OPTIONS, RECOVERY_OPTIONS, STORAGE_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const OPENING_OPTIONS = {
  purpose: {
    value: 'PURPOSE',
    says: `why: ${PURPOSE_CODES.join(', ')}; patients may leave it out`,
    choices: PURPOSE_CODES,
  },
  ...CHAIN_OPTIONS,
  ...STORAGE_OPTIONS,
  ...WALLET_OPTIONS,
  ...RECOVERY_OPTIONS,
} as const satisfies Record<string, Option>;

/**
 * Opens one record: a patient's own with the code of their recovery kit, where the settings name
 * one, which leaves no entry; every other through the keepers, after an entry on the patient's log.
 *
 * @throws ChainError `OPENING_REFUSED` with the decision's name in front, `RECORD_UNKNOWN`;
 * KeeperError, StorageError, IntegrityError
 */
export async function openOne(given: Given, recordId: RecordId): Promise<OpenedRecord> {
  const [reader, storage] = [await readerFor(given), await storageFor(given)];
  const record = await recordOf(reader, { recordId });
  if (!record) {
    throw new ChainError('RECORD_UNKNOWN', 'No such record is on the chain.', {
      advice: 'chartkey record list shows those of a patient.',
    });
  }
  const isOwn = await isPatientOf(given, reader, record);
  const own = isOwn ? await openWithCode(given, { client: reader, storage, record }) : undefined;
  return own ?? openAsAccessor(given, { storage, recordId, isOwn });
}

async function isPatientOf(
  given: Given,
  client: ChartkeyClient,
  { patient }: IndexedRecord,
): Promise<boolean> {
  const wallet = await ownAddress(given);
  return wallet !== undefined && (await patientOf(client, { wallet })) === patient;
}

type Owned = {
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly record: IndexedRecord;
};

async function openWithCode(
  given: Given,
  { client, storage, record }: Owned,
): Promise<OpenedRecord | undefined> {
  const { patient, recordId } = record;
  const keyPairs = await ownKeys(given, { client, storage, patient });
  return keyPairs && openOwnRecord(client, { recordId, keyPairs, storage });
}

type Wanted = { readonly storage: StorageClient; readonly recordId: RecordId; readonly isOwn: boolean };

async function openAsAccessor(given: Given, { storage, recordId, isOwn }: Wanted): Promise<OpenedRecord> {
  const asked = given.text('purpose') ?? (isOwn ? 'PATRQT' : undefined);
  if (asked === undefined) throw new UsageError('--purpose must be given: it goes on the patient’s log');
  const { outcomes } = await openThroughKeepers(await signerFor(given), {
    ...{ storage, network: NETWORK, recordIds: [recordId] },
    purpose: purposeFrom(asked, '--purpose'),
  });
  const [outcome] = outcomes;
  if (outcome?.status === 'opened') return outcome.record;
  if (outcome?.status === 'failed') throw outcome.error;
  const decision = outcome?.decision ?? 'RecordUnknown';
  throw new ChainError('OPENING_REFUSED', `${decision}: ${describeDecision(decision)}`, {
    advice: 'Ask the patient for access. This attempt stands on their log.',
  });
}
