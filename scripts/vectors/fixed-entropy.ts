import { type Bytes, concat, uint } from '../../sdk/src/envelope/bytes.ts';
import { sha256 } from '../../sdk/src/envelope/hash.ts';
import type { Entropy } from '../../sdk/src/envelope/random.ts';
import { interpolate, type SharePoint } from '../../sdk/src/envelope/shamir.ts';

/**
 * Reproducible randomness for vectors, and for nothing else: draw i is the first bytes of
 * SHA-256(seed ‖ uint32 i ‖ uint32 0) ‖ SHA-256(seed ‖ uint32 i ‖ uint32 1) ‖ …
 */
export function fixedEntropy(seed: Uint8Array): Entropy {
  let draw = 0;
  const bytes = (length: number): Bytes => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
      sha256(seed, uint(draw, 4), uint(block, 4)),
    );
    draw++;
    return concat(...blocks).slice(0, length);
  };
  const fill = (target: Bytes): Bytes => {
    target.set(bytes(target.length));
    return target;
  };
  return { bytes, fill, split: async (secret, n, k) => splitFixed(secret, n, k, bytes), deterministic: true };
}

/** x = 1..n; the first k−1 shares are drawn, the others lie on the polynomial through the secret. */
function splitFixed(secret: Uint8Array, n: number, k: number, bytes: Entropy['bytes']): SharePoint[] {
  const drawn = Array.from({ length: k - 1 }, (_, i) => ({ x: i + 1, y: bytes(secret.length) }));
  const basis = [{ x: 0, y: Uint8Array.from(secret) }, ...drawn];
  return Array.from({ length: n }, (_, i) => ({ x: i + 1, y: interpolate(basis, i + 1) }));
}
