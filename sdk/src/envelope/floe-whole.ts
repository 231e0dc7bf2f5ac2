import { IntegrityError } from '../errors.ts';
import { type Bytes, concat } from './bytes.ts';
import { type FloeParameters, saysMoreFollow, startFloeDecryption, startFloeEncryption } from './floe.ts';

/*
 * FLOE's online interface over bytes in memory: the slow twin of the record's pipeline, used by
 * tests and vectors. Records know their length beforehand and never ask a segment whether it is
 * the last one.
 */

const HEADER_LENGTH = 74;

/** startOnlineEncryption, encryptOnlineSegment…, encryptLastSegment: header ‖ segments. */
export async function encryptFloe(
  key: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  parameters: FloeParameters,
): Promise<Bytes> {
  const { header, session } = startFloeEncryption(key, aad, parameters);
  const last = Math.max(0, Math.ceil(plaintext.length / session.capacity) - 1);
  const parts: Bytes[] = [header];
  for (let i = 0; i <= last; i++) {
    const piece = plaintext.subarray(i * session.capacity, (i + 1) * session.capacity);
    parts.push(await session.encryptSegment(piece, i, i === last));
  }
  return concat(...parts);
}

/** startOnlineDecryption and decryptAnyOnlineSegment until the last one. */
export async function decryptFloe(
  key: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  parameters: FloeParameters,
): Promise<Bytes> {
  const session = startFloeDecryption(key, aad, ciphertext.subarray(0, HEADER_LENGTH), parameters);
  const parts: Bytes[] = [];
  let rest = ciphertext.subarray(HEADER_LENGTH);
  for (let i = 0; ; i++) {
    if (rest.length === 0) throw new IntegrityError('BODY_TRUNCATED', 'The body ends before its end.');
    const segment = rest.subarray(0, session.parameters.segmentLength);
    const isFinal = !saysMoreFollow(segment);
    const length = isFinal ? finalLength(segment) : segment.length;
    parts.push(await session.decryptSegment(segment.subarray(0, length), i, isFinal));
    rest = rest.subarray(length);
    if (isFinal && rest.length > 0)
      throw new IntegrityError('BODY_EXTENDED', 'The body goes on after its end.');
    if (isFinal) return concat(...parts);
  }
}

/** What the final segment says of its own length; the AEAD decides whether that is true. */
function finalLength(segment: Uint8Array): number {
  if (segment.length < 4) return segment.length;
  return new DataView(segment.buffer, segment.byteOffset, 4).getUint32(0);
}
