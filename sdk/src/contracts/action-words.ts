import { type Hex, slice, toFunctionSelector } from 'viem';
import { PURPOSES_OF_USE } from '../hl7/index.ts';
import { COMPARTMENT_COUNT } from './compartments.ts';
import {
  consentRegistryAbi,
  emergencyAccessAbi,
  participantRegistryAbi,
  recordIndexAbi,
} from './generated/index.ts';
import { describeReason, describeRole, EMERGENCY_REASONS, ROLES, wordAt } from './vocabulary.ts';

/**
 * What a wallet shows in words, letter for letter as `ActionTypes.sol` and `ActionWords.sol` write
 * it: a signature over other words counts nothing.
 */

/** What each action does, as a sentence. */
export const ACTION_SENTENCES = {
  startSession: 'Start a shift. Until it ends, openings in your name need no further signature.',
  endSession: 'End your shift, on every device.',
  openRecords: 'Open these records. The patient sees that you did.',
  grantConsent: 'Let this accessor read your records.',
  amendConsent: 'Change what this accessor may read of your records.',
  requestConsent: 'Ask this patient to let you read records.',
  revokeConsent: 'Stop sharing with this accessor.',
  revokeAll: 'Stop sharing with everybody.',
  declineRequest: 'Decline what this accessor asked for.',
  restrictRecord: 'Keep this record from this accessor; from everybody if the accessor is zero.',
  liftRestriction: 'Keep this record from this accessor no more.',
  addRecord: "Add this record to the patient's chart.",
  addRecords: "Add these records to the patient's chart.",
  submitRecord: 'Offer this record to the patient, who accepts or rejects it.',
  acceptRecords: 'Accept these records into your chart.',
  rejectRecord: 'Reject this record.',
  moveRecord: 'Move this record to another folder: other people may be able to read it then.',
  rewrapRecord: 'Put a new envelope around this record.',
  supersedeRecord: 'Say that the first record is the newer version of the second.',
  retireRecord: 'End this record for good. Nobody can open it any more.',
  registerPatient: 'Set up your chart under this patient number <area, pid>.',
  enrolPatient: 'Enrol this patient, who signed for it.',
  changePublicKey: 'Change the key that your new records are sealed to.',
  registerProvider: 'Apply as a provider.',
  registerVerifiedProvider: 'Register as a provider whom a manager has verified.',
  verifyProvider: 'Verify this provider.',
  verifyProviders: 'Verify these providers, all or none.',
  renewProvider: "Renew this provider's verification.",
  suspendProvider: 'Suspend this provider. It can open nothing from then on.',
  reinstateProvider: 'Reinstate this provider.',
  vouchForMembers: 'Say that these providers are members of your organisation.',
  dropMembers: 'Say that these providers are members of your organisation no more.',
  setEmergencySet: 'Mark these folders for emergencies: clinicians whom others confirm can open them.',
  requestEmergency:
    "Break the glass: ask for emergency access to this patient's records. You will be asked why.",
  coSignEmergency: 'Confirm, as a clinician, that this is an emergency.',
  confirmEmergency: 'Confirm, as a guardian, that this is an emergency.',
  endEmergency: 'End this emergency access.',
  reviewEmergency: 'Say whether this emergency was justified.',
  setGuardians:
    'Choose your guardians, and how many of them it takes. Together they can move you to another wallet.',
  approveWallet: 'Approve, as a guardian, that this patient moves to this wallet.',
  objectToWallet: 'Object: this wallet is not yours.',
  offerWallet: 'Let this wallet take the place of yours. Whoever holds it becomes you.',
  takeWallet: 'Become the wallet of this patient.',
  appointRepresentative: 'Let this person act in your name.',
  appointForMinor: 'Appoint this representative for a minor. A second manager has to agree.',
  endRepresentation: 'End this representation.',
  actFor: 'Act in the name of the patient whom you represent.',
} as const satisfies Record<string, string>;

type ActionName = keyof typeof ACTION_SENTENCES;

export function isActionName(name: string): name is ActionName {
  return Object.hasOwn(ACTION_SENTENCES, name);
}

type InWords = {
  /** The field that has the words. */
  readonly field: string;
  readonly words: (value: unknown) => string;
};

const FOLDERS = 'folders';
const UNKNOWN = 'unknown';

/** The words that stand beside a parameter; undefined where the value speaks for itself. */
export function wordsBeside({
  name,
  type,
}: {
  readonly name: string;
  readonly type: string;
}): InWords | undefined {
  if (name === 'compartments' && type.endsWith('[]')) return { field: FOLDERS, words: foldersOfList };
  return Object.hasOwn(BESIDE, name) ? BESIDE[name] : undefined;
}

const BESIDE: Readonly<Record<string, InWords>> = {
  startsAt: { field: 'from', words: (value) => timeInWords(Number(value)) },
  expiresAt: { field: 'until', words: (value) => timeInWords(Number(value)) },
  deadline: { field: 'validUntil', words: (value) => timeInWords(Number(value)) },
  purpose: { field: 'why', words: (value) => purposeInWords(Number(value)) },
  purposes: {
    field: 'why',
    words: (value) =>
      bitsOf(BigInt(value as number))
        .map(purposeInWords)
        .join(', '),
  },
  compartment: { field: FOLDERS, words: (value) => foldersOf(1n << BigInt(value as number)) },
  compartments: { field: FOLDERS, words: (value) => foldersOf(value as bigint) },
  reason: { field: 'because', words: (value) => reasonInWords(Number(value)) },
  call: { field: 'does', words: (value) => sentenceOfCall(value as Hex) },
  role: { field: 'roleName', words: (value) => roleInWords(Number(value)) },
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const YEAR_10000 = 253_402_300_800;

/** Unix seconds → `21 Nov 2026, 18:30 UTC`, as it stands in a wallet. */
export function timeInWords(seconds: number): string {
  if (seconds === 0) return 'at once';
  if (seconds >= YEAR_10000) return 'after the year 9999';
  const date = new Date(seconds * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

function purposeInWords(number: number): string {
  return PURPOSES_OF_USE[number]?.display ?? UNKNOWN;
}

function roleInWords(number: number): string {
  const role = wordAt(ROLES, number);
  return role === 'None' ? UNKNOWN : describeRole(role);
}

function reasonInWords(number: number): string {
  const reason = wordAt(EMERGENCY_REASONS, number);
  return reason === 'None' ? UNKNOWN : describeReason(reason);
}

/** What a call in a patient's name does; nothing for what is none, which nobody can sign. */
function sentenceOfCall(call: Hex): string {
  const abis = [consentRegistryAbi, recordIndexAbi, participantRegistryAbi, emergencyAccessAbi];
  const items = abis.flatMap((abi) => abi.filter((item) => item.type === 'function'));
  const item = items.find((one) => toFunctionSelector(one) === slice(call, 0, 4));
  return item && isActionName(item.name) ? ACTION_SENTENCES[item.name] : '';
}

/** Pages count folders from one, contracts count compartments from zero. */
function foldersOf(mask: bigint): string {
  if (mask === (1n << BigInt(COMPARTMENT_COUNT)) - 1n) return 'all';
  return bitsOf(mask)
    .map((bit) => bit + 1)
    .join(', ');
}

function foldersOfList(value: unknown): string {
  return foldersOf((value as readonly number[]).reduce((mask, number) => mask | (1n << BigInt(number)), 0n));
}

function bitsOf(mask: bigint): number[] {
  const bits: number[] = [];
  for (let bit = 0; mask >> BigInt(bit); ++bit) if ((mask >> BigInt(bit)) & 1n) bits.push(bit);
  return bits;
}
