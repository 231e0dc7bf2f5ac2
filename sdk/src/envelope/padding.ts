import { ChartkeyError } from '../errors.ts';

/** Nothing shorter than this is stored: a letter and a note look alike. */
export const PADDING_FLOOR = 65_536;

/** The longest content a record may have: 1 TiB. FLOE and 53-bit integers would allow more. */
export const MAX_CONTENT_LENGTH = 2 ** 40;

/**
 * The padded length of `length` bytes: Padmé with a floor of 64 KiB, so that a length tells
 * O(log log n) bits and costs at most 3.1 % above the floor.
 *
 * Source: Padmé in "Reducing Metadata Leakage from Encrypted Files and Communication with
 * PURBs", section 4 (Nikitin et al., PETS 2019).
 *
 * @param length - bytes, 0 to 2^40.
 * @throws ChartkeyError `INPUT_INVALID` if it is no whole number, `INPUT_TOO_LARGE` above 1 TiB.
 */
export function paddedLength(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new ChartkeyError('INPUT_INVALID', 'A length must be a whole number of bytes.');
  }
  if (length > MAX_CONTENT_LENGTH) {
    throw new ChartkeyError('INPUT_TOO_LARGE', 'A record holds at most 1 TiB.');
  }
  if (length <= PADDING_FLOOR) return PADDING_FLOOR;
  const exponent = floorLog2(length);
  const kept = floorLog2(exponent) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** Exact for every safe integer, which `Math.log2` next to a power of two is not. */
function floorLog2(value: number): number {
  return value.toString(2).length - 1;
}
