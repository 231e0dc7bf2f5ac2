import fc from 'fast-check';
import {
  type AbiEvent,
  type AbiParameter,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  getAddress,
  type Hex,
} from 'viem';
import { describe, expect, test } from 'vitest';
import { eventDecoder } from './decode-event.ts';
import {
  accessLogAbi,
  consentRegistryAbi,
  emergencyAccessAbi,
  guardianshipAbi,
  participantRegistryAbi,
  recordIndexAbi,
} from './generated/index.ts';

const EVENTS = [
  ...[accessLogAbi, consentRegistryAbi, participantRegistryAbi, recordIndexAbi],
  ...[emergencyAccessAbi, guardianshipAbi],
]
  .flatMap((abi): readonly unknown[] => abi)
  .filter((item): item is AbiEvent => (item as { type: string }).type === 'event')
  .filter(({ inputs }) => inputs.every(({ type }) => !/^(string|bytes)$/.test(type)));

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((all): Hex => `0x${Buffer.from(all).toString('hex')}`);

function anyOf(input: AbiParameter): fc.Arbitrary<unknown> {
  if (input.type === 'tuple' && 'components' in input) {
    return fc.record(Object.fromEntries(input.components.map((one) => [one.name, anyOf(one)])));
  }
  if (input.type.endsWith('[]')) {
    return fc.array(anyOf({ ...input, type: input.type.slice(0, -2) }), { maxLength: 5 });
  }
  const [, kind, size = '160'] = /^([a-z]+)(\d+)?$/.exec(input.type) ?? [];
  if (kind === 'address') return hex(20).map((address) => getAddress(address));
  if (kind === 'bool') return fc.boolean();
  if (kind === 'bytes') return hex(Number(size));
  const number = fc.bigInt({ min: 0n, max: (1n << BigInt(size)) - 1n });
  return Number(size) <= 48 ? number.map(Number) : number;
}

function logOf(event: AbiEvent, args: Readonly<Record<string, unknown>>) {
  const plain = event.inputs.filter(({ indexed }) => !indexed);
  const values = plain.map(({ name }) => args[name ?? '']);
  return {
    topics: encodeEventTopics({ abi: [event], args } as never) as [Hex, ...Hex[]],
    data: encodeAbiParameters(plain, values as never),
  };
}

describe('eventDecoder', () => {
  test.each(EVENTS.map((event) => [event.name, event] as const))(
    'behavior: %s as viem reads it',
    (_, event) => {
      const decode = eventDecoder(event);
      const args = fc.record(Object.fromEntries(event.inputs.map((input) => [input.name, anyOf(input)])));
      fc.assert(
        fc.property(args, (given) => {
          const log = logOf(event, given);
          expect(decode(log)).toEqual(decodeEventLog({ abi: [event], ...log }).args ?? {});
        }),
        { numRuns: 50 },
      );
    },
  );

  test('behavior: another event, a topic or a byte too few or too many is none of this kind', () => {
    const [event, other] = EVENTS.filter(({ name }) => /^Record(Added|Submitted)$/.test(name));
    if (!event || !other) throw new Error('The events are missing.');
    const [args] = fc.sample(
      fc.record(Object.fromEntries(event.inputs.map((input) => [input.name, anyOf(input)]))),
      1,
    );
    const log = logOf(event, args ?? {});
    const decode = eventDecoder(event);
    expect(decode(log)).toBeDefined();
    expect(eventDecoder(other)(log)).toBeUndefined();
    expect(decode({ ...log, topics: log.topics.slice(0, -1) })).toBeUndefined();
    expect(decode({ ...log, data: `${log.data}00` })).toBeUndefined();
    expect(decode({ ...log, data: log.data.slice(0, -2) as Hex })).toBeUndefined();
  });

  test('behavior: a list that is cut, or says that it is longer than the data, is none', () => {
    const event = EVENTS.find(({ name }) => name === 'GuardiansChanged');
    if (!event) throw new Error('The event is missing.');
    const guardians = [1, 2].map((n) => getAddress(`0x${String(n).padStart(40, '0')}`));
    const log = logOf(event, { patient: guardians[0], guardians, threshold: 2, round: 1 });
    const decode = eventDecoder(event);
    expect(decode(log)).toMatchObject({ guardians });
    expect(decode({ ...log, data: log.data.slice(0, -64) as Hex })).toBeUndefined();
    const count = 2 + 64 * 3;
    const endless = `${log.data.slice(0, count)}${'f'.repeat(64)}${log.data.slice(count + 64)}` as Hex;
    expect(decode({ ...log, data: endless })).toBeUndefined();
  });

  test('error: an argument of no fixed size', () => {
    const event: AbiEvent = { type: 'event', name: 'Said', inputs: [{ name: 'text', type: 'string' }] };
    expect(() => eventDecoder(event)).toThrow('An event with an argument of type string');
  });
});
