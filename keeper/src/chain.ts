import type { Address, Hex } from 'viem';
import { ProblemError } from './problems.ts';
import { type Block, connect, type Endpoint } from './rpc.ts';

/** The two blocks that one answer is read at. */
export type Anchor = {
  /** Revocations count from here. */
  readonly head: Block;
  /** Openings and permissions count up to here: C blocks before the head, or the head itself. */
  readonly confirmed: Block;
};

export type ChainOptions = {
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly confirmations: number;
  readonly maxHeadAge: number;
};

/**
 * The chain as all endpoints of this keeper see it. Nothing is kept between two questions.
 *
 * Warning: what is read here decides on releases. Safety needs one endpoint among them that is
 * honest and current; liveness needs all of them. There is no eth_getLogs, as a node that lags
 * answers that with an empty list and no error.
 */
export class Chain {
  readonly #options: ChainOptions;
  readonly #first: Endpoint;
  readonly #others: readonly Endpoint[];

  constructor(options: ChainOptions) {
    const [first, ...others] = options.rpcUrls.map(connect);
    if (!first) throw new RangeError('A keeper needs an RPC endpoint.');
    this.#options = options;
    this.#first = first;
    this.#others = others;
  }

  /** @throws ProblemError `CHAIN_UNREACHABLE`; Error with one line if an endpoint is of another chain */
  async requireChainId(): Promise<void> {
    for (const endpoint of this.#all) {
      const actual = await endpoint.chainId();
      if (actual === this.#options.chainId) continue;
      throw new Error(`an RPC endpoint is on chain ${actual}, the contracts on ${this.#options.chainId}`);
    }
  }

  /** @throws ProblemError `CHAIN_UNREACHABLE`, `CHAIN_DISAGREES`, `CHAIN_STALE` */
  async anchor(): Promise<Anchor> {
    const { confirmations } = this.#options;
    const head = await this.#blockAt('latest');
    this.#requireFresh(head);
    const height = head.number - BigInt(confirmations);
    const confirmed = confirmations === 0 ? head : await this.#blockAt(height < 0n ? 0n : height);
    await Promise.all(this.#others.map((endpoint) => requireBlocks(endpoint, [head, confirmed])));
    return { head, confirmed };
  }

  /**
   * Asks every endpoint the same at the same block.
   *
   * @throws ProblemError `CHAIN_UNREACHABLE`, `CHAIN_DISAGREES`
   */
  async call(to: Address, data: Hex, block: Block): Promise<Hex> {
    const [answer, ...others] = await Promise.all(
      this.#all.map((endpoint) => endpoint.call(to, data, block.hash)),
    );
    if (answer === undefined || others.some((other) => other !== answer)) {
      throw disagreement('gave different answers');
    }
    return answer;
  }

  get #all(): readonly Endpoint[] {
    return [this.#first, ...this.#others];
  }

  async #blockAt(height: bigint | 'latest'): Promise<Block> {
    const block = await this.#first.blockAt(height);
    if (block) return block;
    throw new ProblemError('CHAIN_UNREACHABLE', 'An RPC endpoint of the keeper has no blocks.');
  }

  #requireFresh({ timestamp }: Block): void {
    const { maxHeadAge } = this.#options;
    // Either way: a head from the future means that this clock or that node is wrong.
    if (maxHeadAge === 0 || Math.abs(Date.now() / 1000 - timestamp) <= maxHeadAge) return;
    throw new ProblemError(
      'CHAIN_STALE',
      `The newest block is more than ${maxHeadAge} seconds from this keeper’s clock.`,
    );
  }
}

/** A first endpoint that lies about a block's height or time is found out by the others. */
async function requireBlocks(endpoint: Endpoint, blocks: readonly Block[]): Promise<void> {
  for (const block of new Set(blocks)) {
    const same = await endpoint.blockOf(block.hash);
    if (same?.number !== block.number || same.timestamp !== block.timestamp || same.hash !== block.hash) {
      throw disagreement('do not have the same blocks');
    }
  }
}

function disagreement(what: string): ProblemError {
  return new ProblemError('CHAIN_DISAGREES', `The RPC endpoints of the keeper ${what}. Try again.`);
}
