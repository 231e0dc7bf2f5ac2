import { type Activity, decisionAt, describeDecision, describeRole, ROLES, type Role } from '@chartkey/sdk';
import { dateInWords } from '../../ui/index.ts';

/** The role of a provider; undefined for everybody else. */
export type RoleOf = (address: string) => Role | undefined;

export type Topic = 'people' | 'sharing' | 'records' | 'openings' | 'network';

export const TOPIC_NAMES: Readonly<Record<Topic, string>> = {
  people: 'People',
  sharing: 'Sharing',
  records: 'Records',
  openings: 'Openings',
  network: 'Network',
};

type Name = Activity['eventName'];
type EventOf<name extends Name> = Extract<Activity, { readonly eventName: name }>;
type Teller<name extends Name> = {
  readonly topic: Topic;
  readonly tell: (args: EventOf<name>['args'], roleOf: RoleOf) => string;
};

/** A sentence for each event that our contracts have, of roles and never of persons. */
const TELLERS: { readonly [name in Name]: Teller<name> } = {
  PatientRegistered: { topic: 'people', tell: ({ area }) => `A patient enrolled in area ${area}` },
  PublicKeyChanged: { topic: 'people', tell: () => 'A patient changed their key' },
  WalletChanged: { topic: 'people', tell: () => 'A patient moved to another wallet' },
  ProviderRegistered: {
    topic: 'people',
    tell: ({ application, area }) => `${aRole(application.role)} applied in area ${area}`,
  },
  ProviderVerified: {
    topic: 'people',
    tell: ({ application, expiresAt }) =>
      `A manager verified ${lower(aRole(application.role))}, until ${dateInWords(expiresAt)}`,
  },
  ProviderRenewed: {
    topic: 'people',
    tell: ({ provider, expiresAt }, roleOf) =>
      `A manager renewed ${who(provider, roleOf)}, until ${dateInWords(expiresAt)}`,
  },
  ProviderSuspended: {
    topic: 'people',
    tell: ({ provider }, roleOf) => `${upper(who(provider, roleOf))} was suspended`,
  },
  ProviderReinstated: {
    topic: 'people',
    tell: ({ provider }, roleOf) => `${upper(who(provider, roleOf))} was reinstated`,
  },
  MemberVouched: {
    topic: 'people',
    tell: ({ organisation, member }, roleOf) =>
      `${upper(who(organisation, roleOf))} vouched for ${who(member, roleOf)}`,
  },
  MemberDropped: {
    topic: 'people',
    tell: ({ organisation, member }, roleOf) =>
      `${upper(who(organisation, roleOf))} no longer vouches for ${who(member, roleOf)}`,
  },
  RoleGranted: { topic: 'people', tell: ({ roleId }) => `Governance appointed ${office(roleId)}` },
  RoleRevoked: { topic: 'people', tell: ({ roleId }) => `Governance dismissed ${office(roleId)}` },

  ConsentRequested: {
    topic: 'sharing',
    tell: ({ accessor }, roleOf) => `${upper(who(accessor, roleOf))} asked a patient for access`,
  },
  RequestDeclined: {
    topic: 'sharing',
    tell: ({ accessor }, roleOf) => `A patient declined a request of ${who(accessor, roleOf)}`,
  },
  ConsentGranted: {
    topic: 'sharing',
    tell: ({ accessor, consent }, roleOf) =>
      `A patient gave access to ${who(accessor, roleOf)}, until ${dateInWords(consent.expiresAt)}`,
  },
  ConsentAmended: {
    topic: 'sharing',
    tell: ({ accessor, consent }, roleOf) =>
      `A patient changed the access of ${who(accessor, roleOf)}, until ${dateInWords(consent.expiresAt)}`,
  },
  ConsentRevoked: {
    topic: 'sharing',
    tell: ({ accessor }, roleOf) => `A patient stopped sharing with ${who(accessor, roleOf)}`,
  },
  AllConsentsRevoked: { topic: 'sharing', tell: () => 'A patient stopped sharing with everybody' },
  RecordRestricted: {
    topic: 'sharing',
    tell: ({ accessor }, roleOf) => `A patient keeps a record from ${whoOrAll(accessor, roleOf)}`,
  },
  RestrictionLifted: {
    topic: 'sharing',
    tell: ({ accessor }, roleOf) => `A patient no longer keeps a record from ${whoOrAll(accessor, roleOf)}`,
  },

  RecordAdded: {
    topic: 'records',
    tell: ({ patient, author }, roleOf) =>
      patient === author
        ? 'A patient added a record'
        : `${upper(who(author, roleOf))} added a record for a patient`,
  },
  RecordSubmitted: {
    topic: 'records',
    tell: ({ author }, roleOf) => `${upper(who(author, roleOf))} sent a record to a patient`,
  },
  RecordAccepted: { topic: 'records', tell: () => 'A patient accepted a record' },
  RecordRejected: { topic: 'records', tell: () => 'A patient rejected a record' },
  RecordSuperseded: { topic: 'records', tell: () => 'A record became the newer version of another' },
  RecordRewrapped: { topic: 'records', tell: () => 'A record was sealed anew, its content unchanged' },
  RecordMoved: { topic: 'records', tell: () => 'A patient moved a record to another folder' },
  RecordRetired: { topic: 'records', tell: () => 'A patient ended a record for good' },

  RecordOpened: {
    topic: 'openings',
    tell: ({ patient, accessor }, roleOf) =>
      patient === accessor
        ? 'A patient opened their own record through the keepers'
        : `${upper(who(accessor, roleOf))} opened a record`,
  },
  RecordOpenedOnGround: {
    topic: 'openings',
    tell: ({ accessor, ground }, roleOf) =>
      ground === 1
        ? `${upper(who(accessor, roleOf))} opened a record in an emergency`
        : 'A representative opened a record of their patient',
  },
  OpenRefused: {
    topic: 'openings',
    tell: ({ accessor, decision }, roleOf) =>
      `${upper(who(accessor, roleOf))} was refused a record. ${describeDecision(decisionAt(decision))}`,
  },
  SessionStarted: {
    topic: 'openings',
    tell: ({ person }, roleOf) => `${upper(who(person, roleOf))} started a shift`,
  },
  SessionEnded: {
    topic: 'openings',
    tell: ({ person }, roleOf) => `${upper(who(person, roleOf))} ended a shift`,
  },

  EpochStarted: {
    topic: 'network',
    tell: ({ keepers, threshold }) =>
      `A set of ${keepers.length} keepers began; any ${threshold} of them release a record`,
  },
  ExecutedForwardRequest: {
    topic: 'network',
    tell: ({ success }) =>
      success
        ? 'A signed request came through the relay'
        : 'A signed request came through the relay and failed',
  },
  LogBound: { topic: 'network', tell: () => 'The access log was bound to the relay’s contract' },
  AuthorityUpdated: { topic: 'network', tell: () => 'Governance was handed over' },
  EIP712DomainChanged: { topic: 'network', tell: () => 'What wallets show when they sign has changed' },
};

/** What happened, in one sentence. */
export function tell(activity: Activity, roleOf: RoleOf): string {
  return tellerOf(activity).tell(activity.args as never, roleOf);
}

export function topicOf(activity: Activity): Topic {
  return tellerOf(activity).topic;
}

function tellerOf({ eventName }: Activity): Teller<Name> {
  return TELLERS[eventName] as Teller<Name>;
}

function who(address: string, roleOf: RoleOf): string {
  const role = roleOf(address);
  return role === undefined || role === 'None' ? 'an account' : lower(article(describeRole(role)));
}

function whoOrAll(address: string, roleOf: RoleOf): string {
  return BigInt(address) === 0n ? 'everybody' : who(address, roleOf);
}

function aRole(role: number): string {
  const name = ROLES[role];
  return name === undefined || name === 'None' ? 'An account' : article(describeRole(name));
}

function article(name: string): string {
  if (name === 'Public health') return 'A public health office';
  return `${/^[AEIOU]/.test(name) ? 'An' : 'A'} ${name.toLowerCase()}`;
}

/** ParticipantRegistry: auditors are 1, managers 2^32 plus their area. */
function office(roleId: bigint): string {
  if (roleId === 1n) return 'an auditor';
  return roleId >> 32n === 1n ? `a manager of area ${roleId & 0xffffffffn}` : 'an officer';
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
