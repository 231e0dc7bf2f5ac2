import { type AbiEvent, type AbiParameter, type Address, getAddress, type Hex, toEventSelector } from 'viem';

/** What a node sends of an event, as far as its arguments are in it. */
export type RawEvent = { readonly topics: readonly Hex[]; readonly data: Hex };

export type EventDecoder = (log: RawEvent) => Readonly<Record<string, unknown>> | undefined;

const WORD = 64;
/** Up to here a number is a `number`, as everywhere else. */
const SAFE_BITS = 48;

/**
 * Reads the arguments of one kind of event; undefined for another kind or a wrong length. For events
 * whose arguments all have a fixed size, which all of ours do, this is what viem's `decodeEventLog`
 * says without its cost: a chart of ten thousand records is on screen at once.
 *
 * @throws Error for an event with an argument of no fixed size
 */
export function eventDecoder(event: AbiEvent): EventDecoder {
  const selector = toEventSelector(event);
  const indexed = event.inputs.filter((input) => input.indexed);
  const plain = event.inputs.filter((input) => !input.indexed);
  const dataLength = 2 + WORD * plain.reduce((sum, input) => sum + wordsIn(input), 0);
  return ({ topics, data }) => {
    if (topics[0] !== selector || topics.length !== 1 + indexed.length || data.length !== dataLength)
      return undefined;
    const args: Record<string, unknown> = {};
    indexed.forEach((input, at) => {
      args[input.name ?? at] = wordToValue(input.type, topics[at + 1]?.slice(2) ?? '');
    });
    Object.assign(args, fieldsOf(plain, data.slice(2)));
    return args;
  };
}

function fieldsOf(inputs: readonly AbiParameter[], words: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  let at = 0;
  for (const input of inputs) {
    const length = WORD * wordsIn(input);
    const mine = words.slice(at, at + length);
    fields[input.name ?? at] = isTuple(input)
      ? fieldsOf(input.components, mine)
      : wordToValue(input.type, mine);
    at += length;
  }
  return fields;
}

/** Contract ABI specification, "Formal Specification of the Encoding": numbers stand right, bytes left. */
function wordToValue(type: string, word: string): Address | Hex | boolean | number | bigint {
  if (type === 'address') return getAddress(`0x${word.slice(WORD - 40)}`);
  if (type === 'bool') return word.endsWith('1');
  const [, kind, size] = /^(uint|bytes)(\d+)$/.exec(type) ?? [];
  if (kind === 'bytes') return `0x${word.slice(0, 2 * Number(size))}`;
  return Number(size) <= SAFE_BITS ? Number(`0x${word}`) : BigInt(`0x${word}`);
}

function wordsIn(input: AbiParameter): number {
  if (isTuple(input)) return input.components.reduce((sum, one) => sum + wordsIn(one), 0);
  if (/^(address|bool|uint\d+|bytes\d+)$/.test(input.type)) return 1;
  throw new Error(`An event with an argument of type ${input.type} can't be read this way.`);
}

function isTuple(
  input: AbiParameter,
): input is AbiParameter & { readonly components: readonly AbiParameter[] } {
  return input.type === 'tuple';
}
