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
/** For so many blocks a request counts as it was found when it came. */
const FRESH_BLOCKS = 10n;
/** Requests that are looked at for one transaction. */
const WINDOW = 500;

/** What is known of a request when it is looked at for a transaction. */
type Look = {
  readonly time: number;
  /** Its signer's next number. */
  readonly expected: bigint;
  /** None of its signer stands before it. */
  readonly first: boolean;
  /** The forwarder would take it now; asked for each signer's next number. */
  readonly valid: boolean;
};

/** When to look again: a transaction is under way or something is wrong (`later`), or nothing waits (`idle`). */
type Next = 'at once' | 'later' | 'idle';

/** Sends what waits: one transaction at a time, each written down before it goes. */
export class Sender {
  readonly #options: SenderOptions;
  #trouble: ProblemError | undefined;
  /** Ends the pause that is under way. */
  #interrupt: (() => void) | undefined;
  /** Something came since the queue was last looked at. */
  #woken = false;
  #idle = false;
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
    this.#woken = true;
    if (this.#idle) this.#interrupt?.();
  }

  /** Ends after the step that is under way; what waits is sent by the next process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#interrupt?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const next = await this.#tryStep();
      if (next === 'at once') continue;
      this.#idle = next === 'idle';
      if (!(this.#idle && this.#woken)) await this.#pause(this.#options.config.pollMs);
      const fresh = this.#idle && this.#woken;
      this.#idle = false;
      // Others may come at the same time and go along.
      if (fresh) await this.#pause(this.#options.config.gatherMs);
    }
  }

  async #tryStep(): Promise<Next> {
    const { log, metrics } = this.#options;
    try {
      const next = await this.#step();
      this.#trouble = undefined;
      return next;
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
      return 'later';
    }
  }

  async #step(): Promise<Next> {
    const { queue } = this.#options;
    const underWay = queue.underWay();
    if (underWay) return this.#follow(underWay);
    this.#woken = false;
    const requests = await this.#choose();
    if (requests.length === 0) return 'idle';
    await this.#send(requests);
    return 'at once';
  }

  /** Takes a transaction to its end: in a block, or its number used for something else. */
  async #follow(transaction: Transaction): Promise<Next> {
    const { chain, account, queue } = this.#options;
    if (await this.#settleIfMade(transaction)) return 'at once';
    const used = (await chain.accountNonce(account)) > transaction.nonce;
    if (!used) {
      await this.#insist(transaction);
      return 'later';
    }
    // What was in a block when the number was looked at has a receipt by now.
    if (await this.#settleIfMade(transaction)) return 'at once';
    // Another relay on this account was quicker; forwarder's numbers keep anything from happening twice.
    queue.end(transaction.id, new Map());
    return 'at once';
  }

  async #settleIfMade(transaction: Transaction): Promise<boolean> {
    for (const { hash } of transaction.attempts.toReversed()) {
      const receipt = await this.#options.chain.receiptOf(hash);
      if (!receipt) continue;
      this.#settle(transaction, receipt);
      return true;
    }
    return false;
  }

  async #insist({ id, nonce, requests, attempts }: Transaction): Promise<void> {
    const { chain, config, queue, metrics } = this.#options;
    const last = attempts.at(-1);
    if (!last) throw new ProblemError('INTERNAL', 'A transaction without an attempt.');
    const stuck = Date.now() - last.sentAt > config.stuckAfterMs;
    const { offer, tip } = await chain.fees();
    // Nodes take a replacement that offers a tenth more.
    const higher = (last.fee * 9n) / 8n + 1n;
    const fee = min(offer > higher ? offer : higher, config.feeCap);
    if (stuck && fee > (last.fee * 11n) / 10n) {
      const attempt = await this.#attempt(requests, { nonce, fee, tip });
      queue.replace(id, attempt);
      metrics.replaced();
      await chain.broadcast(attempt.raw);
    } else {
      // A node may have forgotten it, and this process may have died before it was sent.
      await chain.broadcast(last.raw);
    }
  }

  #settle(transaction: Transaction, receipt: TransactionReceipt): void {
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
  }

  /** What goes into the next transaction: in the order of arrival, and of each signer's numbers. */
  async #choose(): Promise<readonly Waiting[]> {
    const { queue, chain, config } = this.#options;
    const waiting = queue.waiting(WINDOW);
    if (waiting.length === 0) return [];
    const { time, block } = await chain.now();
    const firsts = new Map(waiting.toReversed().map((one) => [one.signer, one]));
    const stale = [...firsts.values()].filter((one) => isStale(one, block)).map(({ signer }) => signer);
    const next = await this.#nextNumbers(stale);
    const valid = await this.#validOnes(
      waiting.filter(({ signer, request }) => request.nonce === next.get(signer)),
    );
    const chosen: Waiting[] = [];
    let gas = GAS_PER_TRANSACTION;
    const met = new Set<Address>();
    for (const one of waiting) {
      const first = !met.has(one.signer);
      const asked = next.has(one.signer);
      const expected = next.get(one.signer) ?? one.request.nonce;
      const look = { time, expected, first, valid: !asked || valid.has(one.id) };
      if (await this.#isOver(one, look)) continue;
      met.add(one.signer);
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

  async #nextNumbers(signers: readonly Address[]): Promise<Map<Address, bigint>> {
    const numbers = await Promise.all(signers.map((signer) => this.#options.chain.nonceOf(signer)));
    return new Map(signers.map((signer, i) => [signer, numbers[i] ?? 0n]));
  }

  /** The forwarder can tell of each signer's next number only; the others follow it. */
  async #validOnes(nextOnes: readonly Waiting[]): Promise<ReadonlySet<Hex>> {
    const answers = await Promise.all(nextOnes.map(({ request }) => this.#options.chain.isValid(request)));
    return new Set(nextOnes.filter((_, i) => answers[i]).map(({ id }) => id));
  }

  /** Settles what can't be sent, or was made elsewhere. */
  async #isOver(
    { id, request, signer, tries, sinceBlock }: Waiting,
    { time, expected, first, valid }: Look,
  ): Promise<boolean> {
    const { chain } = this.#options;
    if (request.nonce < expected && first) {
      const made = await chain.madeElsewhere(signer, request.nonce, sinceBlock);
      return this.#over(
        id,
        made
          ? { state: made.success ? 'done' : 'failed', transaction: made.transaction }
          : { state: 'refused', problem: 'NONCE_USED' },
      );
    }
    if (request.deadline < time) return this.#over(id, { state: 'refused', problem: 'REQUEST_EXPIRED' });
    if (tries >= TRIES) return this.#over(id, { state: 'refused', problem: 'CALL_REFUSED' });
    if (!first) return false;
    if (request.nonce > expected) return this.#over(id, { state: 'refused', problem: 'NONCE_AHEAD' });
    // A session may have ended since, or a wallet may have another owner.
    if (!valid) return this.#over(id, { state: 'refused', problem: 'SIGNATURE_INVALID' });
    return false;
  }

  #over(id: Hex, outcome: Outcome): true {
    this.#options.queue.settle(id, outcome);
    this.#options.metrics.ended(outcome.state);
    return true;
  }

  async #send(requests: readonly Waiting[]): Promise<void> {
    const { chain, config, account, queue, metrics } = this.#options;
    const [{ least, offer, tip }, balance, nonce] = await Promise.all([
      chain.fees(),
      chain.balanceOf(account.address),
      chain.accountNonce(account),
    ]);
    metrics.balance(balance);
    if (least > config.feeCap)
      throw new ProblemError('FEES_HIGH', 'Transactions cost more than the cap now.');
    const fee = min(offer, config.feeCap);
    if (balance < gasOfAll(requests) * fee) {
      throw new ProblemError('FUNDS_LOW', 'The relay’s account has too little ether.');
    }
    const attempt = await this.#attempt(requests, { nonce, fee, tip });
    queue.begin(nonce, requests, attempt);
    metrics.sent(requests.length);
    await chain.broadcast(attempt.raw);
  }

  async #attempt(
    requests: readonly Waiting[],
    { nonce, fee, tip }: { readonly nonce: number; readonly fee: bigint; readonly tip: bigint },
  ): Promise<Attempt> {
    const { account, config } = this.#options;
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

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What was looked at lately goes as it is: the forwarder looks too, and if it skips it, the chain is asked. */
function isStale({ tries, sinceBlock }: Waiting, block: bigint): boolean {
  return tries > 0 || block > sinceBlock + FRESH_BLOCKS;
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
