import { type AbiEvent, type AbiParameter, type Address, getAddress, type Hex, toEventSelector } from 'viem';

/** What a node sends of an event, as far as its arguments are in it. */
export type RawEvent = { readonly topics: readonly Hex[]; readonly data: Hex };

export type EventDecoder = (log: RawEvent) => Readonly<Record<string, unknown>> | undefined;

const WORD = 64;
/** Up to here a number is a `number`, as everywhere else. */
const SAFE_BITS = 48;

/**
 * Reads the arguments of one kind of event; undefined for another kind or a wrong length. For events
 * whose arguments have a fixed size, or are lists of such, as all of ours are, this is what viem's
 * `decodeEventLog` says without its cost: a chart of ten thousand records is on screen at once.
 *
 * @throws Error for an event with an argument of another kind
 */
export function eventDecoder(event: AbiEvent): EventDecoder {
  const selector = toEventSelector(event);
  const indexed = event.inputs.filter((input) => input.indexed);
  const plain = event.inputs.filter((input) => !input.indexed);
  const dataLength = 2 + WORD * plain.reduce((sum, input) => sum + wordsIn(input), 0);
  const isLong = plain.some(isList);
  return ({ topics, data }) => {
    if (topics[0] !== selector || topics.length !== 1 + indexed.length) return undefined;
    if (isLong ? data.length < dataLength : data.length !== dataLength) return undefined;
    const args: Record<string, unknown> = {};
    indexed.forEach((input, at) => {
      args[input.name ?? at] = wordToValue(input.type, topics[at + 1]?.slice(2) ?? '');
    });
    Object.assign(args, fieldsOf(plain, data.slice(2)));
    return Object.values(args).includes(undefined) ? undefined : args;
  };
}

function fieldsOf(inputs: readonly AbiParameter[], words: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  let at = 0;
  for (const input of inputs) {
    const length = WORD * wordsIn(input);
    const mine = words.slice(at, at + length);
    if (isTuple(input)) fields[input.name ?? at] = fieldsOf(input.components, mine);
    else if (isList(input)) fields[input.name ?? at] = listAt(input.type.slice(0, -2), words, mine);
    else fields[input.name ?? at] = wordToValue(input.type, mine);
    at += length;
  }
  return fields;
}

/** In place of a list stands where it begins, in bytes; there its length, and then its elements. */
function listAt(type: string, words: string, offset: string): unknown[] | undefined {
  const at = 2 * Number(`0x${offset}`);
  const begin = at + WORD;
  const count = Number(`0x${words.slice(at, begin)}`);
  if (!(begin + WORD * count <= words.length)) return undefined;
  return Array.from({ length: count }, (_, i) =>
    wordToValue(type, words.slice(begin + WORD * i, begin + WORD * (i + 1))),
  );
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
  // A tuple with a list in it would stand elsewhere, as lists do.
  if (isTuple(input) && !input.components.some(isList)) {
    return input.components.reduce((sum, one) => sum + wordsIn(one), 0);
  }
  if (/^(address|bool|uint\d+|bytes\d+)(\[\])?$/.test(input.type)) return 1;
  throw new Error(`An event with an argument of type ${input.type} can't be read this way.`);
}

function isList({ type }: AbiParameter): boolean {
  return type.endsWith('[]');
}

function isTuple(
  input: AbiParameter,
): input is AbiParameter & { readonly components: readonly AbiParameter[] } {
  return input.type === 'tuple';
}
