/** The contracts' enums as words, in the order of contracts/types/Types.sol. */

export const ROLES = [
  'None',
  'Clinician',
  'Lab',
  'Pharmacy',
  'Hospital',
  'Insurer',
  'PublicHealth',
  'Researcher',
] as const;
export type Role = (typeof ROLES)[number];

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  None: 'Not registered',
  Clinician: 'Clinician',
  Lab: 'Laboratory',
  Pharmacy: 'Pharmacy',
  Hospital: 'Hospital',
  Insurer: 'Insurer',
  PublicHealth: 'Public health',
  Researcher: 'Researcher',
};

/** Plain words for a role. */
export function describeRole(role: Role): string {
  return ROLE_NAMES[role];
}

/** Why emergency access is asked for: categories, nothing of the patient's health. */
export const EMERGENCY_REASONS = ['None', 'CannotAnswer', 'LifeAtRisk', 'DangerToOthers'] as const;
export type EmergencyReason = Exclude<(typeof EMERGENCY_REASONS)[number], 'None'>;

const REASON_WORDS: Readonly<Record<EmergencyReason, string>> = {
  CannotAnswer: 'The patient can’t be asked',
  LifeAtRisk: 'Waiting would endanger life or health',
  DangerToOthers: 'Other people are in danger',
};

/** Plain words for why emergency access was asked for. */
export function describeReason(reason: EmergencyReason): string {
  return REASON_WORDS[reason];
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

export const PROVIDER_STATUSES = ['None', 'Applied', 'Verified', 'Suspended'] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

export const RECORD_STATUSES = ['None', 'Pending', 'Active', 'Rejected', 'Retired'] as const;
export type RecordStatus = (typeof RECORD_STATUSES)[number];

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

/** A word by its number on chain; a number beyond the list is the first word, which denies. */
export function wordAt<T extends readonly string[]>(words: T, index: number): T[number] {
  return words[index] ?? (words[0] as T[number]);
}

/** A decision by its number on chain; an unknown number denies. */
export function decisionAt(index: number): Decision {
  return DECISIONS[index]?.code ?? 'RecordUnknown';
}

/** Plain words for a decision. */
export function describeDecision(decision: Decision): string {
  return DECISIONS.find(({ code }) => code === decision)?.display ?? 'Refused.';
}
