import { encodeAbiParameters, encodeEventTopics, type Hex, numberToHex, parseEventLogs } from 'viem';
import { describe, expect, test } from 'vitest';
import { DECISIONS, GROUNDS, markAt } from '../contracts/decisions.ts';
import { accessLogAbi } from '../contracts/generated/index.ts';
import type { RawLog } from '../contracts/log-ranges.ts';
import type { RecordId } from '../envelope/index.ts';
import { anyAddress } from '../envelope/testing.ts';
import { PURPOSES_OF_USE } from '../hl7/index.ts';
import {
  createHeadHasher,
  decodeEntry,
  EMPTY_HEAD,
  EMPTY_HEAD_BYTES,
  entryFields,
  entryInWords,
  headHex,
  type LogEntry,
  nextHead,
} from './index.ts';

function entry(n: number): LogEntry {
  const decision = DECISIONS[n % DECISIONS.length]?.code ?? 'Permit';
  const ground = decision === 'Permit' ? markAt(n % GROUNDS.length) : undefined;
  return {
    patient: anyAddress(1),
    accessor: anyAddress(n % 250),
    recordId: `0x${n.toString(16).padStart(64, 'a')}` as RecordId,
    sequence: n + 1,
    purpose: PURPOSES_OF_USE[n % PURPOSES_OF_USE.length]?.code ?? 'TREAT',
    decision,
    // Only what was permitted is marked.
    ...(ground && { ground }),
    openedAt: n * 2 ** 30,
    keyHash: `0x${n.toString(16).padStart(64, 'b')}`,
    blockNumber: BigInt(n),
    transactionHash: `0x${n.toString(16).padStart(64, 'c')}`,
  };
}

describe('createHeadHasher', () => {
  test('default: the same heads as its slow twin', async () => {
    const hash = await createHeadHasher();
    let [fast, slow]: [Uint8Array, Hex] = [EMPTY_HEAD_BYTES, EMPTY_HEAD];
    for (let n = 0; n < 300; n++) {
      fast = hash(fast, entryFields(entry(n)));
      slow = nextHead(slow, entry(n));
      expect(headHex(fast)).toBe(slow);
    }
  });

  test('behavior: capital letters are the same digits', async () => {
    const hash = await createHeadHasher();
    const fields = entryFields(entry(7));
    const shouted = { ...fields, keyHash: `0x${fields.keyHash.slice(2).toUpperCase()}` as Hex };
    expect(hash(EMPTY_HEAD_BYTES, shouted)).toEqual(hash(EMPTY_HEAD_BYTES, fields));
  });

  test('error: a field of another length, or none, is no entry', async () => {
    const hash = await createHeadHasher();
    const fields = entryFields(entry(7));
    const wrong = [
      { keyHash: '0xab' as Hex },
      { keyHash: `0x${'zz'.repeat(32)}` as Hex },
      { sequence: 2 ** 32 },
      { openedAt: 2 ** 48 },
    ];
    for (const change of wrong) {
      expect(() => hash(EMPTY_HEAD_BYTES, { ...fields, ...change })).toThrow(RangeError);
    }
  });
});

describe('decodeEntry', () => {
  test('default: what viem decodes, without viem', () => {
    for (let n = 0; n < 60; n++) {
      const log = logOf(entry(n));
      const [decoded] = parseEventLogs({ abi: accessLogAbi, logs: [log as never], strict: true });
      const ours = decodeEntry(log);
      if (!ours || !decoded || !('openedAt' in decoded.args)) {
        throw new Error('not decoded');
      }
      const { patient, accessor, ...args } = decoded.args;
      expect(ours).toMatchObject({ patient: patient.toLowerCase(), accessor: accessor.toLowerCase() });
      const { place: _place, ...rest } = { place: 0, ...args };
      expect(ours).toMatchObject(rest);
      expect(entryInWords(ours)).toMatchObject({
        ...entry(n),
        patient: patient.toLowerCase(),
        accessor: accessor.toLowerCase(),
      });
    }
  });

  test('error: other events are none, and an entry that no contract writes is refused', () => {
    const log = logOf(entry(1));
    expect(decodeEntry({ ...log, topics: [`0x${'11'.repeat(32)}`] })).toBeUndefined();
    const marked = logOf({ ...entry(1), decision: 'Permit', ground: 'Emergency' });
    const groundless = `${marked.data.slice(0, -64)}${'0'.repeat(64)}` as Hex;
    expect(marked.data).toHaveLength(2 + 64 * 6);
    expect(() => decodeEntry({ ...marked, data: groundless })).toThrow('do not write');
    for (const broken of [
      { topics: log.topics.slice(0, 2) },
      { data: log.data.slice(0, -64) as Hex },
      { data: `0x${'ff'.repeat(160)}` as Hex },
    ]) {
      expect(() => decodeEntry({ ...log, ...broken })).toThrow('do not write');
    }
  });
});

function logOf(entry: LogEntry): RawLog {
  const permitted = entry.ground ? 'RecordOpenedOnGround' : 'RecordOpened';
  const eventName = entry.decision === 'Permit' ? permitted : 'OpenRefused';
  const { patient, accessor, recordId, sequence, openedAt, keyHash } = entry;
  const topics = encodeEventTopics({ abi: accessLogAbi, eventName, args: { patient, accessor, recordId } });
  const { purpose, decision, ground } = entryFields(entry);
  const words = [sequence, purpose, openedAt].map((value) => ({ type: 'uint256', value: BigInt(value) }));
  const last = [entry.decision === 'Permit' ? 5n : BigInt(decision), ...(ground ? [BigInt(ground)] : [])];
  const data = encodeAbiParameters(
    [...words.map(({ type }) => ({ type })), { type: 'bytes32' }, ...last.map(() => ({ type: 'uint256' }))],
    [...words.map(({ value }) => value), keyHash, ...last],
  );
  return {
    address: anyAddress(9),
    topics: topics as Hex[],
    data,
    blockNumber: numberToHex(entry.blockNumber),
    logIndex: '0x3',
    transactionHash: entry.transactionHash,
  };
}
