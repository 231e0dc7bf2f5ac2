import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from './problems.ts';

/** Throws `RATE_LIMITED` once somebody asked more often than allowed. */
export type RateLimit = (who: string, count?: number) => Promise<void>;

/**
 * So many in so many seconds; 0 for any number.
 *
 * Counts lie in this process: two instances behind one name let through twice as much. Nothing
 * that decides about anybody's data may depend on them.
 */
export function rateLimit(points: number, seconds = 60): RateLimit {
  if (points === 0) return async () => {};
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  const words = `At most ${points} requests ${seconds === 60 ? 'a minute' : `in ${seconds} seconds`}.`;
  return async (who, count = 1) => {
    try {
      await limiter.consume(who, count);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      throw new ProblemError('RATE_LIMITED', words, { retryAfter: Math.ceil(cause.msBeforeNext / 1000) });
    }
  };
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
