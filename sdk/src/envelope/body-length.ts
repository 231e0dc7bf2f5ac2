import { MAX_CONTENT_LENGTH, PADDING_FLOOR, paddedLength } from './padding.ts';

/** One encrypted segment, and one IPFS leaf: 256 KiB. */
export const SEGMENT_LENGTH = 262_144;
/** 4 bytes of length, 12 of nonce, 16 of tag. */
export const SEGMENT_OVERHEAD = 32;
/** What a full segment holds. */
export const SEGMENT_PLAIN_LENGTH = SEGMENT_LENGTH - SEGMENT_OVERHEAD;

/** Ciphertext bytes for `plain` (> 0) bytes that are padded already. */
export function ciphertextLength(plain: number): number {
  return plain + SEGMENT_OVERHEAD * Math.ceil(plain / SEGMENT_PLAIN_LENGTH);
}

/** Padded plaintext bytes of a body, or undefined for a length that no padded body has. */
export function plaintextLength(body: number): number | undefined {
  const plain = body - SEGMENT_OVERHEAD * Math.ceil(body / SEGMENT_LENGTH);
  if (plain < PADDING_FLOOR || plain > MAX_CONTENT_LENGTH) return undefined;
  return ciphertextLength(plain) === body && paddedLength(plain) === plain ? plain : undefined;
}
