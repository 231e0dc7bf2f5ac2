import { addressBytes, type Bytes, concat, requireLength, uint, utf8 } from './bytes.ts';
import { hmacSha256, sha256 } from './hash.ts';
import { BODY_SUITE, CONTENT_KEY_LENGTH, MAC_LENGTH, PREFIX_LENGTH } from './layout.ts';
import type { Binding, Envelope, KeeperBlock } from './types.ts';

/*
 * What is derived from the content key M and what is bound to what. docs/format.md, section 3.
 * HMAC-SHA256(M, label ‖ 00 ‖ … ‖ 01) is HKDF-Expand with M as the pseudorandom key, one block.
 */

const NUL = Uint8Array.of(0);
const ONE = Uint8Array.of(1);

export const INFO_PATIENT = utf8('chartkey/1 patient');
export const INFO_KEEPER = utf8('chartkey/1 keeper');
export const INFO_RELEASE = utf8('chartkey/1 release');
export const INFO_HANDOVER = utf8('chartkey/1 handover');
export const INFO_CHALLENGE = utf8('chartkey/1 challenge');

/** Where the record belongs; the same before and after a re-wrap. AAD of the body. */
export function originOf(binding: Binding): Bytes {
  requireLength(binding.salt, 32, 'The salt');
  return concat(
    utf8('chartkey/1 body'),
    NUL,
    Uint8Array.of(BODY_SUITE),
    uint(binding.chainId, 8),
    addressBytes(binding.recordIndex, 'The RecordIndex address'),
    addressBytes(binding.patient, 'The patient id'),
    addressBytes(binding.author, 'The author'),
    binding.salt,
  );
}

/** ctx: binds every seal of an envelope to everything that stands before the seals. */
export function contextOf(bytes: Uint8Array): Bytes {
  return sha256(bytes.subarray(0, PREFIX_LENGTH));
}

export function bodyKeyOf(contentKey: Uint8Array): Bytes {
  requireContentKey(contentKey);
  return hmacSha256(contentKey, utf8('chartkey/1 body'), NUL, ONE);
}

export function keyCommitOf(contentKey: Uint8Array, binding: Binding): Bytes {
  requireContentKey(contentKey);
  return hmacSha256(contentKey, utf8('chartkey/1 commit'), NUL, originOf(binding), ONE);
}

export function metadataKeyOf(contentKey: Uint8Array, ctx: Uint8Array): Bytes {
  requireContentKey(contentKey);
  return hmacSha256(contentKey, utf8('chartkey/1 metadata'), NUL, ctx, ONE);
}

/** The MAC over `before`: an envelope without its last 32 bytes. */
export function macOf(contentKey: Uint8Array, before: Uint8Array): Bytes {
  requireContentKey(contentKey);
  const key = hmacSha256(contentKey, utf8('chartkey/1 envelope'), NUL);
  return hmacSha256(key, sha256(before));
}

export function shareCommitment(ctx: Uint8Array, index: number, x: number, share: Uint8Array): Bytes {
  return sha256(utf8('chartkey/1 share'), NUL, ctx, Uint8Array.of(index, x), share);
}

export function keeperAad(ctx: Uint8Array, index: number, x: number, commitment: Uint8Array): Bytes {
  return concat(ctx, Uint8Array.of(index, x), commitment);
}

export function releaseAad(ctx: Uint8Array, index: number, x: number, openingId: Uint8Array): Bytes {
  return concat(ctx, Uint8Array.of(index, x), openingId);
}

/** The envelope's epoch is in ctx, the keeper that leaves in the block, the successor in the seal itself. */
export function handoverAad(ctx: Uint8Array, { index, x, recipient }: KeeperBlock): Bytes {
  return concat(ctx, Uint8Array.of(index, x), recipient);
}

/** What the MAC of `envelope` covers. */
export function beforeMac(envelope: Envelope): Bytes {
  return envelope.bytes.subarray(0, envelope.bytes.length - MAC_LENGTH);
}

function requireContentKey(contentKey: Uint8Array): void {
  requireLength(contentKey, CONTENT_KEY_LENGTH, 'A content key');
}
