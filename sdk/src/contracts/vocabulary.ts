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

export const PROVIDER_STATUSES = ['None', 'Applied', 'Verified', 'Suspended'] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

export const RECORD_STATUSES = ['None', 'Pending', 'Active', 'Rejected', 'Retired'] as const;
export type RecordStatus = (typeof RECORD_STATUSES)[number];

/** A word by its number on chain; a number beyond the list is the first word, which denies. */
export function wordAt<T extends readonly string[]>(words: T, index: number): T[number] {
  return words[index] ?? (words[0] as T[number]);
}
