import { type Address, getAddress, type Hex, pad } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { purposeFromNumber } from '../hl7/index.ts';
import { decodeEntry, ENTRY_TOPICS, entryInWords } from '../log/decode-entry.ts';
import type { LogEntry } from '../log/index.ts';
import { type ChartkeyClient, read } from './client.ts';
import { markAt } from './decisions.ts';
import { logRanges } from './log-ranges.ts';

export type LogEntriesQuery = {
  readonly patient?: Address | undefined;
  readonly accessor?: Address | undefined;
  /** Entries from this time on. Unix seconds. */
  readonly since?: number | undefined;
  /** Entries before this time. Unix seconds. */
  readonly until?: number | undefined;
  /** No later block is read. Default: the newest one. */
  readonly toBlock?: bigint | undefined;
  /** After each range of blocks. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
};

/**
 * Entries of access logs in the order in which they stand on the chain, straight from it: memory
 * holds those of one range of blocks or two.
 *
 * Warning: a node can leave some out, and nothing here says so; `checkLog` tells.
 *
 * @throws ChainError
 */
export async function* logEntries(
  client: ChartkeyClient,
  { patient, accessor, since, until, toBlock, onProgress }: LogEntriesQuery,
): AsyncGenerator<LogEntry> {
  const start = BigInt(client.deployment.startBlock);
  const latest = toBlock ?? (await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 })));
  const first = since === undefined ? start : await firstBlockFrom(client, since, start, latest);
  const end = until === undefined ? latest + 1n : await firstBlockFrom(client, until, first, latest);
  const [fromBlock, total] = [Number(first), Number(end - first)];
  const ranges = logRanges(client.publicClient, {
    addresses: [client.deployment.log],
    topics: [ENTRY_TOPICS, topicOf(patient), topicOf(accessor)],
    fromBlock,
    toBlock: fromBlock + total - 1,
  });
  for await (const range of ranges) {
    for (const log of range.logs) {
      const entry = decodeEntry(log);
      if (entry) yield withChecksums(entryInWords(entry));
    }
    onProgress?.({ done: range.toBlock - fromBlock + 1, total });
  }
}

function topicOf(account: Address | undefined): Hex | null {
  return account === undefined ? null : (pad(account, { size: 32 }).toLowerCase() as Hex);
}

function withChecksums(entry: LogEntry): LogEntry {
  return { ...entry, patient: getAddress(entry.patient), accessor: getAddress(entry.accessor) };
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

/** A marked opening as an entry. */
export function markedEntryOf(log: MarkedLog): LogEntry {
  return { ...entryOf(log, 'Permit'), ground: markAt(log.args.ground) };
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
