import { sessionForwarderAbi } from '@chartkey/sdk';
import type { Log } from '@chartkey/service';
import {
  type Address,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  keccak256,
  parseEventLogs,
  size,
  type TransactionReceipt,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { Chain } from './chain.ts';
import type { RelayConfig } from './config.ts';
import type { Metrics } from './metrics.ts';
import { ProblemError } from './problems.ts';
import type { Attempt, Outcome, Queue, Transaction, Waiting } from './queue.ts';

export type SenderOptions = {
  readonly account: PrivateKeyAccount;
  readonly chain: Chain;
  readonly queue: Queue;
  readonly config: RelayConfig;
  readonly metrics: Metrics;
  readonly log: Log;
};

/** Forwarder's own work for one request, beside the gas that the request names. */
const GAS_PER_REQUEST = 60_000n;
const GAS_PER_TRANSACTION = 100_000n;
/** EIP-7623: what a byte of calldata costs at most. */
const GAS_PER_BYTE = 40n;
/** Of a request's calldata beside its data: addresses, numbers, signature, offsets. */
const BYTES_PER_REQUEST = 450n;
/** After so many times in a transaction that left no trace of it, a request goes alone, and then not at all. */
const TRIES_TOGETHER = 3;
const TRIES = 6;
/** Requests that are looked at for one transaction. */
const WINDOW = 500;

/** Sends what waits: one transaction at a time, each written down before it goes. */
export class Sender {
  readonly #options: SenderOptions;
  #trouble: ProblemError | undefined;
  #wake: (() => void) | undefined;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Why nothing is sent now; undefined if all is well. */
  get trouble(): ProblemError | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something waits. */
  wake(): void {
    this.#wake?.();
  }

  /** Ends after the step that is under way; what waits is sent by the next process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { config, log, metrics } = this.#options;
    while (!this.#stopped) {
      let busy = false;
      try {
        busy = await this.#step();
        this.#trouble = undefined;
      } catch (error) {
        const problem =
          error instanceof ProblemError
            ? error
            : new ProblemError('INTERNAL', 'Something failed that should not.', { cause: error });
        if (problem.code !== this.#trouble?.code) {
          metrics.trouble(problem.code);
          log('trouble', { code: problem.code });
        }
        this.#trouble = problem;
      }
      await this.#pause(busy ? Math.min(config.gatherMs, config.pollMs) : config.pollMs, !busy);
    }
  }

  /** True if there is something to do next, at once. */
  async #step(): Promise<boolean> {
    const { queue } = this.#options;
    const underWay = queue.underWay();
    if (underWay) return this.#follow(underWay);
    const requests = await this.#choose();
    if (requests.length > 0) {
      await this.#send(requests);
      return true;
    }
    return false;
  }

  /** Takes a transaction to its end: in a block, or its number used for something else. */
  async #follow(transaction: Transaction): Promise<boolean> {
    const { chain, account } = this.#options;
    // The number first: what is in a block by then has a receipt.
    const used = (await chain.accountNonce(account)) > transaction.nonce;
    for (const { hash } of transaction.attempts) {
      const receipt = await chain.receiptOf(hash);
      if (receipt) return this.#settle(transaction, receipt);
    }
    if (used) {
      // Another relay on this account was quicker; forwarder's numbers keep anything from happening twice.
      this.#options.queue.end(transaction.id, new Map());
      return true;
    }
    await this.#insist(transaction);
    return false;
  }

  async #insist({ id, nonce, requests, attempts }: Transaction): Promise<void> {
    const { chain, config, queue, metrics } = this.#options;
    const last = attempts.at(-1);
    if (!last) throw new ProblemError('INTERNAL', 'A transaction without an attempt.');
    const stuck = Date.now() - last.sentAt > config.stuckAfterMs;
    const { offer } = await chain.fees();
    // Nodes take a replacement that offers a tenth more.
    const higher = (last.fee * 9n) / 8n + 1n;
    const fee = min(offer > higher ? offer : higher, config.feeCap);
    if (stuck && fee > (last.fee * 11n) / 10n) {
      const attempt = await this.#attempt(requests, nonce, fee);
      queue.replace(id, attempt);
      metrics.replaced();
      await chain.broadcast(attempt.raw);
    } else {
      // A node may have forgotten it, and this process may have died before it was sent.
      await chain.broadcast(last.raw);
    }
  }

  #settle(transaction: Transaction, receipt: TransactionReceipt): boolean {
    const { queue, metrics, config } = this.#options;
    const made = parseEventLogs({
      abi: sessionForwarderAbi,
      logs: receipt.logs,
      eventName: 'ExecutedForwardRequest',
    }).filter(({ address }) => isAddressEqual(address, config.deployment.forwarder));
    const outcomes = new Map<Hex, Outcome>();
    for (const { id, signer, request } of transaction.requests) {
      const own = made.find(
        ({ args }) => args.nonce === request.nonce && isAddressEqual(args.signer, signer),
      );
      if (!own) continue;
      const state = own.args.success ? 'done' : 'failed';
      outcomes.set(id, { state, transaction: receipt.transactionHash });
      metrics.ended(state);
    }
    queue.end(transaction.id, outcomes);
    return true;
  }

  /** What goes into the next transaction: in the order of arrival, and of each signer's numbers. */
  async #choose(): Promise<readonly Waiting[]> {
    const { queue, chain, config } = this.#options;
    const waiting = queue.waiting(WINDOW);
    if (waiting.length === 0) return [];
    const now = await chain.time();
    const next = await this.#nextNumbers(waiting);
    const chosen: Waiting[] = [];
    let gas = GAS_PER_TRANSACTION;
    for (const one of waiting) {
      const expected = next.get(one.signer) ?? 0n;
      if (
        await this.#isOver(one, { now, expected, first: !chosen.some(({ signer }) => signer === one.signer) })
      ) {
        continue;
      }
      if (one.request.nonce !== expected) continue;
      const alone = one.alone || one.tries >= TRIES_TOGETHER;
      if (alone && chosen.length > 0) break;
      const own = gasOf(one);
      if (chosen.length > 0 && gas + own > BigInt(config.maxBatchGas)) break;
      chosen.push(one);
      gas += own;
      next.set(one.signer, expected + 1n);
      if (alone || chosen.length >= config.maxBatch) break;
    }
    return chosen;
  }

  async #nextNumbers(waiting: readonly Waiting[]): Promise<Map<Address, bigint>> {
    const signers = [...new Set(waiting.map(({ signer }) => signer))];
    const numbers = await Promise.all(signers.map((signer) => this.#options.chain.nonceOf(signer)));
    return new Map(signers.map((signer, i) => [signer, numbers[i] ?? 0n]));
  }

  /** Settles what can't be sent, or was made elsewhere. */
  async #isOver(
    { id, request, signer, tries }: Waiting,
    { now, expected, first }: { readonly now: number; readonly expected: bigint; readonly first: boolean },
  ): Promise<boolean> {
    const { chain } = this.#options;
    if (request.nonce < expected && first) {
      const made = await chain.madeElsewhere(signer, request.nonce);
      return this.#over(
        id,
        made
          ? { state: made.success ? 'done' : 'failed', transaction: made.transaction }
          : { state: 'refused', problem: 'NONCE_USED' },
      );
    }
    if (request.deadline < now) return this.#over(id, { state: 'refused', problem: 'REQUEST_EXPIRED' });
    if (tries >= TRIES) return this.#over(id, { state: 'refused', problem: 'CALL_REFUSED' });
    if (first && request.nonce > expected)
      return this.#over(id, { state: 'refused', problem: 'NONCE_AHEAD' });
    // A session may have ended since. The forwarder can tell of the first number only; the others follow it.
    if (first && !(await chain.isValid(request))) {
      return this.#over(id, { state: 'refused', problem: 'SIGNATURE_INVALID' });
    }
    return false;
  }

  #over(id: Hex, outcome: Outcome): true {
    this.#options.queue.settle(id, outcome);
    this.#options.metrics.ended(outcome.state);
    return true;
  }

  async #send(requests: readonly Waiting[]): Promise<void> {
    const { chain, config, account, queue, metrics } = this.#options;
    const { now, offer } = await chain.fees();
    if (now > config.feeCap) throw new ProblemError('FEES_HIGH', 'Transactions cost more than the cap now.');
    const fee = min(offer, config.feeCap);
    const balance = await chain.balanceOf(account.address);
    metrics.balance(balance);
    if (balance < gasOfAll(requests) * fee) {
      throw new ProblemError('FUNDS_LOW', 'The relay’s account has too little ether.');
    }
    const nonce = await chain.accountNonce(account);
    const attempt = await this.#attempt(requests, nonce, fee);
    queue.begin(nonce, requests, attempt);
    metrics.sent(requests.length);
    await chain.broadcast(attempt.raw);
  }

  async #attempt(requests: readonly Waiting[], nonce: number, fee: bigint): Promise<Attempt> {
    const { account, chain, config } = this.#options;
    const { tip } = await chain.fees();
    const calls = requests.map(({ request: { nonce: _, ...call } }) => ({ ...call, value: 0n }));
    const raw = await account.signTransaction({
      chainId: config.deployment.chainId,
      to: config.deployment.forwarder,
      // Whoever is named here gets nothing back; that somebody is named lets one request fail without the others.
      data: encodeFunctionData({
        abi: sessionForwarderAbi,
        functionName: 'executeBatch',
        args: [calls, account.address],
      }),
      gas: gasOfAll(requests),
      nonce,
      maxFeePerGas: fee,
      maxPriorityFeePerGas: min(tip, fee),
    });
    return { hash: keccak256(raw), raw, fee, sentAt: Date.now() };
  }

  #pause(ms: number, canWake: boolean): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const { gatherMs } = this.#options.config;
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!canWake && !this.#stopped) return;
        clearTimeout(timer);
        // Others may come at the same time and go along.
        setTimeout(resolve, this.#stopped ? 0 : gatherMs);
      };
    });
  }
}

function gasOf({ request }: Waiting): bigint {
  const bytes = BYTES_PER_REQUEST + BigInt(size(request.data)) + BigInt(size(request.signature));
  // A call gets 63 of 64 parts of what there is.
  return request.gas + request.gas / 63n + GAS_PER_REQUEST + GAS_PER_BYTE * bytes;
}

function gasOfAll(requests: readonly Waiting[]): bigint {
  return requests.reduce((sum, one) => sum + gasOf(one), GAS_PER_TRANSACTION);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
