import { accessLogAbi, type Deployment, type LogRange, logRanges } from '@chartkey/sdk';
import { createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { ProblemError } from '../problems.ts';
import { WATCHED_TOPICS } from './events.ts';

/** Longest time for one answer of the endpoint, in milliseconds. */
const TIMEOUT_MS = 30_000;

export type Block = { readonly number: number; readonly hash: Hex; readonly timestamp: number };

/** What the chain is asked. All errors are ProblemErrors: the endpoint's URL may carry a credential. */
export class Node {
  readonly #client: PublicClient;
  readonly #deployment: Deployment;

  constructor(rpcUrl: string, deployment: Deployment) {
    this.#client = createPublicClient({
      transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0 }),
      cacheTime: 0,
    });
    this.#deployment = deployment;
  }

  /** @throws Error with one line */
  async requireContracts(): Promise<void> {
    const { chainId, log, participants } = this.#deployment;
    const actual = await ask(() => this.#client.getChainId());
    if (actual !== chainId) {
      throw new Error(`the RPC endpoint is on chain ${actual}, the contracts on ${chainId}`);
    }
    const registry = await ask(() =>
      this.#client.readContract({ address: log, abi: accessLogAbi, functionName: 'PARTICIPANTS' }),
    ).catch(() => undefined);
    if (registry !== participants) {
      throw new Error('the contracts on this chain are not those of the list of addresses');
    }
  }

  newest(): Promise<Block> {
    return ask(async () => toBlock(await this.#client.getBlock({ blockTag: 'latest' })));
  }

  /** Undefined if the node does not have it. */
  block(number: number): Promise<Block | undefined> {
    return ask(async () => {
      const request = this.#client.request as (asked: {
        method: string;
        params: readonly unknown[];
      }) => Promise<{ number: Hex; hash: Hex; timestamp: Hex } | null>;
      const params = [`0x${number.toString(16)}`, false];
      const found = await request({ method: 'eth_getBlockByNumber', params });
      return found
        ? { number: Number(found.number), hash: found.hash, timestamp: Number(found.timestamp) }
        : undefined;
    });
  }

  /** Every event of ours, in order, range by range. */
  async *events(fromBlock: number, toBlock: number): AsyncGenerator<LogRange> {
    const { participants, consents, records, log, keepers, forwarder, emergencies, guardianship } =
      this.#deployment;
    const addresses = [participants, consents, records, log, keepers, forwarder, emergencies, guardianship];
    try {
      yield* logRanges(this.#client, { addresses, topics: [WATCHED_TOPICS], fromBlock, toBlock });
    } catch (cause) {
      throw cause instanceof ProblemError ? cause : unreachable(cause);
    }
  }

  /** The heads of patients at a block, as the contract has them. */
  heads(
    patients: readonly Hex[],
    blockNumber: number,
  ): Promise<readonly { readonly head: Hex; readonly count: number }[]> {
    const at = { address: this.#deployment.log, abi: accessLogAbi, functionName: 'headOf' } as const;
    return ask(() =>
      Promise.all(
        patients.map(async (patient) => {
          const args = [patient] as const;
          const [head, count] = await this.#client.readContract({
            ...at,
            args,
            blockNumber: BigInt(blockNumber),
          });
          return { head, count };
        }),
      ),
    );
  }
}

function toBlock({ number, hash, timestamp }: { number: bigint; hash: Hex; timestamp: bigint }): Block {
  return { number: Number(number), hash, timestamp: Number(timestamp) };
}

async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause: unknown): ProblemError {
  return new ProblemError('CHAIN_UNREACHABLE', 'The chain’s endpoint does not answer.', { cause });
}
