import {
  type Activity,
  decisionAt,
  describeDecision,
  EMERGENCY_REVIEWS,
  ROLES,
  type Role,
} from '@chartkey/sdk';
import type { Translate } from '../../i18n/messages.ts';
import type { Said, Words } from '../../ui/index.ts';

/** The role of a provider; undefined for everybody else. */
export type RoleOf = (address: string) => Role | undefined;

export type Topic = 'people' | 'sharing' | 'records' | 'openings' | 'emergencies' | 'network';

export const TOPICS: readonly Topic[] = [
  'people',
  'sharing',
  'records',
  'openings',
  'emergencies',
  'network',
];

type Name = Activity['eventName'];
type EventOf<name extends Name> = Extract<Activity, { readonly eventName: name }>;
type Teller<name extends Name> = {
  readonly topic: Topic;
  readonly tell: (args: EventOf<name>['args'], say: Say) => string;
};

/** A sentence for each event that our contracts have, of roles and never of persons. */
const TELLERS: { readonly [name in Name]: Teller<name> } = {
  PatientRegistered: { topic: 'people', tell: ({ area }, say) => say.t('aPatientEnrolledInArea', { area }) },
  PublicKeyChanged: { topic: 'people', tell: (_, say) => say.t('aPatientChangedTheirKey') },
  WalletChanged: { topic: 'people', tell: (_, say) => say.t('aPatientMovedToAnotherWallet') },
  ProviderRegistered: {
    topic: 'people',
    tell: ({ application, area }, say) =>
      say.t('appliedInArea', { who: say.roleSubject(application.role), area }),
  },
  ProviderVerified: {
    topic: 'people',
    tell: ({ application, expiresAt }, say) =>
      say.t('aManagerVerifiedUntil', {
        whom: say.roleObject(application.role),
        date: say.words.date(expiresAt),
      }),
  },
  ProviderRenewed: {
    topic: 'people',
    tell: ({ provider, expiresAt }, say) =>
      say.t('aManagerRenewedUntil', { whom: say.object(provider), date: say.words.date(expiresAt) }),
  },
  ProviderSuspended: {
    topic: 'people',
    tell: ({ provider }, say) => say.t('wasSuspended', { who: say.subject(provider) }),
  },
  ProviderReinstated: {
    topic: 'people',
    tell: ({ provider }, say) => say.t('wasReinstated', { who: say.subject(provider) }),
  },
  MemberVouched: {
    topic: 'people',
    tell: ({ organisation, member }, say) =>
      say.t('vouchedFor', { who: say.subject(organisation), whom: say.object(member) }),
  },
  MemberDropped: {
    topic: 'people',
    tell: ({ organisation, member }, say) =>
      say.t('noLongerVouchesFor', { who: say.subject(organisation), whom: say.object(member) }),
  },
  RoleGranted: {
    topic: 'people',
    tell: ({ roleId }, say) => say.t('governanceAppointed', { office: say.office(roleId) }),
  },
  RoleRevoked: {
    topic: 'people',
    tell: ({ roleId }, say) => say.t('governanceDismissed', { office: say.office(roleId) }),
  },

  GuardianAppointed: { topic: 'people', tell: (_, say) => say.t('anAccountBecameAGuardian') },
  GuardiansChanged: {
    topic: 'people',
    tell: ({ guardians, threshold }, say) =>
      guardians.length === 0
        ? say.t('aPatientHasNoGuardians')
        : say.t('aPatientNamedGuardians', { of: guardians.length, needed: threshold }),
  },
  WalletApproved: {
    topic: 'people',
    tell: ({ readyAt }, say) =>
      readyAt === 0
        ? say.t('aGuardianApprovedAWallet')
        : say.t('guardiansAgreedOnAWallet', { date: say.words.dateTime(readyAt) }),
  },
  WalletOffered: { topic: 'people', tell: (_, say) => say.t('aPatientOfferedAWallet') },
  WalletObjected: { topic: 'people', tell: (_, say) => say.t('aPatientObjectedToAWallet') },
  RepresentativeProposed: {
    topic: 'people',
    tell: ({ expiresAt }, say) =>
      say.t('aManagerProposedARepresentative', { date: say.words.date(expiresAt) }),
  },
  RepresentativeAppointed: {
    topic: 'people',
    tell: ({ expiresAt, byManagers }, say) =>
      say.t(byManagers ? 'twoManagersAppointedARepresentative' : 'aPatientAppointedARepresentative', {
        date: say.words.date(expiresAt),
      }),
  },
  RepresentationEnded: { topic: 'people', tell: (_, say) => say.t('aRepresentationEnded') },
  RepresentativeActed: { topic: 'people', tell: (_, say) => say.t('aRepresentativeActed') },

  ConsentRequested: {
    topic: 'sharing',
    tell: ({ accessor }, say) => say.t('askedAPatientForAccess', { who: say.subject(accessor) }),
  },
  RequestDeclined: {
    topic: 'sharing',
    tell: ({ accessor }, say) => say.t('aPatientDeclinedARequest', { whom: say.indirect(accessor) }),
  },
  ConsentGranted: {
    topic: 'sharing',
    tell: ({ accessor, consent }, say) =>
      say.t('aPatientGaveAccessTo', {
        whom: say.indirect(accessor),
        date: say.words.date(consent.expiresAt),
      }),
  },
  ConsentAmended: {
    topic: 'sharing',
    tell: ({ accessor, consent }, say) =>
      say.t('aPatientChangedTheAccess', {
        whom: say.indirect(accessor),
        date: say.words.date(consent.expiresAt),
      }),
  },
  ConsentRevoked: {
    topic: 'sharing',
    tell: ({ accessor }, say) => say.t('aPatientStoppedSharingWith', { whom: say.indirect(accessor) }),
  },
  AllConsentsRevoked: { topic: 'sharing', tell: (_, say) => say.t('aPatientStoppedAllSharing') },
  RecordRestricted: {
    topic: 'sharing',
    tell: ({ accessor }, say) => say.t('aPatientKeepsARecord', { whom: say.indirectOrAll(accessor) }),
  },
  RestrictionLifted: {
    topic: 'sharing',
    tell: ({ accessor }, say) => say.t('aPatientNoLongerKeeps', { whom: say.indirectOrAll(accessor) }),
  },

  RecordAdded: {
    topic: 'records',
    tell: ({ patient, author }, say) =>
      patient === author
        ? say.t('aPatientAddedARecord')
        : say.t('addedARecordForA', { who: say.subject(author) }),
  },
  RecordSubmitted: {
    topic: 'records',
    tell: ({ author }, say) => say.t('sentARecordToA', { who: say.subject(author) }),
  },
  RecordAccepted: { topic: 'records', tell: (_, say) => say.t('aPatientAcceptedARecord') },
  RecordRejected: { topic: 'records', tell: (_, say) => say.t('aPatientRejectedARecord') },
  RecordSuperseded: { topic: 'records', tell: (_, say) => say.t('aRecordBecameTheNewer') },
  RecordRewrapped: { topic: 'records', tell: (_, say) => say.t('aRecordWasSealedAnew') },
  RecordMoved: { topic: 'records', tell: (_, say) => say.t('aPatientMovedARecord') },
  RecordRetired: { topic: 'records', tell: (_, say) => say.t('aPatientEndedARecord') },

  RecordOpened: {
    topic: 'openings',
    tell: ({ patient, accessor }, say) =>
      patient === accessor
        ? say.t('aPatientOpenedTheirOwn')
        : say.t('openedARecord', { who: say.subject(accessor) }),
  },
  RecordOpenedOnGround: {
    topic: 'openings',
    tell: ({ accessor, ground }, say) =>
      ground === 1
        ? say.t('openedInAnEmergency', { who: say.subject(accessor) })
        : say.t('aRepresentativeOpened'),
  },
  OpenRefused: {
    topic: 'openings',
    tell: ({ accessor, decision }, say) =>
      say.t('wasRefusedARecord', {
        who: say.subject(accessor),
        reason: say.said(describeDecision(decisionAt(decision))),
      }),
  },
  SessionStarted: {
    topic: 'openings',
    tell: ({ person }, say) => say.t('startedAShift', { who: say.subject(person) }),
  },
  SessionEnded: {
    topic: 'openings',
    tell: ({ person }, say) => say.t('endedAShift', { who: say.subject(person) }),
  },

  EmergencySetChanged: {
    topic: 'emergencies',
    tell: (_, say) => say.t('aPatientChangedTheEmergencySet'),
  },
  EmergencyRequested: {
    topic: 'emergencies',
    tell: ({ requester }, say) => say.t('askedForEmergencyAccess', { who: say.subject(requester) }),
  },
  EmergencyConfirmed: {
    topic: 'emergencies',
    tell: ({ confirmer, asGuardian }, say) =>
      asGuardian
        ? say.t('aGuardianConfirmedAnEmergency')
        : say.t('coSignedAnEmergency', { who: say.subject(confirmer) }),
  },
  EmergencyOpened: {
    topic: 'emergencies',
    tell: ({ requester, endsAt }, say) =>
      say.t('emergencyAccessStands', { who: say.subject(requester), time: say.words.dateTime(endsAt) }),
  },
  EmergencyEnded: {
    topic: 'emergencies',
    tell: ({ requester, byPatient }, say) =>
      byPatient
        ? say.t('aPatientEndedAnEmergency')
        : say.t('endedAnEmergency', { who: say.subject(requester) }),
  },
  EmergencyReviewed: {
    topic: 'emergencies',
    tell: ({ review }, say) => say.t(`reviewed.${EMERGENCY_REVIEWS[review] ?? 'None'}`),
  },

  EpochStarted: {
    topic: 'network',
    tell: ({ keepers, threshold }, say) =>
      say.t('aSetOfKeepersBegan', { keepers: keepers.length, threshold }),
  },
  ExecutedForwardRequest: {
    topic: 'network',
    tell: ({ success }, say) =>
      success ? say.t('aSignedRequestCameThrough') : say.t('aSignedRequestFailed'),
  },
  LogBound: { topic: 'network', tell: (_, say) => say.t('theAccessLogWasBound') },
  AuthorityUpdated: { topic: 'network', tell: (_, say) => say.t('governanceWasHandedOver') },
  EIP712DomainChanged: { topic: 'network', tell: (_, say) => say.t('whatWalletsShowWhenThey') },
};

/** What sentences are made of, in the reader's language: its cases differ where English has one. */
export type Say = {
  readonly t: Translate<'network'>;
  readonly words: Words;
  readonly said: Said;
  readonly subject: (address: string) => string;
  readonly object: (address: string) => string;
  readonly indirect: (address: string) => string;
  readonly indirectOrAll: (address: string) => string;
  readonly roleSubject: (role: number) => string;
  readonly roleObject: (role: number) => string;
  readonly office: (roleId: bigint) => string;
};

export function sayWith(t: Translate<'network'>, words: Words, said: Said, roleOf: RoleOf): Say {
  const roleAt = (role: number): Role => ROLES[role] ?? 'None';
  const indirect = (address: string) => t(`indirect.${roleOf(address) ?? 'None'}`);
  return {
    ...{ t, words, said, indirect },
    subject: (address) => t(`subject.${roleOf(address) ?? 'None'}`),
    object: (address) => t(`object.${roleOf(address) ?? 'None'}`),
    indirectOrAll: (address) => (BigInt(address) === 0n ? t('everybody') : indirect(address)),
    roleSubject: (role) => t(`subject.${roleAt(role)}`),
    roleObject: (role) => t(`object.${roleAt(role)}`),
    office: (roleId) => office(t, roleId),
  };
}

/** What happened, in one sentence. */
export function tell(activity: Activity, say: Say): string {
  return tellerOf(activity).tell(activity.args as never, say);
}

export function topicOf(activity: Activity): Topic {
  return tellerOf(activity).topic;
}

function tellerOf({ eventName }: Activity): Teller<Name> {
  return TELLERS[eventName] as Teller<Name>;
}

/** ParticipantRegistry: auditors are 1, managers 2^32 plus their area. */
function office(t: Translate<'network'>, roleId: bigint): string {
  if (roleId === 1n) return t('anAuditor');
  return roleId >> 32n === 1n ? t('aManagerOfArea', { area: String(roleId & 0xffffffffn) }) : t('anOfficer');
}
