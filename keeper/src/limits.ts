import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from './problems.ts';

/** Throws `RATE_LIMITED` once somebody asked more often than allowed. */
export type RateLimit = (who: string) => Promise<void>;

/**
 * So many a minute.
 *
 * Counts lie in this process, and are the only thing in a keeper that outlives a request: two
 * instances behind one name let through twice as much. Nothing that decides about a release
 * depends on them.
 */
export function rateLimit(perMinute: number): RateLimit {
  if (perMinute === 0) return async () => {};
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (who) => {
    try {
      await limiter.consume(who);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const retryAfter = Math.ceil(cause.msBeforeNext / 1000);
      throw new ProblemError('RATE_LIMITED', `At most ${perMinute} requests a minute.`, { retryAfter });
    }
  };
}

/** Lets so many at once do their work; as many again times eight wait in order, and more are sent away. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ProblemError `BUSY` */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working >= this.#limit) await this.#turn();
    else this.#working++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waited takes this place over.
      if (next) next();
      else this.#working--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= 8 * this.#limit) {
      throw new ProblemError('BUSY', 'More requests wait than this keeper takes.');
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

type NodeBindings = { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };

/**
 * From where a request comes: the connection's address, or what the outermost reverse proxy of
 * ours wrote into X-Forwarded-For. Whatever stands left of that, anybody may have written.
 */
export function addressOf(c: Context, trustedProxies: number): string {
  const direct = (c.env as NodeBindings | undefined)?.incoming?.socket?.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return networkOf(direct);
  const chain = (c.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => entry.trim());
  return networkOf(chain.at(-trustedProxies) || direct);
}

/** One household has 2^64 addresses of version 6: its network counts. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [left = '', right = ''] = address.split('::');
  const before = left.split(':').filter(Boolean);
  const after = right.split(':').filter(Boolean);
  const zeros = address.includes('::') ? Array<string>(8 - before.length - after.length).fill('0') : [];
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
