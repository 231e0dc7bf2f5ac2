import { type Hex, toEventSelector } from 'viem';
import { DECISIONS, decisionAt, markAt } from '../contracts/decisions.ts';
import { accessLogAbi } from '../contracts/generated/index.ts';
import type { RawLog } from '../contracts/log-ranges.ts';
import type { RecordId } from '../envelope/index.ts';
import { ChainError } from '../errors.ts';
import { PURPOSES_OF_USE, purposeFromNumber } from '../hl7/index.ts';
import type { LogEntry } from './head.ts';
import type { EntryFields } from './head-hasher.ts';
import { DECISION_NUMBERS } from './numbers.ts';

/** An entry as its event says it, with words as numbers; addresses in small letters. */
export type RawEntry = EntryFields & {
  readonly patient: Hex;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly transactionHash: Hex;
};

const [OPENED, MARKED, REFUSED] = ['RecordOpened', 'RecordOpenedOnGround', 'OpenRefused'].map((name) => {
  const event = accessLogAbi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`AccessLog has no event ${name}.`);
  return toEventSelector(event);
});

/** The topics that entries have: `RecordOpened`, `RecordOpenedOnGround`, `OpenRefused`. */
export const ENTRY_TOPICS: readonly Hex[] = [OPENED as Hex, MARKED as Hex, REFUSED as Hex];

/** Sequence, purpose, openedAt, keyHash, and place or decision; a marked one has its ground behind them. */
const WORDS = 5;

/**
 * Reads an entry out of its event without viem's decoder, which takes most of the time of a million
 * of them; a test holds the two against each other.
 *
 * @returns undefined for another event
 * @throws ChainError `CHAIN_WRONG` for an entry that no contract of ours writes
 */
export function decodeEntry(log: RawLog): RawEntry | undefined {
  const [topic, patient, accessor, recordId] = log.topics;
  if (topic !== OPENED && topic !== MARKED && topic !== REFUSED) return undefined;
  const words = topic === MARKED ? WORDS + 1 : WORDS;
  if (!patient || !accessor || !recordId || log.data.length !== 2 + 64 * words) throw notOurs();
  const entry = {
    patient: addressIn(patient),
    accessor: addressIn(accessor),
    recordId: recordId as RecordId,
    sequence: numberAt(log.data, 0),
    purpose: numberAt(log.data, 1),
    openedAt: numberAt(log.data, 2),
    keyHash: `0x${wordAt(log.data, 3)}` as Hex,
    decision: topic === REFUSED ? numberAt(log.data, 4) : DECISION_NUMBERS.Permit,
    ground: topic === MARKED ? numberAt(log.data, WORDS) : 0,
    blockNumber: Number(log.blockNumber),
    logIndex: Number(log.logIndex),
    transactionHash: log.transactionHash,
  };
  if (entry.purpose >= PURPOSES_OF_USE.length || entry.decision >= DECISIONS.length) throw notOurs();
  // A mark is one of the grounds, and never the ordinary one.
  if (topic === MARKED && markAt(entry.ground) === undefined) throw notOurs();
  return entry;
}

/** The same entry in words. */
export function entryInWords(entry: RawEntry): LogEntry {
  const { purpose, decision, ground, blockNumber, logIndex: _, ...rest } = entry;
  const mark = markAt(ground);
  return {
    ...rest,
    ...(mark && { ground: mark }),
    // The decoder admits no other number.
    purpose: purposeFromNumber(purpose) ?? 'TREAT',
    decision: decisionAt(decision),
    blockNumber: BigInt(blockNumber),
  };
}

function wordAt(data: Hex, index: number): string {
  return data.slice(2 + 64 * index, 66 + 64 * index);
}

function numberAt(data: Hex, index: number): number {
  const value = Number.parseInt(wordAt(data, index), 16);
  if (!Number.isSafeInteger(value)) throw notOurs();
  return value;
}

function addressIn(topic: Hex): Hex {
  return `0x${topic.slice(26)}`;
}

function notOurs(): ChainError {
  return new ChainError('CHAIN_WRONG', 'The log has an entry that these contracts do not write.', {
    advice: 'Check the list of contract addresses, and ask another node.',
  });
}
