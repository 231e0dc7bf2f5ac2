import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import busboy from 'busboy';
import { drop } from './buffers.ts';
import { invalid, NodeError } from './errors.ts';

/** Of the RPC's multipart bodies we take at most this many files in one request. */
const MAX_FILES = 1_000;
/** Read ahead of the disk, each upload; also the allowance for multipart's own framing. */
const READ_AHEAD_BYTES = 1_048_576;

export type Part = {
  readonly name: string;
  /** A piece is there until the next one is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
};

/**
 * Hands each file of a multipart body to `onPart`, in order, as it streams in. A file that
 * was not read to its end when `onPart` fails ends the request.
 *
 * @throws NodeError `invalid`, `too-large`, and whatever `onPart` throws
 */
export async function eachPart(
  request: IncomingMessage,
  maxBytes: number,
  onPart: (part: Part) => Promise<void>,
): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + READ_AHEAD_BYTES) throw tooLarge(maxBytes);
  const parser = openParser(request);
  let files = 0;
  let previous: Promise<void> = Promise.resolve();
  let failure: { cause: unknown } | undefined;
  const fail = (cause: unknown) => {
    failure ??= { cause };
    parser.destroy(cause instanceof Error ? cause : new Error('upload failed', { cause }));
  };

  parser.on('file', (_field, stream, { filename, mimeType }) => {
    files += 1;
    stream.on('error', () => undefined);
    if (mimeType === 'application/x-directory') return fail(invalid('directories are not stored'));
    if (files > MAX_FILES) return fail(new NodeError('too-large', `at most ${MAX_FILES} files a request`));
    const read = async () => {
      await onPart({ name: decodeName(filename), content: pieces(stream) });
      stream.resume();
    };
    previous = previous.then(read);
    previous.catch(fail);
  });

  // Not a pipeline: that would destroy the socket, and with it the answer that says why.
  try {
    await feed(request, parser, maxBytes, () => failure !== undefined);
  } catch (error) {
    fail(error);
  }
  await previous.catch(() => undefined);
  if (failure !== undefined) throw asUploadError(failure.cause);
  if (files === 0) throw invalid('the request has no file');
}

async function feed(request: IncomingMessage, parser: Writable, maxBytes: number, stopped: () => boolean) {
  const closed = new Promise<void>((resolve, reject) => {
    parser.once('error', reject);
    parser.once('close', resolve);
  });
  // The same promise is raced below; without this a failure between two pieces goes unhandled.
  closed.catch(() => undefined);
  let bytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    if (!(piece instanceof Uint8Array)) continue;
    bytes += piece.length;
    if (bytes > maxBytes + READ_AHEAD_BYTES) throw tooLarge(maxBytes);
    if (stopped()) return;
    const written = new Promise<void>((resolve) => parser.write(piece, () => resolve()));
    await Promise.race([written, closed]);
  }
  parser.end();
  await closed;
}

function openParser(request: IncomingMessage) {
  try {
    return busboy({
      headers: request.headers,
      fileHwm: READ_AHEAD_BYTES,
      limits: { fields: 16, fieldSize: 1_024, headerPairs: 32 },
    });
  } catch (cause) {
    throw Object.assign(invalid('expected a multipart/form-data body'), { cause });
  }
}

async function* pieces(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    if (!(piece instanceof Uint8Array)) continue;
    yield piece;
    drop(piece);
  }
}

function tooLarge(maxBytes: number): NodeError {
  return new NodeError('too-large', `a request body is at most ${maxBytes} bytes`);
}

/** What busboy and the socket say about a broken body is the sender's fault, not ours. */
function asUploadError(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof NodeError) return cause;
  if (/^(Unexpected end of (form|file)|Malformed|Premature close|aborted)/i.test(cause.message)) {
    return Object.assign(invalid('the request body is cut off or malformed'), { cause });
  }
  return cause;
}

function decodeName(name: string | undefined): string {
  try {
    return decodeURIComponent(name ?? '');
  } catch {
    return '';
  }
}
