import type { RawLog } from '@chartkey/sdk';
import type { Log } from '@chartkey/service';
import type { Kysely } from 'kysely';
import type { Block, Node } from './chain/node.ts';
import type { IndexerConfig } from './config.ts';
import type { Metrics } from './metrics.ts';
import { ProblemError } from './problems.ts';
import {
  beginAt,
  type Checkpoint,
  checkpointBefore,
  forgetOldBlocks,
  newestCheckpoint,
} from './store/blocks.ts';
import { rollBackTo } from './store/rollback.ts';
import { createIndexes } from './store/schema.ts';
import type { Tables } from './store/tables.ts';
import { headText, type Writer, type Written } from './store/write.ts';

export type FollowerParts = {
  readonly db: Kysely<Tables>;
  readonly node: Node;
  readonly writer: Writer;
  readonly config: IndexerConfig;
  readonly metrics: Metrics;
  readonly log: Log;
};

/** Heads are held against the contract's where so few grew: not while a backfill runs. */
const MAX_HEADS_ASKED = 64;
/** A node that is this many looks in a row behind what was read has another chain, or lost a part of it. */
const LOOKS_BEHIND = 5;
const MAX_PAUSE_MS = 30_000;

/** Reads the chain into the read model, from where it stands to the newest block, and then block by block. */
export class Follower {
  readonly #parts: FollowerParts;
  #stopped = false;
  #done: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;
  #looksBehind = 0;
  #times = new Map<string, Promise<number>>();
  /** Why nothing is read now. */
  trouble: ProblemError | undefined;
  /** The chain's newest block when it was last asked. */
  chainBlock: number | undefined;
  /** Whether everything up to the newest block was read once. */
  caughtUp = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { config, metrics, log } = this.#parts;
    let pauseMs = config.pollMs;
    while (!this.#stopped) {
      try {
        const moved = await this.#step();
        this.trouble = undefined;
        pauseMs = config.pollMs;
        if (moved) continue;
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code !== this.trouble?.code) log('trouble', { code: problem.code });
        metrics.trouble(problem.code);
        this.trouble = problem;
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
      }
      await this.#pause(pauseMs);
    }
  }

  async #step(): Promise<boolean> {
    const { db, node, config } = this.#parts;
    const last = await this.#newest();
    const head = await node.newest();
    this.chainBlock = head.number;
    const target =
      config.confirmations === 0 ? head : await node.block(Math.max(0, head.number - config.confirmations));
    if (!target) return false;
    const standing = await this.#standing(last, target);
    if (standing !== last) {
      if (standing) await this.#rollBack(last, standing);
      return standing !== undefined;
    }
    if (last.number >= target.number) {
      await this.#arrived();
      return false;
    }
    for await (const range of node.events(last.number + 1, target.number)) {
      const end = range.toBlock === target.number ? target : await node.block(range.toBlock);
      // The target's hash commits to every block before it: if it stands, so does what was read.
      const now = await node.block(target.number);
      if (!end || now?.hash !== target.hash) return true;
      const written = await this.#parts.writer.write(range, end, (log) => this.#timeOf(log));
      this.#times.clear();
      this.#told(range.toBlock, written);
      await this.#holdHeads(written, end);
      if (this.#stopped) return true;
    }
    await forgetOldBlocks(db, target.number);
    return true;
  }

  /** The newest checkpoint that is on the node's chain: `last` itself if all is well; undefined to wait. */
  async #standing(last: Checkpoint, target: Block): Promise<Checkpoint | undefined> {
    const { db, node } = this.#parts;
    let at: Checkpoint | undefined = last;
    while (at && at.number > target.number) at = await checkpointBefore(db, at.number);
    const isBehind = at !== last;
    this.#looksBehind = isBehind ? this.#looksBehind + 1 : 0;
    let isOther = false;
    while (at && at.hash !== '' && (await node.block(at.number))?.hash !== at.hash) {
      isOther = true;
      at = await checkpointBefore(db, at.number);
    }
    // A node that only lags has everything up to where it is; give it a while.
    if (isBehind && !isOther && this.#looksBehind < LOOKS_BEHIND) return undefined;
    return at;
  }

  async #rollBack(last: Checkpoint, to: Checkpoint): Promise<void> {
    const { db, writer, metrics, log } = this.#parts;
    await rollBackTo(db, to.number);
    writer.forget();
    this.#looksBehind = 0;
    metrics.reorganised(last.number - to.number);
    log('reorganised', { from: last.number, to: to.number });
  }

  async #arrived(): Promise<void> {
    if (this.caughtUp) return;
    await createIndexes(this.#parts.db);
    this.caughtUp = true;
    this.#parts.log('caught-up', { block: this.chainBlock ?? 0 });
  }

  /** A node that leaves out a patient's newest entries is found by the head alone. */
  async #holdHeads({ heads }: Written, end: Block): Promise<void> {
    if (!this.caughtUp || heads.size === 0 || heads.size > MAX_HEADS_ASKED) return;
    const patients = [...heads.keys()];
    const stored = await this.#parts.node.heads(patients, end.number);
    const wrong = patients.findIndex((patient, i) => {
      const ours = heads.get(patient);
      return ours?.count !== stored[i]?.count || (ours && headText(ours) !== stored[i]?.head);
    });
    if (wrong < 0) return;
    const before = await checkpointBefore(this.#parts.db, end.number);
    if (before) {
      await rollBackTo(this.#parts.db, before.number);
      this.#parts.writer.forget();
    }
    throw new ProblemError(
      'LOG_BROKEN',
      `The node’s entries up to block ${end.number} don’t add up to a head.`,
    );
  }

  #told(block: number, { entries, events }: Written): void {
    this.#parts.metrics.written(block, entries, events);
    if (!this.caughtUp) this.#parts.log('progress', { block, of: this.chainBlock ?? 0, entries });
  }

  async #newest(): Promise<Checkpoint> {
    const { db, config } = this.#parts;
    const found = await newestCheckpoint(db);
    if (found) return found;
    await beginAt(db, config.deployment.startBlock - 1);
    return { number: config.deployment.startBlock - 1, hash: '' };
  }

  /** Newer nodes say the block's time with each log. */
  #timeOf({ blockNumber, blockTimestamp }: RawLog): Promise<number> {
    if (blockTimestamp !== undefined) return Promise.resolve(Number(blockTimestamp));
    const known = this.#times.get(blockNumber);
    if (known) return known;
    const asked = this.#parts.node.block(Number(blockNumber)).then((block) => {
      if (block) return block.timestamp;
      throw new ProblemError('CHAIN_UNREACHABLE', 'The chain’s endpoint lacks a block that it had.');
    });
    this.#times.set(blockNumber, asked);
    return asked;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError('INTERNAL', 'Something failed that should not.', { cause: error });
}
