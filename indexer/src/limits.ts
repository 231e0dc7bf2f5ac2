import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from './problems.ts';

/** Throws `RATE_LIMITED` once somebody asked more often than allowed. */
export type RateLimit = (who: string) => Promise<void>;

/** So many a minute. Counts lie in this process. */
export function rateLimit(points: number): RateLimit {
  if (points === 0) return async () => {};
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  return async (who) => {
    try {
      await limiter.consume(who);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const retryAfter = Math.ceil(cause.msBeforeNext / 1000);
      throw new ProblemError('RATE_LIMITED', `At most ${points} questions a minute.`, { retryAfter });
    }
  };
}
