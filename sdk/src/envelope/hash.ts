import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha384 } from '@noble/hashes/sha2.js';
import { type Bytes, concat } from './bytes.ts';

/*
 * Everything hashed here is a few kilobytes at most. @noble/hashes (audited) answers at once,
 * where WebCrypto costs a round trip to another thread for each call; bulk data never passes here.
 */

export function sha256(...parts: readonly Uint8Array[]): Bytes {
  return nobleSha256(concat(...parts));
}

export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  return hmac(nobleSha256, key, concat(...parts));
}

/**
 * HKDF-Expand with SHA-384 (RFC 5869, section 2.3), up to one block.
 * FLOE needs 32 or 48 bytes, so T(1) is all there ever is: no loop to get wrong.
 */
export function hkdfExpandSha384(prk: Uint8Array, info: Uint8Array, length: number): Bytes {
  if (length > 48) throw new RangeError('One block of HKDF-Expand-SHA-384 has 48 bytes.');
  return hmac(sha384, prk, concat(info, Uint8Array.of(1))).slice(0, length);
}
