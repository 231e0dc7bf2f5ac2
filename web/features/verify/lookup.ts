import {
  type Activity,
  type ChartkeyClient,
  createStorageClient,
  envelopeCid,
  historyOf,
  type IndexedRecord,
  type Provider,
  patientAddressOf,
  providerOf,
  type RecordId,
  readBlock,
  recordOf,
  toChainError,
  versionsOf,
} from '@chartkey/sdk';
import { type Address, type Hex, hexToBytes } from 'viem';

/** All that a stranger can learn about a record. */
export type RecordFacts = {
  readonly record: IndexedRecord;
  /** `<area, pid>` of whose record it is. */
  readonly patient: { readonly area: number; readonly pid: Hex } | undefined;
  /** Undefined if the patient wrote it, or somebody who is no provider. */
  readonly author: Provider | undefined;
  readonly history: readonly { readonly event: Activity; readonly at: number }[];
  readonly version: {
    readonly number: number;
    readonly newer: RecordId | undefined;
    readonly older: RecordId | undefined;
  };
};

/** Longest chain of versions that is counted. */
const MAX_VERSIONS = 100;

/** @returns undefined if the index has no such record. @throws ChainError */
export async function lookUp(client: ChartkeyClient, recordId: RecordId): Promise<RecordFacts | undefined> {
  const record = await recordOf(client, { recordId });
  if (!record) return undefined;
  try {
    const [patient, author, history, version] = await Promise.all([
      patientAddressOf(client, { patient: record.patient }),
      authorOf(client, record),
      timedHistory(client, recordId),
      versionOf(client, recordId),
    ]);
    return { record, patient, author, history, version };
  } catch (error) {
    throw toChainError(error);
  }
}

/** Whether storage gives the sealed bytes that the chain names, checked against the digest here. */
export async function isInStorage({ envelopeDigest }: IndexedRecord): Promise<boolean> {
  const storage = createStorageClient({ nodes: [{ rpcUrl: '/storage', gatewayUrl: '/storage' }] });
  try {
    await readBlock(storage, envelopeCid(hexToBytes(envelopeDigest)));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'STORAGE_NOT_FOUND') return false;
    throw error;
  }
}

async function authorOf(
  client: ChartkeyClient,
  { author, patient }: IndexedRecord,
): Promise<Provider | undefined> {
  if (isSame(author, patient)) return undefined;
  const found = await providerOf(client, { provider: author });
  return found.status === 'None' ? undefined : found;
}

async function timedHistory(client: ChartkeyClient, recordId: RecordId): Promise<RecordFacts['history']> {
  const events = await historyOf(client, { recordId });
  return Promise.all(
    events.map(async (event) => {
      const { timestamp } = await client.publicClient.getBlock({ blockNumber: event.blockNumber });
      return { event, at: Number(timestamp) };
    }),
  );
}

async function versionOf(client: ChartkeyClient, recordId: RecordId): Promise<RecordFacts['version']> {
  const { previous, next } = await versionsOf(client, { recordId });
  let number = 1;
  for (let older = previous; older !== undefined && number < MAX_VERSIONS; number++) {
    older = (await versionsOf(client, { recordId: older })).previous;
  }
  return { number, newer: next, older: previous };
}

export function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
