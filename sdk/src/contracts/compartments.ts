import { ChartkeyError } from '../errors.ts';

/** Compartments are numbered 0 to 63. */
export const COMPARTMENT_COUNT = 64;

/** Compartment numbers as the bit mask that a consent holds. */
export function compartmentsToMask(compartments: readonly number[]): bigint {
  return compartments.reduce((mask, number) => {
    if (!Number.isInteger(number) || number < 0 || number >= COMPARTMENT_COUNT) {
      throw new ChartkeyError('INPUT_INVALID', 'A compartment is a number from 0 to 63.');
    }
    return mask | (1n << BigInt(number));
  }, 0n);
}

/** The compartment numbers in a consent's bit mask, ascending. */
export function compartmentsFromMask(mask: bigint): number[] {
  return Array.from({ length: COMPARTMENT_COUNT }, (_, number) => number).filter(
    (number) => (mask >> BigInt(number)) & 1n,
  );
}
