import type { Metadata } from '../envelope/index.ts';
import { ChartkeyError } from '../errors.ts';

/** The part of an opened record that is needed to write it out. */
export type ReadableRecord = {
  readonly metadata: Metadata;
  readonly content: (options?: { readonly signal?: AbortSignal }) => AsyncIterable<Uint8Array>;
  readonly range: (
    offset: number,
    length: number,
    options?: { readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
};

type Options = {
  readonly signal?: AbortSignal | undefined;
  readonly retryDelaysMs?: readonly number[] | undefined;
};

/** 32 segments of a body, less the 32 bytes that each of them takes for itself: 8 MiB. */
const PIECE_BYTES = 32 * 262_112;
const RETRY_DELAYS_MS: readonly number[] = [500, 2_000, 5_000];

/**
 * A record's content, asked for again when storage is away for a moment. A record of one piece is
 * verified to its last byte before this returns, so that nothing of it is written if it is broken.
 *
 * Memory: two pieces of 8 MiB.
 */
export async function openPieces(
  open: () => Promise<ReadableRecord>,
  { signal, retryDelaysMs = RETRY_DELAYS_MS }: Options,
): Promise<{ readonly metadata: Metadata; readonly pieces: AsyncIterable<Uint8Array> }> {
  const again = <T>(work: () => Promise<T>) => withRetries(work, retryDelaysMs, signal);
  const record = await again(open);
  const { metadata } = record;
  if (metadata.length <= PIECE_BYTES) {
    const pieces = await again(() => all(record.content(signal && { signal })));
    return { metadata, pieces: each(pieces) };
  }
  const read = (offset: number) =>
    again(() => record.range(offset, PIECE_BYTES, signal ? { signal } : undefined));
  return { metadata, pieces: oneAhead(metadata.length, await read(0), read) };
}

/** While one piece is written, the next is fetched. */
async function* oneAhead(
  length: number,
  first: Uint8Array,
  read: (offset: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let piece = first;
  for (let offset = 0; ; ) {
    offset += piece.length;
    const next = offset < length ? read(offset) : undefined;
    // It is awaited below; until then a failure is not unheard of.
    next?.catch(() => undefined);
    yield piece;
    if (!next) return;
    piece = await next;
    if (piece.length === 0) throw new ChartkeyError('BODY_TRUNCATED', 'The record is shorter than it says.');
  }
}

async function withRetries<T>(
  work: () => Promise<T>,
  delaysMs: readonly number[],
  signal: AbortSignal | undefined,
): Promise<T> {
  for (const delay of delaysMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ChartkeyError && error.retryable) || signal?.aborted) throw error;
    }
    await pause(delay, signal);
  }
  return work();
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
}
