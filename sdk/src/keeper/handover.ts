import type { Address, Hex } from 'viem';
import {
  addressBytes,
  type Bytes,
  concat,
  fromHex,
  requireLength,
  toHex,
  uint,
  utf8,
} from '../envelope/bytes.ts';
import { RELEASE_LENGTH } from '../envelope/index.ts';
import { EnvelopeError } from '../errors.ts';

/*
 * The file in which a keeper that leaves hands over its shares of an epoch: a header and one
 * entry a record, each of a fixed length, so that it can be continued where it stopped and read
 * at any place. docs/format.md, section 13.
 */

/** Whose shares of which epoch, for whom. */
export type HandoverHeader = {
  readonly chainId: bigint;
  readonly recordIndex: Address;
  readonly epoch: number;
  /** SHA-256 of the public key of the keeper that leaves. */
  readonly giver: Hex;
  /** SHA-256 of the public key of its successor. */
  readonly taker: Hex;
};

export type HandoverEntry = {
  readonly envelopeDigest: Hex;
  /** The place of the keeper that leaves in the envelope, 0-based. */
  readonly index: number;
  /** The share, sealed to the successor. */
  readonly sealed: Bytes;
};

const MAGIC = utf8('CHARTHND');
const VERSION = 1;
export const HANDOVER_HEADER_LENGTH = MAGIC.length + 1 + 8 + 20 + 4 + 32 + 32;
export const HANDOVER_ENTRY_LENGTH = 32 + 1 + RELEASE_LENGTH;

export function encodeHandoverHeader(header: HandoverHeader): Bytes {
  const { chainId, recordIndex, epoch, giver, taker } = header;
  return concat(
    MAGIC,
    Uint8Array.of(VERSION),
    uint(chainId, 8),
    addressBytes(recordIndex, 'The RecordIndex address'),
    uint(epoch, 4),
    fromHex(giver, 32, 'The key hash of who leaves'),
    fromHex(taker, 32, 'The key hash of the successor'),
  );
}

/** @throws EnvelopeError `ENVELOPE_MALFORMED`, `ENVELOPE_VERSION_UNKNOWN` */
export function parseHandoverHeader(bytes: Uint8Array): HandoverHeader {
  const magic = bytes.subarray(0, MAGIC.length);
  if (bytes.length !== HANDOVER_HEADER_LENGTH || toHex(magic) !== toHex(MAGIC)) {
    throw new EnvelopeError('ENVELOPE_MALFORMED', 'This is no file of shares that were handed over.');
  }
  if (bytes[MAGIC.length] !== VERSION) {
    throw new EnvelopeError(
      'ENVELOPE_VERSION_UNKNOWN',
      'This file of shares has a version that is not known.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    chainId: view.getBigUint64(9),
    recordIndex: toHex(bytes.subarray(17, 37)),
    epoch: view.getUint32(37),
    giver: toHex(bytes.subarray(41, 73)),
    taker: toHex(bytes.subarray(73, 105)),
  };
}

export function encodeHandoverEntry({ envelopeDigest, index, sealed }: HandoverEntry): Bytes {
  requireLength(sealed, RELEASE_LENGTH, 'A share that is handed over');
  return concat(fromHex(envelopeDigest, 32, 'An envelope’s digest'), Uint8Array.of(index), sealed);
}

export function parseHandoverEntry(bytes: Uint8Array): HandoverEntry {
  requireLength(bytes, HANDOVER_ENTRY_LENGTH, 'An entry');
  return {
    envelopeDigest: toHex(bytes.subarray(0, 32)),
    index: bytes[32] ?? 0,
    sealed: Uint8Array.from(bytes.subarray(33)),
  };
}
