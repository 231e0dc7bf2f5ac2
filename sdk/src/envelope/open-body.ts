import { ChartkeyError, IntegrityError } from '../errors.ts';
import { plaintextLength, SEGMENT_LENGTH, SEGMENT_PLAIN_LENGTH } from './body-length.ts';
import type { Bytes } from './bytes.ts';
import { type ByteSource, rechunk } from './chunks.ts';
import { type FloeSession, startFloeDecryption } from './floe.ts';
import { openMetadata } from './metadata.ts';
import { paddedLength } from './padding.ts';
import { mapInFlight, throwIfCancelled } from './pipeline.ts';
import { bodyKeyOf, originOf } from './schedule.ts';
import type { Envelope, Progress } from './types.ts';

/** Reads `length` bytes of the body's ciphertext from `offset` on; storage stands behind it. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

/** Longest range in one call, bytes: a true length is only the author's word, and memory is ours. */
export const MAX_RANGE_LENGTH = 32 * 1_048_576;

type Opening = {
  readonly envelope: Envelope;
  /** Verified: from `combineShares` or `openPatientBlock`. */
  readonly contentKey: Uint8Array;
  readonly signal?: AbortSignal;
};

export type OpenBodyParameters = Opening & {
  /** Called after each segment with true content bytes. */
  readonly onProgress?: Progress;
} & ({ readonly readRange: ReadRange } | { readonly ciphertext: ByteSource });

export type OpenBodyRangeParameters = Opening & {
  readonly readRange: ReadRange;
  /** First content byte. */
  readonly offset: number;
  /** Content bytes, up to {@link MAX_RANGE_LENGTH}; fewer come back at the end of the content. */
  readonly length: number;
};

/**
 * Decrypts a record's content, trimmed to its true length. Each piece is verified before it is
 * handed out, in order and where it belongs; a cut end shows only when the end is reached, so
 * nobody should act on the content before the iteration has ended without an error.
 *
 * Source: docs/format.md, section 6; c2sp.org/FLOE.
 *
 * @throws IntegrityError `BODY_HEADER_BROKEN`, `METADATA_BROKEN`, `BODY_SEGMENT_BROKEN`,
 * `BODY_TRUNCATED`, `BODY_EXTENDED`.
 * @throws ChartkeyError `CANCELLED`.
 */
export async function* openBody(parameters: OpenBodyParameters): AsyncGenerator<Bytes, void, undefined> {
  const { envelope, signal, onProgress } = parameters;
  throwIfCancelled(signal);
  const { session, length, last } = await startOpening(parameters);
  const segments =
    'readRange' in parameters
      ? mapInFlight(positions(0, last), (i) => readSegment(parameters.readRange, envelope, i), signal)
      : wholeBody(parameters.ciphertext, envelope.bodyLength);
  const decrypt = (segment: Bytes, index: number) => session.decryptSegment(segment, index, index === last);

  let done = 0;
  for await (const plaintext of mapInFlight(segments, decrypt, signal)) {
    const piece = plaintext.subarray(0, length - done);
    done += piece.length;
    if (piece.length > 0) yield piece;
    onProgress?.({ done, total: length });
  }
}

/**
 * Decrypts a part of a record's content: only the segments that hold it are read.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a range that does not start in the content,
 * `INPUT_TOO_LARGE`; else as {@link openBody}.
 */
export async function openBodyRange(parameters: OpenBodyRangeParameters): Promise<Bytes> {
  const { envelope, readRange, offset, signal } = parameters;
  if (parameters.length > MAX_RANGE_LENGTH) {
    throw new ChartkeyError('INPUT_TOO_LARGE', 'The range is too long: open the body as a stream.');
  }
  const { session, length, last } = await startOpening(parameters);
  const end = Math.min(length, offset + parameters.length);
  if (!isWhole(offset) || !isWhole(parameters.length) || offset > length) {
    throw new ChartkeyError('INPUT_INVALID', 'The range does not lie in the content.');
  }
  const out = new Uint8Array(Math.max(0, end - offset));
  if (out.length === 0) return out;

  const first = Math.floor(offset / SEGMENT_PLAIN_LENGTH);
  const final = Math.floor((end - 1) / SEGMENT_PLAIN_LENGTH);
  const open = async (i: number) =>
    session.decryptSegment(await readSegment(readRange, envelope, i), i, i === last);
  let start = first * SEGMENT_PLAIN_LENGTH;
  for await (const plaintext of mapInFlight(positions(first, final), open, signal)) {
    const piece = plaintext.subarray(Math.max(0, offset - start), end - start);
    out.set(piece, Math.max(0, start - offset));
    start += SEGMENT_PLAIN_LENGTH;
  }
  return out;
}

async function startOpening({ envelope, contentKey }: Opening) {
  const session: FloeSession = startFloeDecryption(
    bodyKeyOf(contentKey),
    originOf(envelope),
    envelope.floeHeader,
  );
  const { length } = await openMetadata(envelope, contentKey);
  // The author sealed both; a reader who believed a longer true length would show padding.
  if (paddedLength(length) !== plaintextLength(envelope.bodyLength)) {
    throw new IntegrityError('METADATA_BROKEN', 'The true length does not belong to this body.');
  }
  return { session, length, last: Math.ceil(envelope.bodyLength / SEGMENT_LENGTH) - 1 };
}

async function* positions(first: number, last: number): AsyncGenerator<number, void, undefined> {
  for (let i = first; i <= last; i++) yield i;
}

async function readSegment(readRange: ReadRange, { bodyLength }: Envelope, index: number): Promise<Bytes> {
  const offset = index * SEGMENT_LENGTH;
  const wanted = Math.min(SEGMENT_LENGTH, bodyLength - offset);
  const bytes = await readRange(offset, wanted);
  if (bytes.length < wanted) throw truncated();
  if (bytes.length > wanted) throw extended();
  return bytes as Bytes;
}

/** Passes on exactly `bodyLength` bytes in segments, or fails. */
async function* wholeBody(source: ByteSource, bodyLength: number): AsyncGenerator<Bytes, void, undefined> {
  let seen = 0;
  for await (const segment of rechunk(source, SEGMENT_LENGTH)) {
    seen += segment.length;
    if (seen > bodyLength) throw extended();
    if (segment.length < SEGMENT_LENGTH && seen < bodyLength) throw truncated();
    yield segment;
  }
  if (seen < bodyLength) throw truncated();
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function truncated(): IntegrityError {
  return new IntegrityError('BODY_TRUNCATED', 'The body ends before its end.');
}

function extended(): IntegrityError {
  return new IntegrityError('BODY_EXTENDED', 'The body goes on after its end.');
}
