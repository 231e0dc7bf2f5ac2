import { describe, expect, test } from 'vitest';
import { type RecordEvent, withEvents } from './record-list.ts';

const PATIENT = '0x00000000000000000000000000000000000000aa';
const LAB = '0x00000000000000000000000000000000000000bb';
const id = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as const;
const event = (eventName: string, number: number, more: Partial<RecordEvent['args']> = {}): RecordEvent => ({
  eventName,
  args: { recordId: id(number), patient: PATIENT, ...more },
});
const added = event('RecordAdded', 1, { author: PATIENT, compartment: 7 });
const submitted = event('RecordSubmitted', 2, { author: LAB });

describe('withEvents', () => {
  test('default: in the order they came', () => {
    expect(withEvents([], [added, submitted])).toEqual([
      {
        ...{ recordId: id(1), patient: PATIENT, author: PATIENT, compartment: 7, status: 'Active' },
        ...{ superseded: false, envelopeDigest: id(1) },
      },
      {
        ...{ recordId: id(2), patient: PATIENT, author: LAB, compartment: 0, status: 'Pending' },
        ...{ superseded: false, envelopeDigest: id(2) },
      },
    ]);
  });

  test('behavior: a change of what is not in the list is no record', () => {
    expect(withEvents([], [event('RecordMoved', 9, { compartment: 1 }), event('Unknown', 9)])).toEqual([]);
  });

  test('behavior: events that are read again change nothing, and what did not change stays the same object', () => {
    const events = [
      added,
      submitted,
      event('RecordAccepted', 2, { compartment: 3 }),
      event('RecordRetired', 1),
    ];
    const once = withEvents([], events);
    expect(withEvents(once, events)).toEqual(once);
    const [first] = once;
    expect(withEvents(once, [event('RecordMoved', 2, { compartment: 4 })])[0]).toBe(first);
  });
});
