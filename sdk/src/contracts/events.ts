import type { Address, ContractEventName, Hex } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { type LogEntry, recomputeHead } from '../log/index.ts';
import { headOf } from './access-log.ts';
import { type ChartkeyClient, read } from './client.ts';
import {
  accessLogAbi,
  consentRegistryAbi,
  participantRegistryAbi,
  recordIndexAbi,
} from './generated/index.ts';
import { entryOf, markedEntryOf } from './log-entries.ts';
import { type Application, type Provider, providerOf, publicKeyHashOf } from './participants.ts';
import { blockRanges, events, eventsIn, inOrder, type Ordered, readFrom } from './read-events.ts';
import { type RecordEvent, withEvents } from './record-list.ts';
import { type IndexedRecord, recordOf } from './records.ts';
import {
  type ConsentGiven,
  type ConsentRequest,
  NO_SHARING,
  SHARING_EVENTS,
  type Sharing,
  type SharingEvent,
  withSharingEvents,
} from './sharing-list.ts';
import { decisionAt, ROLES, wordAt } from './vocabulary.ts';

/**
 * Lists, read from events. They are what an index will answer faster. Nothing is decided by them:
 * who may open what is asked of the contracts, by whoever has to know.
 */

/** A patient's records in the order they came, as they stand now. */
export async function recordsOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<IndexedRecord[]> {
  return [...(await recordListOf(client, { patient })).records];
}

/** A patient's records as they stood at a block. */
export type RecordList = { readonly records: readonly IndexedRecord[]; readonly upTo: bigint };

/** The list of a patient's records; with the one of before, only what came since is asked for. */
export async function recordListOf(
  client: ChartkeyClient,
  { patient, since }: { readonly patient: Address; readonly since?: RecordList | undefined },
): Promise<RecordList> {
  const contract = { address: client.deployment.records, abi: recordIndexAbi, args: { patient } } as const;
  const upTo = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const again = readFrom(client, since);
  const of = <name extends ContractEventName<typeof recordIndexAbi>>(eventName: name) =>
    events(client, { ...contract, eventName } as never, upTo, again) as Promise<
      readonly (Ordered & RecordEvent)[]
    >;
  const logs = await inOrder(...RECORD_EVENTS.map(of));
  return { records: withEvents(since?.records ?? [], logs), upTo };
}

const RECORD_EVENTS = [
  'RecordAdded',
  'RecordSubmitted',
  'RecordAccepted',
  'RecordRejected',
  'RecordSuperseded',
  'RecordRewrapped',
  'RecordMoved',
  'RecordRetired',
] as const;

/** So many records are asked for at once. */
const RECORDS_AT_ONCE = 32;

/** Every record of the index, as it stands now: what storage has to hold, or must hold no longer. */
export async function allRecords(client: ChartkeyClient): Promise<IndexedRecord[]> {
  const contract = { address: client.deployment.records, abi: recordIndexAbi, args: {} } as const;
  const logs = await inOrder(
    events(client, { ...contract, eventName: 'RecordAdded' }),
    events(client, { ...contract, eventName: 'RecordSubmitted' }),
  );
  const records: IndexedRecord[] = [];
  for (let at = 0; at < logs.length; at += RECORDS_AT_ONCE) {
    const ids = logs.slice(at, at + RECORDS_AT_ONCE).map(({ args: { recordId } }) => recordId as RecordId);
    const found = await Promise.all(ids.map((recordId) => recordOf(client, { recordId })));
    records.push(...found.filter((record) => record !== undefined));
  }
  return records;
}

/** Every record that was ever added or submitted up to a block, in the order they came. */
export async function recordIdsUpTo(
  client: ChartkeyClient,
  { blockNumber }: { readonly blockNumber: bigint },
): Promise<readonly RecordId[]> {
  const contract = { address: client.deployment.records, abi: recordIndexAbi, args: {} } as const;
  const ids = new Set<RecordId>();
  for (const range of blockRanges(BigInt(client.deployment.startBlock), blockNumber)) {
    const logs = await inOrder(
      eventsIn(client, { ...contract, eventName: 'RecordAdded' }, range),
      eventsIn(client, { ...contract, eventName: 'RecordSubmitted' }, range),
    );
    for (const { args } of logs) ids.add(args.recordId as RecordId);
  }
  return [...ids];
}

/** Every envelope that a record ever had, the first first: re-wraps leave older ones behind. */
export async function envelopesOf(
  client: ChartkeyClient,
  { recordId }: { readonly recordId: RecordId },
): Promise<readonly Hex[]> {
  const contract = { address: client.deployment.records, abi: recordIndexAbi } as const;
  const logs = await events(client, { ...contract, eventName: 'RecordRewrapped', args: { recordId } });
  return [...new Set<Hex>([recordId, ...logs.map(({ args }) => args.envelopeDigest)])];
}

/** SHA-256 of the key block of everybody who is registered as a patient and has one. */
export async function allKeyHashes(client: ChartkeyClient): Promise<readonly Hex[]> {
  const contract = {
    ...{ address: client.deployment.participants, abi: participantRegistryAbi, args: {} },
    eventName: 'PatientRegistered',
  } as const;
  const patients = await events(client, contract);
  const hashes = await Promise.all(
    patients.map(({ args }) => publicKeyHashOf(client, { patient: args.patient })),
  );
  return [...new Set(hashes.filter((hash) => hash !== undefined))];
}

/** Consents of a patient that are in the registry now, also expired ones. */
export async function consentsOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<readonly ConsentGiven[]> {
  return (await sharingListOf(client, { patient })).consents;
}

/** Consents that an accessor holds now, also expired ones. */
export async function sharedWith(
  client: ChartkeyClient,
  { accessor }: { readonly accessor: Address },
): Promise<readonly ConsentGiven[]> {
  return (await sharingListOf(client, { accessor })).consents;
}

/** The latest request of each accessor to a patient. */
export async function requestsOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<readonly ConsentRequest[]> {
  return (await sharingListOf(client, { patient })).requests;
}

/** The latest request to each patient that an accessor sent. */
export async function requestsFrom(
  client: ChartkeyClient,
  { accessor }: { readonly accessor: Address },
): Promise<readonly ConsentRequest[]> {
  return (await sharingListOf(client, { accessor })).requests;
}

/** Consents and requests of one patient, or of one accessor, as they stood at a block. */
export type SharingList = Sharing & { readonly upTo: bigint };

export type SharingQuery = ({ readonly patient: Address } | { readonly accessor: Address }) & {
  readonly since?: SharingList | undefined;
};

/** Consents and requests; with the list of before, only what came since is asked for. */
export async function sharingListOf(
  client: ChartkeyClient,
  { since, ...party }: SharingQuery,
): Promise<SharingList> {
  const upTo = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const from = readFrom(client, since);
  const contract = { address: client.deployment.consents, abi: consentRegistryAbi } as const;
  const of = (eventName: (typeof SHARING_EVENTS)[number]) => {
    // Who ended all consents named no accessor: those of everybody are few, and read.
    const args = eventName === 'AllConsentsRevoked' && 'accessor' in party ? {} : party;
    return events(client, { ...contract, eventName, args } as never, upTo, from) as unknown as Promise<
      readonly (Ordered & SharingEvent)[]
    >;
  };
  const logs = await inOrder(...SHARING_EVENTS.map(of));
  return { ...withSharingEvents(since ?? NO_SHARING, logs), upTo };
}

export type AccessLogView = {
  readonly entries: readonly LogEntry[];
  readonly head: { readonly head: Hex; readonly count: number };
  /** The head that the entries add up to. */
  readonly recomputed: Hex;
  /** Whether the list is complete, in order and unedited, as far as the head that was read is true. */
  readonly complete: boolean;
};

/** Who looked: a patient's log, recomputed and held against the head in the contract; with the view of before, read only if the head moved. */
export async function accessLogOf(
  client: ChartkeyClient,
  { patient, since }: { readonly patient: Address; readonly since?: AccessLogView | undefined },
): Promise<AccessLogView> {
  const contract = { address: client.deployment.log, abi: accessLogAbi, args: { patient } } as const;
  const blockNumber = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const head = await headOf(client, { patient, blockNumber });
  // The head commits to each entry before it: while it stays, so does the list.
  if (since?.complete && since.head.head === head.head) return since;
  const [opened, marked, refused] = await Promise.all([
    events(client, { ...contract, eventName: 'RecordOpened' }, blockNumber),
    events(client, { ...contract, eventName: 'RecordOpenedOnGround' }, blockNumber),
    events(client, { ...contract, eventName: 'OpenRefused' }, blockNumber),
  ]);
  const entries = [
    ...opened.map((log) => entryOf(log, 'Permit')),
    ...marked.map((log) => markedEntryOf(log)),
    ...refused.map((log) => entryOf(log, decisionAt(log.args.decision))),
  ].sort((a, b) => a.sequence - b.sequence);
  const recomputed = recomputeHead(entries);
  return { entries, head, recomputed, complete: recomputed === head.head && entries.length === head.count };
}

export type ListedProvider = {
  readonly provider: Address;
  readonly application: Application;
  readonly standing: Provider;
};

/**
 * Everybody who ever applied in an area (in all, without one) or was verified by a voucher, with the latest
 * application and where they stand.
 */
export async function providers(
  client: ChartkeyClient,
  { area }: { readonly area?: number } = {},
): Promise<ListedProvider[]> {
  const contract = {
    address: client.deployment.participants,
    abi: participantRegistryAbi,
    args: area === undefined ? {} : { area },
  } as const;
  const logs = await inOrder(
    events(client, { ...contract, eventName: 'ProviderRegistered' }),
    events(client, { ...contract, eventName: 'ProviderVerified' }),
  );
  const latest = new Map(logs.map(({ args }) => [args.provider, args.application]));
  return Promise.all(
    [...latest].map(async ([provider, application]) => ({
      provider,
      application: { ...application, role: wordAt(ROLES, application.role) },
      standing: await providerOf(client, { provider }),
    })),
  );
}

/** The `<area, pid>` that a patient registered with; undefined for no patient. */
export async function patientAddressOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<{ readonly area: number; readonly pid: Hex } | undefined> {
  const [log] = await events(client, {
    address: client.deployment.participants,
    abi: participantRegistryAbi,
    eventName: 'PatientRegistered',
    args: { patient },
  });
  return log && { area: log.args.area, pid: log.args.pid };
}
