import {
  consentRegistryAbi,
  ENTRY_TOPICS,
  emergencyAccessAbi,
  guardianshipAbi,
  keeperSetAbi,
  participantRegistryAbi,
  type RawLog,
  recordIndexAbi,
  sessionForwarderAbi,
} from '@chartkey/sdk';
import {
  type AbiEvent,
  type DecodeEventLogReturnType,
  decodeEventLog,
  type Hex,
  toEventSelector,
} from 'viem';
import type { HistoryTable } from '../store/tables.ts';

/** Events that only say that something was passed on, or set up. */
const UNWATCHED = new Set(['ExecutedForwardRequest', 'EIP712DomainChanged', 'LogBound']);

/** The contracts' events but for the log's own, which are entries. */
const ABI = [
  ...eventsOf(participantRegistryAbi),
  ...eventsOf(consentRegistryAbi),
  ...eventsOf(recordIndexAbi),
  ...eventsOf(keeperSetAbi),
  ...eventsOf(sessionForwarderAbi),
  ...eventsOf(emergencyAccessAbi),
  ...eventsOf(guardianshipAbi),
] as const;

const KNOWN = new Set<Hex>(
  ABI.filter(({ name }) => !UNWATCHED.has(name)).map((event) => toEventSelector(event as AbiEvent)),
);

/** What a node is asked for. */
export const WATCHED_TOPICS: readonly Hex[] = [...ENTRY_TOPICS, ...KNOWN];

export type ChartEvent = DecodeEventLogReturnType<typeof ABI>;

/** Reads an event that is no entry; undefined for one that is not watched. */
export function decodeEvent(log: Pick<RawLog, 'topics' | 'data'>): ChartEvent | undefined {
  const [topic] = log.topics;
  if (topic === undefined || !KNOWN.has(topic)) return undefined;
  return decodeEventLog({ abi: ABI, topics: log.topics as [Hex, ...Hex[]], data: log.data });
}

/** Whom an event is about. Everything that it changes is this subject's. */
export type Parties = Pick<HistoryTable, 'subject' | 'patient' | 'account' | 'record_id'>;

/** What the other party is called, by event. */
const ACCOUNTS = [
  ...['member', 'provider', 'accessor', 'author', 'person'],
  // Who confirms an emergency, who asked for it, who looks after a patient, and where one moves to.
  ...['confirmer', 'requester', 'guardian', 'representative', 'wallet', 'to'],
];

export function partiesOf({ eventName, args }: ChartEvent): Parties {
  const of = args as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = of[name];
    return typeof value === 'string' ? value.toLowerCase() : null;
  };
  const patient = text('patient');
  const account = ACCOUNTS.map(text).find((address) => address !== null) ?? null;
  // Epochs of keepers are about nobody.
  return { subject: patient ?? account ?? eventName, patient, account, record_id: text('recordId') };
}

type EventOf<abi extends readonly unknown[]> = Extract<abi[number], { readonly type: 'event' }>;

function eventsOf<const abi extends readonly { readonly type: string }[]>(abi: abi): readonly EventOf<abi>[] {
  return abi.filter((item): item is EventOf<abi> => item.type === 'event');
}
