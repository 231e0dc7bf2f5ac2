import { type Hex, hexToBigInt, hexToNumber, keccak256, toRlp } from 'viem';
import { IntegrityError } from '../errors.ts';
import { decodeRlp } from './rlp.ts';

/** What a proof takes out of a block's header. */
export type BlockHeader = {
  readonly hash: Hex;
  readonly number: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly stateRoot: Hex;
};

/**
 * In the order in which they are hashed (Yellow Paper, 4.4.2; EIP-1559, 4895, 4844, 4788, 7685).
 * Quantities lose their leading zeros, and zero is the empty string.
 */
const FIELDS = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
] as const;

const [STATE_ROOT, NUMBER, TIMESTAMP] = [3, 8, 11];
/** Before London; later ones have more. */
const MIN_FIELDS = 15;
const MAX_HEADER_BYTES = 16_384;

/**
 * A block's header in the bytes that it is hashed in, from what a node says of the block.
 *
 * @throws IntegrityError `PROOF_BROKEN` if they don't hash to the block's hash: the chain has another kind of header
 */
export function encodeHeader(block: Readonly<Record<string, unknown>>): Hex {
  const items: Hex[] = [];
  for (const [name, kind] of FIELDS) {
    const value = block[name];
    // Later fields are there from some upgrade on, and none is left out between two.
    if (typeof value !== 'string') break;
    items.push(kind === 'bytes' ? (value as Hex) : trimmed(value as Hex));
  }
  const header = toRlp(items);
  if (keccak256(header) !== block['hash']) throw broken('does not hash to the block’s hash on this chain');
  return header;
}

/** @throws IntegrityError `PROOF_BROKEN` if these bytes are no header */
export function decodeHeader(header: Hex): BlockHeader {
  if (header.length > 2 + 2 * MAX_HEADER_BYTES) throw broken('is too long');
  const items = itemsOf(header);
  const [stateRoot, number, timestamp] = [items[STATE_ROOT], items[NUMBER], items[TIMESTAMP]];
  if (items.length < MIN_FIELDS || !isText(stateRoot) || !isText(number) || !isText(timestamp)) {
    throw broken('has not the fields of one');
  }
  if (stateRoot.length !== 66 || number.length > 18 || timestamp.length > 18) {
    throw broken('has a field of another length');
  }
  return {
    hash: keccak256(header),
    number: number === '0x' ? 0n : hexToBigInt(number),
    timestamp: timestamp === '0x' ? 0 : hexToNumber(timestamp),
    stateRoot,
  };
}

function itemsOf(header: Hex): readonly unknown[] {
  try {
    const items: unknown = decodeRlp(header);
    if (Array.isArray(items)) return items;
  } catch (cause) {
    throw broken('is not RLP', cause);
  }
  throw broken('is no list');
}

function trimmed(quantity: Hex): Hex {
  const digits = quantity.slice(2).replace(/^0+/, '');
  return `0x${digits.length % 2 === 1 ? '0' : ''}${digits}`;
}

function isText(value: unknown): value is Hex {
  return typeof value === 'string';
}

function broken(what: string, cause?: unknown): IntegrityError {
  return new IntegrityError('PROOF_BROKEN', `The block’s header ${what}.`, {
    advice: 'It proves nothing. Ask another node, or whoever made the file.',
    cause,
  });
}
