import { asBytes, type Bytes } from './bytes.ts';

export type ByteSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Cuts a stream into pieces of exactly `size` bytes; the last one may be shorter, none is empty.
 * Pieces that arrive in the right size pass through without a copy.
 *
 * @param spare - pieces that nobody reads any more, to be filled again. Then everything is copied
 * and each chunk's memory is given back at once: for files much faster than fresh memory.
 *
 * Warning: with `spare` nobody else may hold a chunk of `source`.
 */
export async function* rechunk(
  source: ByteSource,
  size: number,
  spare?: Bytes[],
): AsyncGenerator<Bytes, void, undefined> {
  let buffer: Bytes | undefined;
  let filled = 0;
  for await (const chunk of iterate(source)) {
    let rest = asBytes(chunk);
    while (rest.length > 0) {
      if (!spare && filled === 0 && rest.length >= size) {
        yield rest.subarray(0, size);
        rest = rest.subarray(size);
        continue;
      }
      buffer ??= spare?.pop() ?? new Uint8Array(size);
      const taken = rest.subarray(0, size - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled === size) {
        yield buffer;
        buffer = undefined;
        filled = 0;
      }
    }
    if (spare) rest.buffer.transfer(0);
  }
  if (buffer && filled > 0) yield buffer.subarray(0, filled);
}

/** Not every browser can iterate a ReadableStream yet; a reader always works. */
export async function* iterate(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (Symbol.asyncIterator in source) {
    yield* source as AsyncIterable<Uint8Array>;
    return;
  }
  // TypeScript's DOM believes that every ReadableStream can be iterated.
  const reader = (source as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
