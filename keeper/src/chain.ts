import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import { ProblemError, UnsettledError } from './problems.ts';
import { type Block, connect, type Endpoint } from './rpc.ts';

/** The two blocks that one answer is read at. */
export type Anchor = {
  /** Revocations count from here: the newest block that any endpoint has. */
  readonly head: Block;
  /** Openings and permissions count up to here: C blocks before the head, a tagged block, or the head itself. */
  readonly confirmed: Block;
};

/** C: a number of blocks, or a block that the chain's consensus itself calls so. */
export type Confirmations = number | 'safe' | 'finalized';

export type ChainOptions = {
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly confirmations: Confirmations;
  /** Seconds; 0 for any. */
  readonly maxHeadAge: number;
  /** How long an endpoint that is a block behind is waited for, in milliseconds. */
  readonly chainGraceMs: number;
  /** Told about each endpoint that was behind, disagreed or did not answer: a count for operators. */
  readonly onTrouble?: ((code: ProblemError['code']) => void) | undefined;
};

/** Between two looks at an endpoint that is behind, in milliseconds. */
const PAUSE_MS = 50;

/**
 * The chain as all endpoints of this keeper see it. Nothing is kept between two questions.
 *
 * Warning: what is read here decides on releases. Safety needs one endpoint among them that is
 * honest and current; liveness needs all of them. There is no eth_getLogs, as a node that lags
 * answers that with an empty list and no error.
 */
export class Chain {
  readonly #options: ChainOptions;
  readonly #endpoints: readonly Endpoint[];
  #headTime: number | undefined;

  constructor(options: ChainOptions) {
    if (options.rpcUrls.length === 0) throw new RangeError('A keeper needs an RPC endpoint.');
    this.#options = options;
    this.#endpoints = options.rpcUrls.map(connect);
  }

  /** Unix seconds of the newest head that was seen: for a gauge, never for a decision. */
  get headTime(): number | undefined {
    return this.#headTime;
  }

  /** @throws ProblemError `CHAIN_UNREACHABLE`; Error with one line if an endpoint is of another chain */
  async requireChainId(): Promise<void> {
    for (const endpoint of this.#endpoints) {
      const actual = await endpoint.chainId();
      if (actual === this.#options.chainId) continue;
      throw new Error(`an RPC endpoint is on chain ${actual}, the contracts on ${this.#options.chainId}`);
    }
  }

  /**
   * The newest block that any endpoint has, which all others must come to have within the grace;
   * so no endpoint, the first included, can hold back a revocation by lagging.
   *
   * @throws ProblemError `CHAIN_UNREACHABLE`, `CHAIN_BEHIND`, `CHAIN_DISAGREES`, `CHAIN_STALE`
   */
  async anchor(): Promise<Anchor> {
    return this.#counted(async () => {
      const heads = await this.#blocksAt('latest');
      const head = heads.reduce((newest, block) => (block.number > newest.number ? block : newest));
      this.#headTime = head.timestamp;
      this.#requireFresh(head);
      await Promise.all(heads.map((own, i) => this.#requireBlock(i, own, head)));
      return { head, confirmed: await this.#confirmed(head) };
    });
  }

  /**
   * Asks every endpoint the same at the same block.
   *
   * @throws ProblemError `CHAIN_UNREACHABLE`, `CHAIN_BEHIND`, `CHAIN_DISAGREES`
   */
  async call(to: Address, data: Hex, block: Block): Promise<Hex> {
    return this.#agreed((endpoint) => endpoint.call(to, data, block.hash));
  }

  /** The code at an address, `0x` if there is none. @throws as {@link call} */
  async codeOf(address: Address, block: Block): Promise<Hex> {
    return this.#agreed((endpoint) => endpoint.codeOf(address, block.hash));
  }

  async #agreed(ask: (endpoint: Endpoint) => Promise<Hex>): Promise<Hex> {
    return this.#counted(async () => {
      const [answer, ...others] = await Promise.all(this.#endpoints.map(ask));
      if (answer === undefined || others.some((other) => other !== answer)) {
        throw disagreement('gave different answers');
      }
      return answer;
    });
  }

  async #confirmed(head: Block): Promise<Block> {
    const { confirmations } = this.#options;
    if (confirmations === 0) return head;
    if (typeof confirmations === 'string') return this.#tagged(confirmations, head);
    const height = head.number - BigInt(confirmations);
    return this.#blockAtAll(height < 0n ? 0n : height);
  }

  /** The oldest of what the endpoints call so: the others have it at that height too. */
  async #tagged(tag: 'safe' | 'finalized', head: Block): Promise<Block> {
    const blocks = await this.#blocksAt(tag);
    const oldest = blocks.reduce((old, block) => (block.number < old.number ? block : old));
    if (oldest.number >= head.number) return head;
    return blocks.every((block) => isSame(block, oldest)) ? oldest : this.#blockAtAll(oldest.number);
  }

  async #blockAtAll(height: bigint): Promise<Block> {
    const blocks = await this.#blocksAt(height);
    const [block] = blocks;
    if (block && blocks.every((other) => isSame(other, block))) return block;
    throw disagreement('do not have the same blocks');
  }

  async #blocksAt(height: bigint | 'latest' | 'safe' | 'finalized'): Promise<readonly Block[]> {
    const blocks = await Promise.all(this.#endpoints.map((endpoint) => endpoint.blockAt(height)));
    return blocks.map((block) => {
      if (block) return block;
      throw new ProblemError('CHAIN_UNREACHABLE', `An RPC endpoint of the keeper has no ${nameOf(height)}.`);
    });
  }

  /** An endpoint whose own newest block is another one has to show that it has the head as well. */
  async #requireBlock(index: number, own: Block, head: Block): Promise<void> {
    if (isSame(own, head)) return;
    if (own.hash === head.hash) throw disagreement('do not have the same blocks');
    const deadline = performance.now() + this.#options.chainGraceMs;
    for (;;) {
      const block = await this.#endpoints[index]?.blockOf(head.hash);
      if (block && isSame(block, head)) return;
      if (block) throw disagreement('do not have the same blocks');
      if (performance.now() + PAUSE_MS > deadline) throw behind();
      await sleep(PAUSE_MS);
    }
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

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProblemError) this.#options.onTrouble?.(error.code);
      throw error;
    }
  }
}

/**
 * Does the work again, once, if a block was taken back while it was under way: a chain that is
 * reorganised answers with an error for a block that is not canonical any more.
 */
export async function onceMoreIfUnsettled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnsettledError) return work();
    throw error;
  }
}

/** An endpoint that lies about a block's height or time is found out by the others. */
function isSame(a: Block, b: Block): boolean {
  return a.hash === b.hash && a.number === b.number && a.timestamp === b.timestamp;
}

function nameOf(height: bigint | string): string {
  return typeof height === 'bigint' ? 'block of this height' : `${height} block`;
}

function behind(): ProblemError {
  return new ProblemError('CHAIN_BEHIND', 'An RPC endpoint of the keeper is behind the others. Try again.');
}

function disagreement(what: string): ProblemError {
  return new ProblemError('CHAIN_DISAGREES', `The RPC endpoints of the keeper ${what}. Try again.`);
}
