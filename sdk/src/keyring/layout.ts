import { asBytes, type Bytes, concat, equal, utf8 } from '../envelope/bytes.ts';
import { PUBLIC_KEY_LENGTH, SEED_LENGTH } from '../envelope/index.ts';
import { EnvelopeError } from '../errors.ts';
import { HEAD_LENGTHS, isAcceptableArgon2, SEALED_LENGTH, WRAP_KINDS, type Wrap } from './wraps.ts';

/** Keys a patient has had: more than anybody needs, and a bound on what a reader tries. */
export const MAX_SEEDS = 32;
export const MAX_WRAPS = 8;
const MAGIC = utf8('CHARTRNG');
const VERSION = 1;
const HEADER_LENGTH = MAGIC.length + 2;
const RING_VERSION = 1;

/** A patient's block on IPFS, whose SHA-256 stands on chain (docs/format.md, section 11). */
export type KeyBlock = {
  /** What authors seal to. */
  readonly publicKey: Bytes;
  /** Undefined where the key is kept by other means: then the block is the public key alone. */
  readonly ring: SealedRing | undefined;
};

export type SealedRing = {
  readonly wraps: readonly Wrap[];
  readonly nonce: Bytes;
  /** Encoded seeds and the tag. */
  readonly ciphertext: Bytes;
};

/** Everything before the ring's nonce: what the ring is bound to. */
export function encodeBeforeRing(publicKey: Uint8Array, wraps: readonly Wrap[]): Bytes {
  if (wraps.length < 1 || wraps.length > MAX_WRAPS) throw malformed('A key block has 1 to 8 wraps.');
  return concat(
    publicKey,
    MAGIC,
    Uint8Array.of(VERSION, wraps.length),
    ...wraps.flatMap(({ head, sealed }) => [head, sealed]),
  );
}

/**
 * Reads a key block. Exactly one encoding of a thing is accepted.
 *
 * @throws EnvelopeError `ENVELOPE_MALFORMED`, `ENVELOPE_VERSION_UNKNOWN`, `ENVELOPE_LENGTH`
 */
export function parseKeyBlock(bytes: Uint8Array): KeyBlock {
  if (bytes.length < PUBLIC_KEY_LENGTH) throw wrongLength();
  const publicKey = asBytes(bytes).slice(0, PUBLIC_KEY_LENGTH);
  if (bytes.length === PUBLIC_KEY_LENGTH) return { publicKey, ring: undefined };

  const header = bytes.subarray(PUBLIC_KEY_LENGTH, PUBLIC_KEY_LENGTH + HEADER_LENGTH);
  if (header.length < HEADER_LENGTH) throw wrongLength();
  if (!equal(header.subarray(0, MAGIC.length), MAGIC)) throw malformed('This is no key block.');
  if (header[MAGIC.length] !== VERSION)
    throw new EnvelopeError('ENVELOPE_VERSION_UNKNOWN', 'This key block has a version that is not known.');
  const count = header[MAGIC.length + 1] ?? 0;
  if (count < 1 || count > MAX_WRAPS) throw malformed('A key block has 1 to 8 wraps.');

  const wraps: Wrap[] = [];
  let at = PUBLIC_KEY_LENGTH + HEADER_LENGTH;
  for (let i = 0; i < count; i++) {
    const wrap = parseWrap(bytes.subarray(at));
    wraps.push(wrap);
    at += wrap.head.length + wrap.sealed.length;
  }
  const ring = asBytes(bytes.subarray(at));
  if (seedCountOf(ring.length - 12 - 16) === undefined) throw wrongLength();
  return { publicKey, ring: { wraps, nonce: ring.slice(0, 12), ciphertext: ring.slice(12) } };
}

/** Version 1 ‖ count 1 ‖ seeds, the newest first. */
export function encodeSeeds(seeds: readonly Uint8Array[]): Bytes {
  return concat(Uint8Array.of(RING_VERSION, seeds.length), ...seeds);
}

/** @throws EnvelopeError `ENVELOPE_MALFORMED` */
export function parseSeeds(bytes: Uint8Array): readonly Bytes[] {
  const count = seedCountOf(bytes.length);
  if (bytes[0] !== RING_VERSION || count === undefined || bytes[1] !== count)
    throw malformed('A key ring is malformed.');
  return Array.from({ length: count }, (_, i) =>
    asBytes(bytes).slice(2 + i * SEED_LENGTH, 2 + (i + 1) * SEED_LENGTH),
  );
}

function parseWrap(bytes: Uint8Array): Wrap {
  const kind =
    bytes[0] === WRAP_KINDS.code ? 'code' : bytes[0] === WRAP_KINDS.passkey ? 'passkey' : undefined;
  if (kind === undefined) throw malformed('A wrap of a kind that is not known.');
  const headLength = HEAD_LENGTHS[kind];
  if (bytes.length < headLength + SEALED_LENGTH) throw wrongLength();
  const head = asBytes(bytes).slice(0, headLength);
  if (kind === 'code' && !isAcceptableArgon2(head)) throw malformed('A wrap asks for more than is allowed.');
  return { kind, head, sealed: asBytes(bytes).slice(headLength, headLength + SEALED_LENGTH) };
}

function seedCountOf(length: number): number | undefined {
  const count = (length - 2) / SEED_LENGTH;
  return Number.isInteger(count) && count >= 1 && count <= MAX_SEEDS ? count : undefined;
}

function malformed(message: string): EnvelopeError {
  return new EnvelopeError('ENVELOPE_MALFORMED', message);
}

function wrongLength(): EnvelopeError {
  return new EnvelopeError('ENVELOPE_LENGTH', 'A key block has a wrong length.');
}
