import { IntegrityError } from '../errors.ts';
import { asBytes, type Bytes, concat, equal, requireLength, uint, utf8 } from './bytes.ts';
import { hkdfExpandSha384 } from './hash.ts';
import { type Entropy, secureEntropy } from './random.ts';

/*
 * FLOE, c2sp.org/FLOE: random-access authenticated encryption in segments, committing to its
 * key. AEAD AES-256-GCM (id 0), KDF HKDF-Expand-SHA-384 (id 0), FLOE IV 32. Names in comments
 * are the specification's.
 */

export type FloeParameters = {
  /** ENC_SEG_LEN, bytes: 33 or more. */
  readonly segmentLength: number;
  /** AEAD_ROTATION_MASK: 2^rotationBits segments share an AES key. */
  readonly rotationBits: number;
};

/** What records are written with. Other parameters exist for the published vectors. */
export const FLOE_RECORD: FloeParameters = { segmentLength: 262_144, rotationBits: 20 };

const KEY_LENGTH = 32;
const IV_LENGTH = 32;
const TAG_LENGTH = 32;
const PARAMETERS_LENGTH = 10;
const NONCE_LENGTH = 12;
const AEAD_TAG_LENGTH = 16;
const LENGTH_FIELD = 4;
const SEGMENT_HEADER = LENGTH_FIELD + NONCE_LENGTH;
/** Segment AAD: position 8 ‖ final 1 */
const PLACE_LENGTH = 9;
const NOT_FINAL = 0xffff_ffff;
/** AEAD_MAX_SEGMENTS */
const MAX_SEGMENTS = 2 ** 40;

export const FLOE_OVERHEAD = SEGMENT_HEADER + AEAD_TAG_LENGTH;

/** startEncryption */
export function startFloeEncryption(
  key: Uint8Array,
  aad: Uint8Array,
  parameters: FloeParameters = FLOE_RECORD,
  entropy: Entropy = secureEntropy,
): { readonly header: Bytes; readonly session: FloeSession } {
  requireLength(key, KEY_LENGTH, 'A FLOE key');
  const iv = entropy.bytes(IV_LENGTH);
  const prefix = concat(encodeParameters(parameters), iv);
  const header = concat(prefix, floeKdf(key, prefix, 'HEADER_TAG:', aad, TAG_LENGTH));
  return { header, session: newSession(key, prefix, aad, parameters, entropy) };
}

/**
 * startDecryption
 *
 * @throws IntegrityError `BODY_HEADER_BROKEN`: other parameters, another key or other AAD.
 */
export function startFloeDecryption(
  key: Uint8Array,
  aad: Uint8Array,
  header: Uint8Array,
  parameters: FloeParameters = FLOE_RECORD,
): FloeSession {
  requireLength(key, KEY_LENGTH, 'A FLOE key');
  const prefix = asBytes(header.subarray(0, PARAMETERS_LENGTH + IV_LENGTH));
  const expected = floeKdf(key, prefix, 'HEADER_TAG:', aad, TAG_LENGTH);
  const known = equal(header.subarray(0, PARAMETERS_LENGTH), encodeParameters(parameters));
  if (!known || !equal(header.subarray(prefix.length), expected)) {
    throw new IntegrityError('BODY_HEADER_BROKEN', 'The body was not written with this key in this place.');
  }
  return newSession(key, prefix, aad, parameters, secureEntropy);
}

/** Encrypts and decrypts single segments by position; safe to call many times at once. */
export class FloeSession {
  readonly parameters: FloeParameters;
  readonly #messageKey: Bytes;
  readonly #prefix: Bytes;
  readonly #aad: Bytes;
  readonly #entropy: Entropy;
  readonly #nonce = new Uint8Array(NONCE_LENGTH);
  readonly #place = new DataView(new ArrayBuffer(PLACE_LENGTH));
  #cached: { readonly epoch: number; readonly key: Promise<CryptoKey> } | undefined;

  constructor(messageKey: Bytes, prefix: Bytes, aad: Bytes, parameters: FloeParameters, entropy: Entropy) {
    this.parameters = parameters;
    this.#messageKey = messageKey;
    this.#prefix = prefix;
    this.#aad = aad;
    this.#entropy = entropy;
  }

  /** Plaintext bytes of a full segment. */
  get capacity(): number {
    return this.parameters.segmentLength - FLOE_OVERHEAD;
  }

  /**
   * encryptSegment. Each position is encrypted once, and none after the final one.
   *
   * @param into - memory for a full segment that nobody reads any more; taken if the size fits.
   */
  async encryptSegment(
    plaintext: Uint8Array,
    position: number,
    isFinal: boolean,
    into?: Bytes,
  ): Promise<Bytes> {
    if (isFinal ? plaintext.length > this.capacity : plaintext.length !== this.capacity) {
      throw new RangeError('A segment must be full unless it is the final one.');
    }
    const key = await this.#keyAt(position, isFinal);
    const nonce = this.#entropy.fill(this.#nonce).slice();
    const sealing = globalThis.crypto.subtle.encrypt(
      this.#gcm(this.#nonce, position, isFinal),
      key,
      asBytes(plaintext),
    );

    const segment = withRoomBefore(await sealing, into);
    viewOf(segment).setUint32(0, isFinal ? segment.length : NOT_FINAL);
    segment.set(nonce, LENGTH_FIELD);
    return segment;
  }

  /**
   * decryptSegment
   *
   * @throws IntegrityError `BODY_SEGMENT_BROKEN`: altered, moved, of another body, or wrongly
   * claimed to be (or not to be) the final one.
   */
  async decryptSegment(segment: Uint8Array, position: number, isFinal: boolean): Promise<Bytes> {
    if (!this.#hasLength(segment, isFinal)) throw brokenSegment(position);
    const key = await this.#keyAt(position, isFinal);
    const nonce = asBytes(segment.subarray(LENGTH_FIELD, SEGMENT_HEADER));
    const sealed = asBytes(segment.subarray(SEGMENT_HEADER));
    try {
      return new Uint8Array(
        await globalThis.crypto.subtle.decrypt(this.#gcm(nonce, position, isFinal), key, sealed),
      );
    } catch (cause) {
      throw brokenSegment(position, cause);
    }
  }

  /**
   * WebCrypto copies all of this before the call returns, so calls share the memory. Fresh memory
   * for so few bytes costs Chromium a fifth of its speed.
   */
  #gcm(iv: Bytes, position: number, isFinal: boolean): AesGcmParams {
    this.#place.setBigUint64(0, BigInt(position));
    this.#place.setUint8(8, isFinal ? 1 : 0);
    return { name: 'AES-GCM', iv, additionalData: this.#place, tagLength: 8 * AEAD_TAG_LENGTH };
  }

  /** The first three assertions of decryptSegment: everything the length field has to say. */
  #hasLength(segment: Uint8Array, isFinal: boolean): boolean {
    if (segment.length < FLOE_OVERHEAD || segment.length > this.parameters.segmentLength) return false;
    const field = segmentLengthField(segment);
    if (isFinal) return field === segment.length;
    return field === NOT_FINAL && segment.length === this.parameters.segmentLength;
  }

  /** DERIVE_KEY; the key of the current 2^rotationBits segments is held. */
  #keyAt(position: number, isFinal: boolean): Promise<CryptoKey> {
    const last = isFinal ? MAX_SEGMENTS - 1 : MAX_SEGMENTS - 2;
    if (!Number.isSafeInteger(position) || position < 0 || position > last) {
      throw new RangeError('A segment position must lie in 0..2^40-1.');
    }
    const epoch = position - (position % 2 ** this.parameters.rotationBits);
    if (this.#cached?.epoch !== epoch) this.#cached = { epoch, key: this.#deriveKey(epoch) };
    return this.#cached.key;
  }

  #deriveKey(epoch: number): Promise<CryptoKey> {
    const purpose = concat(utf8('DEK:'), uint(epoch, 8));
    const raw = hkdfExpandSha384(this.#messageKey, concat(this.#prefix, purpose, this.#aad), KEY_LENGTH);
    return globalThis.crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  }
}

/**
 * A segment with `sealed` in its place. Fresh memory costs a third of the speed in Node and in
 * Chromium, so it goes into memory that is there, or is grown and moved where it lies.
 */
function withRoomBefore(sealed: ArrayBuffer, into: Bytes | undefined): Bytes {
  const length = SEGMENT_HEADER + sealed.byteLength;
  if (into?.length === length) {
    into.set(new Uint8Array(sealed), SEGMENT_HEADER);
    // Given back now, it serves the next call; left to the garbage collector, Node takes twice as long.
    sealed.transfer(0);
    return into;
  }
  const segment = new Uint8Array(sealed.transfer(length));
  segment.copyWithin(SEGMENT_HEADER, 0);
  return segment;
}

/** True if the segment says of itself that others follow. A reader of streams decides by it. */
export function saysMoreFollow(segment: Uint8Array): boolean {
  return segment.length >= LENGTH_FIELD && segmentLengthField(segment) === NOT_FINAL;
}

function segmentLengthField(segment: Uint8Array): number {
  return viewOf(segment).getUint32(0);
}

function viewOf(segment: Uint8Array): DataView {
  return new DataView(segment.buffer, segment.byteOffset, LENGTH_FIELD);
}

function newSession(
  key: Uint8Array,
  prefix: Bytes,
  aad: Uint8Array,
  parameters: FloeParameters,
  entropy: Entropy,
): FloeSession {
  const messageKey = floeKdf(key, prefix, 'MESSAGE_KEY:', aad, 48);
  return new FloeSession(messageKey, prefix, new Uint8Array(aad), parameters, entropy);
}

/** FLOE_KDF, where `prefix` is PARAM_ENCODE(params) ‖ iv. */
function floeKdf(
  key: Uint8Array,
  prefix: Uint8Array,
  purpose: string,
  aad: Uint8Array,
  length: number,
): Bytes {
  return hkdfExpandSha384(key, concat(prefix, utf8(purpose), aad), length);
}

/** PARAM_ENCODE: AEAD_ID 1 ‖ KDF_ID 1 ‖ ENC_SEG_LEN 4 ‖ FLOE_IV_LEN 4 */
export function encodeParameters({ segmentLength }: FloeParameters): Bytes {
  return concat(Uint8Array.of(0, 0), uint(segmentLength, 4), uint(IV_LENGTH, 4));
}

function brokenSegment(position: number, cause?: unknown): IntegrityError {
  return new IntegrityError(
    'BODY_SEGMENT_BROKEN',
    `Segment ${position} of the body is not the one that was written.`,
    { cause },
  );
}
