/**
 * Why somebody reads: HL7 v3-ActReason, value set PurposeOfUse. Codes are strings everywhere
 * outside the contracts; this table is the one place that knows their bits.
 *
 * Source: https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html
 */
const SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';

/** In the order of `Purpose` in contracts/types/Types.sol: the index is the bit. */
export const PURPOSES_OF_USE = [
  { system: SYSTEM, code: 'TREAT', display: 'Treatment' },
  { system: SYSTEM, code: 'ETREAT', display: 'Emergency treatment' },
  { system: SYSTEM, code: 'BTG', display: 'Break the glass' },
  { system: SYSTEM, code: 'HPAYMT', display: 'Payment' },
  { system: SYSTEM, code: 'HOPERAT', display: 'Running the organisation' },
  { system: SYSTEM, code: 'HRESCH', display: 'Research' },
  { system: SYSTEM, code: 'PATRQT', display: 'At the patient’s request' },
  { system: SYSTEM, code: 'PUBHLTH', display: 'Public health' },
  { system: SYSTEM, code: 'COVERAGE', display: 'Insurance cover' },
] as const;

export type PurposeOfUse = (typeof PURPOSES_OF_USE)[number]['code'];

/** The number that stands for a purpose on chain. */
export function purposeToNumber(code: PurposeOfUse): number {
  return PURPOSES_OF_USE.findIndex((purpose) => purpose.code === code);
}

/** The purpose that a number on chain stands for; undefined for a number that is none. */
export function purposeFromNumber(value: number): PurposeOfUse | undefined {
  return PURPOSES_OF_USE[value]?.code;
}

/** The set of purposes as the bit mask that a consent holds. */
export function purposesToMask(codes: readonly PurposeOfUse[]): number {
  return codes.reduce((mask, code) => mask | (1 << purposeToNumber(code)), 0);
}

/** The purposes in a consent's bit mask. Bits that stand for none are left out. */
export function purposesFromMask(mask: number): PurposeOfUse[] {
  return PURPOSES_OF_USE.filter((_, bit) => (mask >> bit) & 1).map(({ code }) => code);
}
