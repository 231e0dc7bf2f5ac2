import { createHash } from 'node:crypto';
import type { Sent } from '@chartkey/sdk';

export async function sha256Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content) hash.update(piece);
  return hash.digest('hex');
}

/** Of the transaction that a call stands in. */
export function gasOf({ receipt }: Sent): number {
  return Number(receipt.gasUsed);
}

/** Most memory that this process held since, in bytes. */
export function watchMemory(): () => number {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 50).unref();
  look();
  return () => {
    clearInterval(timer);
    return peak;
  };
}
