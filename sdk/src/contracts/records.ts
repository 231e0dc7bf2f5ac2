import type { Address, Hex } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { recordIndexAbi as abi } from './generated/index.ts';
import { RECORD_STATUSES, type RecordStatus, wordAt } from './vocabulary.ts';

export type IndexedRecord = {
  readonly recordId: RecordId;
  readonly patient: Address;
  readonly author: Address;
  readonly compartment: number;
  readonly status: RecordStatus;
  readonly superseded: boolean;
  /** SHA-256 of the current envelope. */
  readonly envelopeDigest: Hex;
};

type One = { readonly recordId: RecordId };

/** Adds a record that counts at once: the patient, or a provider whose consent says `mayWrite`. */
export function addRecord(
  client: ChartkeyClient,
  { recordId, patient, compartment }: One & { readonly patient: Address; readonly compartment: number },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'addRecord', args: [recordId, patient, compartment] });
}

/** Adds several records of one patient, all or none: at most 100. */
export function addRecords(
  client: ChartkeyClient,
  {
    patient,
    records,
  }: {
    readonly patient: Address;
    readonly records: readonly { readonly recordId: RecordId; readonly compartment: number }[];
  },
): Promise<Sent> {
  const args = [
    records.map(({ recordId }) => recordId),
    patient,
    records.map(({ compartment }) => compartment),
  ] as const;
  return send(client, { ...at(client), functionName: 'addRecords', args });
}

/** Verified provider: submits a record that the patient has yet to accept. */
export function submitRecord(
  client: ChartkeyClient,
  { recordId, patient }: One & { readonly patient: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'submitRecord', args: [recordId, patient] });
}

/** Patient: accepts a submitted record into a compartment. */
export function acceptRecord(
  client: ChartkeyClient,
  { recordId, compartment }: One & { readonly compartment: number },
): Promise<Sent> {
  return acceptRecords(client, { records: [{ recordId, compartment }] });
}

/** Patient: accepts several submitted records, all or none: at most 100. */
export function acceptRecords(
  client: ChartkeyClient,
  { records }: { readonly records: readonly { readonly recordId: RecordId; readonly compartment: number }[] },
): Promise<Sent> {
  const args = [
    records.map(({ recordId }) => recordId),
    records.map(({ compartment }) => compartment),
  ] as const;
  return send(client, { ...at(client), functionName: 'acceptRecords', args });
}

/** Patient: rejects a submitted record for good. */
export function rejectRecord(client: ChartkeyClient, { recordId }: One): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'rejectRecord', args: [recordId] });
}

/** Patient or author: says that `recordId` is the newer version of `previous`. */
export function supersedeRecord(
  client: ChartkeyClient,
  { recordId, previous }: One & { readonly previous: RecordId },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'supersedeRecord', args: [recordId, previous] });
}

/** Patient: puts another envelope around the same body. */
export function rewrapRecord(
  client: ChartkeyClient,
  { recordId, envelopeDigest }: One & { readonly envelopeDigest: Hex },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'rewrapRecord', args: [recordId, envelopeDigest] });
}

/** Patient: puts a record into another compartment; consents follow at once. */
export function moveRecord(
  client: ChartkeyClient,
  { recordId, compartment }: One & { readonly compartment: number },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'moveRecord', args: [recordId, compartment] });
}

/** The versions next to a record; undefined where there is none. */
export async function versionsOf(
  client: ChartkeyClient,
  { recordId }: One,
): Promise<{ readonly previous: RecordId | undefined; readonly next: RecordId | undefined }> {
  const [previous, next] = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'versionsOf', args: [recordId] }),
  );
  const known = (id: Hex) => (BigInt(id) === 0n ? undefined : (id as RecordId));
  return { previous: known(previous), next: known(next) };
}

/** Patient: ends a record for good. */
export function retireRecord(client: ChartkeyClient, { recordId }: One): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'retireRecord', args: [recordId] });
}

/** A record as it stands; undefined for none. */
export async function recordOf(
  client: ChartkeyClient,
  { recordId }: One,
): Promise<IndexedRecord | undefined> {
  const { publicClient } = client;
  const ask = { ...at(client), args: [recordId] } as const;
  const [found, author, envelopeDigest] = await read(() =>
    Promise.all([
      publicClient.readContract({ ...ask, functionName: 'recordOf' }),
      publicClient.readContract({ ...ask, functionName: 'authorOf' }),
      publicClient.readContract({ ...ask, functionName: 'envelopeOf' }),
    ]),
  );
  const status = wordAt(RECORD_STATUSES, found.status);
  if (status === 'None') return undefined;
  return {
    recordId,
    patient: found.patient,
    author,
    compartment: found.compartment,
    status,
    superseded: found.superseded,
    envelopeDigest,
  };
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.records, abi } as const;
}
