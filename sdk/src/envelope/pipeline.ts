import { ChartkeyError } from '../errors.ts';

/**
 * Segments in flight: enough to keep every core busy while one segment is read and another is
 * written; 6 MiB of memory at most.
 */
export const IN_FLIGHT = 8;

/**
 * Maps in order with up to {@link IN_FLIGHT} calls running at once. Reads no further ahead than
 * that, so memory stays flat however long the source is.
 */
export async function* mapInFlight<T, R>(
  source: AsyncIterable<T>,
  work: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  let index = 0;
  for await (const item of source) {
    throwIfCancelled(signal);
    const job = work(item, index++);
    // It is awaited in its turn; until then a failure must not count as unhandled.
    job.catch(() => {});
    running.push(job);
    if (running.length >= IN_FLIGHT) yield running.shift() as Promise<R>;
  }
  for (const job of running) {
    throwIfCancelled(signal);
    yield job;
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ChartkeyError('CANCELLED', 'This was cancelled before it was done.', { cause: signal.reason });
  }
}
