import { ChartkeyError } from '../errors.ts';
import { ciphertextLength, SEGMENT_PLAIN_LENGTH } from './body-length.ts';
import { asBytes, type Bytes } from './bytes.ts';
import { type ByteSource, iterate, rechunk } from './chunks.ts';
import { FLOE_RECORD, type FloeSession, startFloeEncryption } from './floe.ts';
import { paddedLength } from './padding.ts';
import { mapInFlight, throwIfCancelled } from './pipeline.ts';
import { type Entropy, secureEntropy } from './random.ts';
import { bodyKeyOf, originOf } from './schedule.ts';
import type { Binding, Progress } from './types.ts';

export type SealBodyParameters = {
  /** 32 bytes from `generateContentKey`, used for this record version only. */
  readonly contentKey: Uint8Array;
  readonly binding: Binding;
  /** A stream must not reuse the memory of a chunk it has handed out. */
  readonly source: Blob | ByteSource;
  /** Bytes that `source` yields, 0 to 2^40; another number fails with `INPUT_INVALID`. */
  readonly length: number;
  /** Called after each segment with true content bytes. */
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
  /**
   * Writes later segments into the memory of earlier ones: half as fast again in browsers.
   *
   * Warning: each segment is then valid only until the next one is asked for. Left out, segments
   * keep their memory.
   */
  readonly reuseMemory?: boolean;
};

export type BodySealer = {
  /** Goes into the envelope. */
  readonly floeHeader: Bytes;
  /** Bytes of all segments together. */
  readonly ciphertextLength: number;
  /**
   * The segments from `firstSegment` on (default 0).
   *
   * Warning: the content must be the same each time. Then a segment that is encrypted again has a
   * new random nonce and tells nothing new; a reader could not tell which of two contents is meant.
   */
  readonly encrypt: (
    parameters: Omit<SealBodyParameters, 'contentKey' | 'binding' | 'length' | 'source'> &
      (
        | { readonly source: Blob | ByteSource; readonly firstSegment?: 0 }
        | { readonly source: Blob; readonly firstSegment: number }
      ),
  ) => AsyncGenerator<Bytes, void, undefined>;
};

export type SealedBody = {
  /** Goes into the envelope. */
  readonly floeHeader: Bytes;
  /** Segments of 262144 bytes, the last one shorter; each is one IPFS leaf. Can be read once. */
  readonly ciphertext: AsyncGenerator<Bytes, void, undefined>;
  /** Bytes of all segments together. */
  readonly ciphertextLength: number;
};

/**
 * Encrypts a record's content with FLOE, padded so that its length tells little.
 * Nothing is read before the ciphertext is; a few MiB are in memory at any time.
 *
 * Source: docs/format.md, section 6; c2sp.org/FLOE.
 *
 * @throws ChartkeyError `INPUT_INVALID`, `INPUT_TOO_LARGE`; while reading also `CANCELLED`.
 * @example
 * const body = sealBody({ contentKey, binding, source: file, length: file.size });
 * for await (const segment of body.ciphertext) await store(segment);
 */
export function sealBody(parameters: SealBodyParameters): SealedBody {
  return sealBodyWith(secureEntropy, parameters);
}

/** {@link sealBody} with given randomness, for vectors. */
export function sealBodyWith(entropy: Entropy, parameters: SealBodyParameters): SealedBody {
  const { encrypt, ...body } = startSealing(entropy, parameters);
  return { ...body, ciphertext: encrypt(parameters) };
}

/**
 * {@link sealBody} for whoever may have to go on after an interruption: one key and one header,
 * and segments from any place on.
 */
export function prepareBody(
  parameters: Pick<SealBodyParameters, 'contentKey' | 'binding' | 'length'>,
): BodySealer {
  return startSealing(secureEntropy, parameters);
}

function startSealing(
  entropy: Entropy,
  { contentKey, binding, length }: Pick<SealBodyParameters, 'contentKey' | 'binding' | 'length'>,
): BodySealer {
  const padded = paddedLength(length);
  const key = bodyKeyOf(contentKey);
  const { header, session } = startFloeEncryption(key, originOf(binding), FLOE_RECORD, entropy);
  return {
    floeHeader: header,
    ciphertextLength: ciphertextLength(padded),
    encrypt: (options) => encryptSegments(session, padded, { ...options, length }),
  };
}

type EncryptParameters = Omit<SealBodyParameters, 'contentKey' | 'binding'> & {
  readonly firstSegment?: number;
};

async function* encryptSegments(
  session: FloeSession,
  padded: number,
  { source, length, onProgress, signal, reuseMemory = false, firstSegment = 0 }: EncryptParameters,
): AsyncGenerator<Bytes, void, undefined> {
  throwIfCancelled(signal);
  const last = Math.ceil(padded / SEGMENT_PLAIN_LENGTH) - 1;
  const start = Math.min(length, firstSegment * SEGMENT_PLAIN_LENGTH);
  const free: Bytes[] = [];
  // What a file is read into is ours; a stream's chunks are not.
  const spare: Bytes[] | undefined = source instanceof Blob ? [] : undefined;
  const encrypt = async (piece: Bytes, place: number) => {
    const index = firstSegment + place;
    const full = index < last ? SEGMENT_PLAIN_LENGTH : padded - last * SEGMENT_PLAIN_LENGTH;
    const segment = await session.encryptSegment(padTo(piece, full), index, index === last, free.pop());
    if (piece.length === SEGMENT_PLAIN_LENGTH) spare?.push(piece);
    return segment;
  };

  let done = start;
  const stream = source instanceof Blob ? contentOf(start > 0 ? source.slice(start) : source) : source;
  const pieces = pieceStream(stream, length - start, last - firstSegment, spare);
  for await (const segment of mapInFlight(pieces, encrypt, signal)) {
    yield segment;
    if (reuseMemory) free.push(segment);
    done = Math.min(length, done + SEGMENT_PLAIN_LENGTH);
    onProgress?.({ done, total: length });
  }
}

/** Streams a file: in browsers twice as fast as slices of it, however many are asked for at once. */
async function* contentOf(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* iterate(blob.stream());
  } catch (cause) {
    throw new ChartkeyError(
      'INPUT_INVALID',
      'The file could not be read; it was moved, changed or removed.',
      {
        cause,
      },
    );
  }
}

/** Pieces of a stream, then empty ones for segments that are padding through and through. */
async function* pieceStream(
  source: ByteSource,
  length: number,
  last: number,
  spare: Bytes[] | undefined,
): AsyncGenerator<Bytes, void, undefined> {
  let seen = 0;
  let yielded = 0;
  for await (const piece of rechunk(source, SEGMENT_PLAIN_LENGTH, spare)) {
    seen += piece.length;
    if (seen > length) throw wrongLength();
    // A short piece is the end of the source, and the final segment must not follow a wrong end.
    if (piece.length < SEGMENT_PLAIN_LENGTH && seen !== length) throw wrongLength();
    yield piece;
    yielded++;
  }
  if (seen !== length) throw wrongLength();
  for (; yielded <= last; yielded++) yield new Uint8Array();
}

function padTo(plaintext: Bytes, length: number): Bytes {
  if (plaintext.length === length) return plaintext;
  const padded = new Uint8Array(length);
  padded.set(asBytes(plaintext));
  return padded;
}

function wrongLength(): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', 'The source has another length than was announced.');
}
