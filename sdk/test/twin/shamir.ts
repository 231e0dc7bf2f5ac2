import { randomBytes } from 'node:crypto';

/* Section 4, "Shares": GF(2^8) modulo x^8+x^4+x^3+x+1, by the book. */

export type Point = { readonly x: number; readonly y: Buffer };

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if (b & (1 << bit)) product ^= a << bit;
  for (let bit = 15; bit >= 8; bit--) if (product & (1 << bit)) product ^= 0x11b << (bit - 8);
  return product;
}

function inverse(a: number): number {
  for (let b = 1; b < 256; b++) if (times(a, b) === 1) return b;
  throw new Error('zero has no inverse');
}

/** The value at `at` of the polynomial of least degree through the points, byte by byte. */
export function valueAt(points: readonly Point[], at: number): Buffer {
  const y = Buffer.alloc(32);
  for (const point of points) {
    let weight = 1;
    for (const { x } of points) {
      if (x !== point.x) weight = times(weight, times(at ^ x, inverse(point.x ^ x)));
    }
    for (let i = 0; i < 32; i++) y[i] = (y[i] ?? 0) ^ times(point.y[i] ?? 0, weight);
  }
  return y;
}

/** n points with x = 255, 254 …: other coordinates than the product's, which are random. */
export function split(secret: Uint8Array, k: number, n: number): Point[] {
  const chosen: Point[] = [{ x: 0, y: Buffer.from(secret) }];
  for (let i = 0; i < k - 1; i++) chosen.push({ x: 255 - i, y: randomBytes(32) });
  return Array.from({ length: n }, (_, i) => ({ x: 255 - i, y: valueAt(chosen, 255 - i) }));
}
