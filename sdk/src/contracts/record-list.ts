import type { Address, Hex } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import type { IndexedRecord } from './records.ts';

/** An event of RecordIndex, as far as the list of records depends on it. */
export type RecordEvent = {
  readonly eventName: string;
  readonly args: {
    readonly recordId: Hex;
    readonly patient: Address;
    readonly author?: Address;
    readonly compartment?: number;
    readonly envelopeDigest?: Hex;
    readonly previous?: Hex;
  };
};

/**
 * The records after some more events, in the order they came. The events tell the whole state
 * (contracts/interfaces/IRecordIndex.sol), so ten thousand records take eight questions and not
 * thirty thousand. Applying an event twice changes nothing.
 */
export function withEvents(
  before: readonly IndexedRecord[],
  events: readonly RecordEvent[],
): readonly IndexedRecord[] {
  const records = new Map(before.map((record) => [record.recordId, record]));
  const change = (id: Hex, to: Partial<IndexedRecord>) => {
    const record = records.get(id as RecordId);
    if (record) records.set(record.recordId, { ...record, ...to });
  };
  for (const { eventName, args } of events) {
    const { recordId, compartment = 0, envelopeDigest, previous } = args;
    if (eventName === 'RecordAdded' || eventName === 'RecordSubmitted') {
      if (!records.has(recordId as RecordId)) records.set(recordId as RecordId, added(eventName, args));
    } else if (eventName === 'RecordAccepted') change(recordId, { status: 'Active', compartment });
    else if (eventName === 'RecordMoved') change(recordId, { compartment });
    else if (eventName === 'RecordRejected') change(recordId, { status: 'Rejected' });
    else if (eventName === 'RecordRetired') change(recordId, { status: 'Retired' });
    else if (eventName === 'RecordRewrapped' && envelopeDigest) change(recordId, { envelopeDigest });
    else if (eventName === 'RecordSuperseded' && previous) change(previous, { superseded: true });
  }
  return [...records.values()];
}

function added(eventName: string, args: RecordEvent['args']): IndexedRecord {
  const { recordId, patient, author = patient, compartment = 0 } = args;
  return {
    ...{ recordId: recordId as RecordId, patient, author, compartment },
    status: eventName === 'RecordAdded' ? 'Active' : 'Pending',
    superseded: false,
    envelopeDigest: recordId,
  };
}
