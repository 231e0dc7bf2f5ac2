import { sha256 } from '@noble/hashes/sha2.js';
import type { Hex } from 'viem';
import { toHex } from '../envelope/bytes.ts';

/** SHA-256 of a file of any size, read piece by piece. */
export async function fileDigest(file: Blob): Promise<Hex> {
  const hash = sha256.create();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return toHex(hash.digest());
    hash.update(value);
  }
}
