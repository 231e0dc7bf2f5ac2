import {
  type Address,
  formatLog,
  type Hex,
  type Log,
  numberToHex,
  type ParseEventLogsReturnType,
  parseAbi,
  parseEventLogs,
} from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { type ChartkeyClient, read } from './client.ts';
import {
  accessLogAbi,
  consentRegistryAbi,
  emergencyAccessAbi,
  guardianshipAbi,
  keeperSetAbi,
  participantRegistryAbi,
  recordIndexAbi,
  sessionForwarderAbi,
} from './generated/index.ts';

/** What OpenZeppelin's AccessManager says when governance appoints somebody or takes it back. */
const appointmentsAbi = parseAbi([
  'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
  'event RoleRevoked(uint64 indexed roleId, address indexed account)',
]);

const abi = [
  ...accessLogAbi,
  ...consentRegistryAbi,
  ...emergencyAccessAbi,
  ...guardianshipAbi,
  ...keeperSetAbi,
  ...participantRegistryAbi,
  ...recordIndexAbi,
  ...sessionForwarderAbi,
  ...appointmentsAbi,
] as const;

/** One event of our contracts, decoded: `{ eventName, args, address, blockNumber, logIndex, … }`. */
export type Activity = ParseEventLogsReturnType<typeof abi, undefined, true>[number];

/** Most blocks that are asked for at once; many nodes answer for no more. */
export const MAX_ACTIVITY_BLOCKS = 5_000n;

/**
 * What happened in our contracts in some blocks, in order. Events that none of them declares are
 * left out, as are those of contracts that only bear our events' names.
 *
 * @param range Both ends included; at most {@link MAX_ACTIVITY_BLOCKS}
 * @throws ChainError; RangeError beyond the limit
 */
export async function activityIn(
  client: ChartkeyClient,
  { fromBlock, toBlock }: { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<readonly Activity[]> {
  if (toBlock - fromBlock >= MAX_ACTIVITY_BLOCKS) {
    throw new RangeError(`toBlock: at most ${MAX_ACTIVITY_BLOCKS} blocks may be asked for at once`);
  }
  const logs = await read(() =>
    client.publicClient.getLogs({ address: [...addressesOf(client)], fromBlock, toBlock }),
  );
  return decoded(logs);
}

/** What happened to one record since it came, in order: also that it became an older version of another. */
export async function historyOf(
  client: ChartkeyClient,
  { recordId }: { readonly recordId: RecordId },
): Promise<readonly Activity[]> {
  // Both are indexed wherever RecordIndex and ConsentRegistry name a record; the log is not history.
  const [asRecord, asPrevious] = await Promise.all([
    logsWith(client, client.deployment.records, [null, recordId]),
    logsWith(client, client.deployment.records, [null, null, recordId]),
  ]);
  return decoded([...asRecord, ...asPrevious]);
}

/** The record whose envelope has this digest, now or before a re-wrap; undefined for none of this patient. */
export async function recordIdOfEnvelope(
  client: ChartkeyClient,
  { patient, envelopeDigest }: { readonly patient: Address; readonly envelopeDigest: Hex },
): Promise<RecordId | undefined> {
  const logs = await read(() =>
    client.publicClient.getContractEvents({
      address: client.deployment.records,
      abi: recordIndexAbi,
      eventName: 'RecordRewrapped',
      args: { patient },
      fromBlock: BigInt(client.deployment.startBlock),
      strict: true,
    }),
  );
  const found = logs.find(({ args }) => args.envelopeDigest === envelopeDigest);
  return found?.args.recordId as RecordId | undefined;
}

function addressesOf({ deployment }: ChartkeyClient): readonly Address[] {
  const { authority, forwarder, participants, consents, records, log } = deployment;
  const { keepers, guardianship, emergencies } = deployment;
  return [authority, forwarder, participants, consents, records, log, keepers, guardianship, emergencies];
}

function decoded(logs: readonly Log[]): readonly Activity[] {
  const events = parseEventLogs({ abi, logs: [...logs] });
  return events.toSorted((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}

function logsWith(
  { publicClient, deployment }: ChartkeyClient,
  address: Address,
  topics: (Hex | null)[],
): Promise<readonly Log[]> {
  const fromBlock = numberToHex(deployment.startBlock);
  return read(async () => {
    const logs = await publicClient.request({
      method: 'eth_getLogs',
      params: [{ address, topics, fromBlock, toBlock: 'latest' }],
    });
    return logs.map((log) => formatLog(log));
  });
}
