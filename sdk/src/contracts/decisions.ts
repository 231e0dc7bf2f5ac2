/** What the contracts decide, and on what ground, as words, in the order of contracts/types/Types.sol. */

/** `Permit`, or the one reason to deny, with words for people. */
export const DECISIONS = [
  { code: 'RecordUnknown', display: 'No such record is known.' },
  { code: 'Permit', display: 'Permitted.' },
  { code: 'RecordNotActive', display: 'The record does not count: it is pending, rejected or retired.' },
  { code: 'AccessorUnknown', display: 'This account is no registered provider.' },
  { code: 'AccessorNotVerified', display: 'This provider has not been verified yet.' },
  { code: 'AccessorSuspended', display: 'This provider is suspended.' },
  { code: 'AccessorExpired', display: 'The verification of this provider has expired.' },
  { code: 'ConsentMissing', display: 'The patient has given no consent.' },
  { code: 'ConsentNotYetValid', display: 'The patient’s consent has not begun yet.' },
  { code: 'ConsentExpired', display: 'The patient’s consent has expired.' },
  { code: 'PurposeNotConsented', display: 'The consent does not cover this purpose.' },
  {
    code: 'CompartmentNotConsented',
    display: 'The consent does not cover the part of the chart this is in.',
  },
  { code: 'RecordRestricted', display: 'The patient keeps this record from this account.' },
] as const;
export type Decision = (typeof DECISIONS)[number]['code'];

/** A decision by its number on chain; an unknown number denies. */
export function decisionAt(index: number): Decision {
  return DECISIONS[index]?.code ?? 'RecordUnknown';
}

/** Plain words for a decision. */
export function describeDecision(decision: Decision): string {
  return DECISIONS.find(({ code }) => code === decision)?.display ?? 'Refused.';
}

/** On what ground an opening was permitted; all but `Ordinary` are marked in its entry. */
export const GROUNDS = ['Ordinary', 'Emergency', 'Representative'] as const;
export type Ground = (typeof GROUNDS)[number];
export type MarkedGround = Exclude<Ground, 'Ordinary'>;

/** The mark that an entry bears for a ground; undefined for the ordinary one. */
export function markAt(number: number): MarkedGround | undefined {
  const ground = GROUNDS[number];
  return ground === 'Ordinary' ? undefined : ground;
}
