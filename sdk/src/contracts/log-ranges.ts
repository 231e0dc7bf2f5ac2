import { type Address, type Hex, HttpRequestError, type PublicClient } from 'viem';
import { toChainError } from './revert.ts';

/** A log as a node sends it; viem's own formatting costs more than an index spends on it. */
export type RawLog = {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly logIndex: Hex;
  readonly transactionHash: Hex;
  /** Unix seconds; many nodes leave it out. */
  readonly blockTimestamp?: Hex;
};

export type LogRange = {
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly logs: readonly RawLog[];
};

export type LogQuery = {
  readonly addresses: readonly Address[];
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
  readonly fromBlock: number;
  readonly toBlock: number;
};

/** Blocks of the first question; each answer says how large the next one may be. */
const FIRST_BLOCKS = 1_000;
const MAX_BLOCKS = 100_000;
/** So many logs an answer are quick for a node and small in memory. */
const WANTED_LOGS = 10_000;

/**
 * Reads logs from block to block in ranges as large as the node answers well; one range is on its
 * way while the caller works on the one before.
 *
 * Warning: a node that lags or lies answers with less than there is, and no error. What comes out of
 * here is checked by sequence and head, or it proves nothing.
 *
 * @throws ChainError `CHAIN_UNREACHABLE` if not even one block is answered for
 */
export async function* logRanges(client: PublicClient, query: LogQuery): AsyncGenerator<LogRange> {
  let size = FIRST_BLOCKS;
  let ceiling = MAX_BLOCKS;
  const fetchFrom = async (fromBlock: number): Promise<LogRange> => {
    for (;;) {
      const toBlock = Math.min(query.toBlock, fromBlock + size - 1);
      try {
        const logs = await askForLogs(client, query, fromBlock, toBlock);
        size = nextSize(toBlock - fromBlock + 1, logs.length, ceiling);
        return { fromBlock, toBlock, logs };
      } catch (error) {
        if (toBlock === fromBlock || isGone(error)) throw toChainError(error);
        ceiling = Math.max(1, Math.floor((toBlock - fromBlock + 1) / 2));
        size = ceiling;
      }
    }
  };
  let next = query.fromBlock > query.toBlock ? undefined : fetchFrom(query.fromBlock);
  while (next) {
    const range = await next;
    next = range.toBlock >= query.toBlock ? undefined : fetchFrom(range.toBlock + 1);
    // Whoever stops listening leaves this one unread; it must not end the process.
    next?.catch(() => undefined);
    yield range;
  }
}

function askForLogs(
  client: PublicClient,
  { addresses, topics }: LogQuery,
  fromBlock: number,
  toBlock: number,
): Promise<readonly RawLog[]> {
  const filter = { address: addresses, topics, fromBlock: hexOf(fromBlock), toBlock: hexOf(toBlock) };
  const request = client.request as (asked: {
    method: string;
    params: readonly unknown[];
  }) => Promise<unknown>;
  return request({ method: 'eth_getLogs', params: [filter] }) as Promise<readonly RawLog[]>;
}

function nextSize(blocks: number, logs: number, ceiling: number): number {
  const wanted = logs === 0 ? blocks * 4 : Math.ceil((blocks * WANTED_LOGS) / logs);
  return Math.max(1, Math.min(wanted, blocks * 4, ceiling));
}

/** Nobody answered at all: a smaller question would not be answered either. */
function isGone(error: unknown): boolean {
  return error instanceof HttpRequestError && error.status === undefined;
}

function hexOf(value: number): Hex {
  return `0x${value.toString(16)}`;
}
