import { ChartkeyError, IntegrityError } from '../errors.ts';
import { asBytes, type Bytes, concat, isZero, uint, utf8 } from './bytes.ts';
import { METADATA_NONCE_LENGTH, METADATA_PLAIN_LENGTH } from './layout.ts';
import { MAX_CONTENT_LENGTH } from './padding.ts';
import type { Entropy } from './random.ts';
import { contextOf, metadataKeyOf } from './schedule.ts';
import type { Envelope, Metadata } from './types.ts';

/*
 * 512 bytes: version 1 ‖ length 8 ‖ four strings (1 byte of length ‖ UTF-8) ‖ zeros.
 * docs/format.md, section 5. The limits add up to 491, so whatever is in its limits fits.
 */

const METADATA_VERSION = 1;
const MAX_MEDIA_TYPE = 127;
const MAX_TITLE = 255;

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(?:; ?[\x21-\x7e ]+)?$/i;
const FHIR_TYPE = /^(?:[A-Z][A-Za-z]{0,63})?$/;
const CREATED = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)?$/;

/** Encodes to 512 bytes. @throws ChartkeyError `INPUT_INVALID`; the message names the field only. */
export function encodeMetadata(metadata: Metadata): Bytes {
  const problem = problemOf(metadata);
  if (problem) throw new ChartkeyError('INPUT_INVALID', problem);
  const out = new Uint8Array(METADATA_PLAIN_LENGTH);
  const strings = [metadata.mediaType, metadata.title, metadata.fhirType, metadata.created];
  out.set(concat(Uint8Array.of(METADATA_VERSION), uint(metadata.length, 8), ...strings.map(shortString)));
  return out;
}

/** Decodes strictly: what {@link encodeMetadata} would not write is refused. */
export function decodeMetadata(bytes: Bytes): Metadata {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length !== METADATA_PLAIN_LENGTH || view.getUint8(0) !== METADATA_VERSION) throw broken();
  const reader = { bytes, offset: 9 };
  const metadata: Metadata = {
    length: Number(view.getBigUint64(1)),
    mediaType: readString(reader),
    title: readString(reader),
    fhirType: readString(reader),
    created: readString(reader),
  };
  if (problemOf(metadata) !== undefined || !isZero(bytes.subarray(reader.offset))) throw broken();
  return metadata;
}

/** nonce ‖ ciphertext ‖ tag, sealed with a key of this envelope alone and bound to `ctx`. */
export async function sealMetadata(
  contentKey: Uint8Array,
  ctx: Bytes,
  metadata: Metadata,
  entropy: Entropy,
): Promise<Bytes> {
  const plaintext = encodeMetadata(metadata);
  const nonce = entropy.bytes(METADATA_NONCE_LENGTH);
  const key = await importKey(contentKey, ctx);
  const sealed = await globalThis.crypto.subtle.encrypt(gcm(nonce, ctx), key, plaintext);
  return concat(nonce, new Uint8Array(sealed));
}

/**
 * Opens what is known about the content.
 *
 * @throws IntegrityError `METADATA_BROKEN`.
 */
export async function openMetadata(envelope: Envelope, contentKey: Uint8Array): Promise<Metadata> {
  const ctx = contextOf(envelope.bytes);
  const key = await importKey(contentKey, ctx);
  const nonce = envelope.metadata.subarray(0, METADATA_NONCE_LENGTH);
  const sealed = envelope.metadata.subarray(METADATA_NONCE_LENGTH);
  const plaintext = await globalThis.crypto.subtle.decrypt(gcm(nonce, ctx), key, sealed).catch((cause) => {
    throw broken(cause);
  });
  return decodeMetadata(new Uint8Array(plaintext));
}

/**
 * Shortens a title to the 255 bytes of UTF-8 that fit, between two characters as people see
 * them: no emoji or accent is cut in half. Titles that fit come back as they are.
 */
export function fitTitle(title: string): string {
  const whole = title.toWellFormed();
  if (utf8(whole).length <= MAX_TITLE) return whole;
  const ellipsis = '…';
  let kept = '';
  let length = utf8(ellipsis).length;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(whole)) {
    length += utf8(segment).length;
    if (length > MAX_TITLE) break;
    kept += segment;
  }
  return kept + ellipsis;
}

function problemOf({ length, mediaType, title, fhirType, created }: Metadata): string | undefined {
  if (!Number.isSafeInteger(length) || length < 0 || length > MAX_CONTENT_LENGTH) {
    return 'The length must be 0 to 2^40 bytes.';
  }
  if (mediaType.length > MAX_MEDIA_TYPE || !MEDIA_TYPE.test(mediaType)) {
    return 'The media type must look like type/subtype, with at most 127 characters.';
  }
  if (!title.isWellFormed() || utf8(title).length > MAX_TITLE) {
    return 'The title must be at most 255 bytes of UTF-8.';
  }
  if (!FHIR_TYPE.test(fhirType)) return 'The FHIR type must be up to 64 letters with a capital first.';
  if (!CREATED.test(created) || !isRealDate(created)) {
    return 'The created date must look like 2026-01-31 or 2026-01-31T12:00:00Z.';
  }
  return undefined;
}

/** Refuses 2026-02-30, which the engine would silently turn into a day in March. */
function isRealDate(created: string): boolean {
  const date = new Date(created);
  return (
    !Number.isNaN(date.getTime()) && date.toISOString().startsWith(created.replace(/(?:\.\d{3})?Z$/, ''))
  );
}

function shortString(text: string): Bytes {
  const bytes = utf8(text);
  return concat(Uint8Array.of(bytes.length), bytes);
}

function readString(reader: { readonly bytes: Bytes; offset: number }): string {
  const start = reader.offset + 1;
  const end = start + (reader.bytes[reader.offset] ?? 0);
  if (end > reader.bytes.length) throw broken();
  reader.offset = end;
  try {
    // Fatal, and a byte order mark stays: otherwise two encodings would read as one title.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      reader.bytes.subarray(start, end),
    );
  } catch (cause) {
    throw broken(cause);
  }
}

function importKey(contentKey: Uint8Array, ctx: Bytes): Promise<CryptoKey> {
  const raw = asBytes(metadataKeyOf(contentKey, ctx));
  return globalThis.crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function gcm(iv: Bytes, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData, tagLength: 128 };
}

function broken(cause?: unknown): IntegrityError {
  return new IntegrityError('METADATA_BROKEN', "The record's metadata is not what its author wrote.", {
    cause,
  });
}
