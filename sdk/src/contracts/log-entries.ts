import type { Address, Hex } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { purposeFromNumber } from '../hl7/index.ts';
import type { LogEntry } from '../log/index.ts';
import { type ChartkeyClient, read } from './client.ts';
import { accessLogAbi } from './generated/index.ts';
import { blockRanges, eventsIn } from './read-events.ts';
import { decisionAt, GROUNDS } from './vocabulary.ts';

export type LogEntriesQuery = {
  readonly patient?: Address | undefined;
  readonly accessor?: Address | undefined;
  /** Entries from this time on. Unix seconds. */
  readonly since?: number | undefined;
  /** Entries before this time. Unix seconds. */
  readonly until?: number | undefined;
  /** After each range of blocks. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
};

/**
 * Entries of access logs in the order in which they stand on the chain, straight from it: memory
 * holds those of one range of blocks. Nothing here says that the list is complete; for one patient
 * `accessLogOf` does.
 *
 * @throws ChainError
 */
export async function* logEntries(
  client: ChartkeyClient,
  { patient, accessor, since, until, onProgress }: LogEntriesQuery,
): AsyncGenerator<LogEntry> {
  const contract = {
    address: client.deployment.log,
    abi: accessLogAbi,
    args: { ...(patient && { patient }), ...(accessor && { accessor }) },
  } as const;
  const start = BigInt(client.deployment.startBlock);
  const latest = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const first = since === undefined ? start : await firstBlockFrom(client, since, start, latest);
  const end = until === undefined ? latest + 1n : await firstBlockFrom(client, until, first, latest);
  for (const range of blockRanges(first, end - 1n)) {
    const [opened, marked, refused] = await Promise.all([
      eventsIn(client, { ...contract, eventName: 'RecordOpened' }, range),
      eventsIn(client, { ...contract, eventName: 'RecordOpenedOnGround' }, range),
      eventsIn(client, { ...contract, eventName: 'OpenRefused' }, range),
    ]);
    const placed = [
      ...opened.map((log) => ({ log, entry: entryOf(log, 'Permit') })),
      ...marked.map((log) => ({ log, entry: markedEntryOf(log) })),
      ...refused.map((log) => ({ log, entry: entryOf(log, decisionAt(log.args.decision)) })),
    ].sort((a, b) => Number(a.log.blockNumber - b.log.blockNumber) || a.log.logIndex - b.log.logIndex);
    yield* placed.map(({ entry }) => entry);
    onProgress?.({ done: Number(range.toBlock - first + 1n), total: Number(end - first) });
  }
}

/** The first block at or after a time; one past the last if there is none. Times never go back on a chain. */
async function firstBlockFrom(
  { publicClient }: ChartkeyClient,
  time: number,
  from: bigint,
  latest: bigint,
): Promise<bigint> {
  let [low, high] = [from, latest + 1n];
  while (low < high) {
    const blockNumber = (low + high) / 2n;
    const { timestamp } = await read(() => publicClient.getBlock({ blockNumber }));
    if (timestamp < BigInt(time)) low = blockNumber + 1n;
    else high = blockNumber;
  }
  return low;
}

type LogArgs = {
  readonly patient: Address;
  readonly accessor: Address;
  readonly recordId: Hex;
  readonly sequence: number;
  readonly purpose: number;
  readonly openedAt: number;
  readonly keyHash: Hex;
};

type MarkedLog = {
  readonly args: LogArgs & { readonly ground: number };
  readonly blockNumber: bigint;
  readonly transactionHash: Hex;
};

/** A marked opening as an entry. The contract has these two grounds and the ordinary one, which it never marks. */
export function markedEntryOf(log: MarkedLog): LogEntry {
  const ground = GROUNDS[log.args.ground] === 'Representative' ? 'Representative' : 'Emergency';
  return { ...entryOf(log, 'Permit'), ground };
}

/** An event of the log as an entry of it. */
export function entryOf(
  log: { readonly args: LogArgs; readonly blockNumber: bigint; readonly transactionHash: Hex },
  decision: LogEntry['decision'],
): LogEntry {
  const { patient, accessor, recordId, sequence, purpose, openedAt, keyHash } = log.args;
  return {
    patient,
    accessor,
    recordId: recordId as RecordId,
    sequence,
    // The contract's enum admits no other number.
    purpose: purposeFromNumber(purpose) ?? 'TREAT',
    decision,
    openedAt,
    keyHash,
    blockNumber: log.blockNumber,
    transactionHash: log.transactionHash,
  };
}
