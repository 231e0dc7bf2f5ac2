import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from './problems.ts';

/** Throws `RATE_LIMITED` once somebody asked more often than allowed. */
export type RateLimit = (who: string, count: number) => Promise<void>;

/** So many in so many seconds. Counts lie in this process. */
export function rateLimit(points: number, seconds: number): RateLimit {
  if (points === 0) return async () => {};
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (who, count) => {
    try {
      await limiter.consume(who, count);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const retryAfter = Math.ceil(cause.msBeforeNext / 1000);
      throw new ProblemError('RATE_LIMITED', `At most ${points} in ${seconds} seconds.`, { retryAfter });
    }
  };
}
