import { combine, split } from 'shamir-secret-sharing';
import { type Bytes, concat } from './bytes.ts';

/** One point of the polynomials: `x` 1..255, `y` one byte for each byte of the secret. */
export type SharePoint = { readonly x: number; readonly y: Bytes };

/** Splits with the audited library, which hands out y ‖ x with distinct random x. */
export async function splitSecret(secret: Uint8Array, n: number, k: number): Promise<SharePoint[]> {
  // The library checks `constructor === Uint8Array`, which a Node Buffer would fail.
  const shares = await split(new Uint8Array(secret), n, k);
  return shares.map((share) => ({ x: share[secret.length] ?? 0, y: share.slice(0, secret.length) }));
}

/**
 * Joins with the audited library.
 *
 * Warning: wrong points give a wrong secret without a word. Check commitments first and the
 * key commitment after.
 */
export async function combinePoints(points: readonly SharePoint[]): Promise<Bytes> {
  return new Uint8Array(await combine(points.map(({ x, y }) => concat(y, Uint8Array.of(x)))));
}

/** The y at `at` of the polynomials of least degree through `points` (Lagrange, GF(2^8), 0x11b). */
export function interpolate(points: readonly SharePoint[], at: number): Bytes {
  const y = new Uint8Array(points[0]?.y.length ?? 0);
  for (const point of points) {
    const weight = lagrangeWeight(points, point.x, at);
    for (let i = 0; i < y.length; i++) y[i] = (y[i] ?? 0) ^ multiply(point.y[i] ?? 0, weight);
  }
  return y;
}

function lagrangeWeight(points: readonly SharePoint[], x: number, at: number): number {
  let numerator = 1;
  let denominator = 1;
  for (const other of points) {
    if (other.x === x) continue;
    numerator = multiply(numerator, at ^ other.x);
    denominator = multiply(denominator, x ^ other.x);
  }
  return multiply(numerator, invert(denominator));
}

/** Multiplies in GF(2^8) modulo x^8+x^4+x^3+x+1, without tables or branches on the operands. */
export function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((b >> bit) & 1);
    shifted = (shifted << 1) ^ (0x11b & -(shifted >> 7));
  }
  return product;
}

/** a^254, which is a^-1: the multiplicative group has 255 elements. */
function invert(a: number): number {
  let power = a;
  for (let i = 0; i < 6; i++) power = multiply(multiply(power, power), a);
  return multiply(power, power);
}
