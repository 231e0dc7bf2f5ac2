import type { Address } from 'viem';
import { EnvelopeError, type ErrorCode } from '../errors.ts';
import { plaintextLength } from './body-length.ts';
import { type Bytes, equal, isZero, toHex } from './bytes.ts';
import { encodeParameters, FLOE_RECORD } from './floe.ts';
import {
  BODY_SUITE,
  ENC_LENGTH,
  envelopeLength,
  FLAG_NO_PATIENT_BLOCK,
  FLOE_HEADER_LENGTH,
  KEEPER_BLOCK_LENGTH,
  KEEPER_BLOCKS_OFFSET,
  KEM_SUITE,
  MAC_LENGTH,
  MAGIC,
  MAX_ENVELOPE_LENGTH,
  MAX_KEEPERS,
  METADATA_LENGTH,
  MIN_ENVELOPE_LENGTH,
  MIN_THRESHOLD,
  OFFSET,
  PATIENT_BLOCK_LENGTH,
  SEALED_LENGTH,
  VERSION,
} from './layout.ts';
import type { Envelope, EnvelopePrefix, KeeperBlock, PatientBlock } from './types.ts';

/**
 * Parses an envelope strictly: each thing has exactly one encoding, and what this version does
 * not know is refused. Pure; no cryptography, no belief in anything that is written there.
 *
 * Refused, in this order: a length no envelope has; another magic, version, suite; unknown
 * flags; k or n out of range; a length field other than the computed and the actual length; a
 * body length that no padded body has; FLOE parameters other than ours; a patient block against
 * the flag; x coordinates or recipients that are zero or appear twice.
 *
 * @param input - 4 kB (n = 2) to 42 kB (n = 32). It is copied.
 * @throws EnvelopeError `ENVELOPE_LENGTH`, `ENVELOPE_MALFORMED`, `ENVELOPE_VERSION_UNKNOWN`,
 * `ENVELOPE_SUITE_UNKNOWN`, `ENVELOPE_FIELD`.
 */
export function parseEnvelope(input: Uint8Array): Envelope {
  if (input.length < MIN_ENVELOPE_LENGTH || input.length > MAX_ENVELOPE_LENGTH) {
    throw refuse('ENVELOPE_LENGTH', 'These bytes are too few or too many for an envelope.');
  }
  const bytes: Bytes = new Uint8Array(input);
  const view = new DataView(bytes.buffer);

  checkKind(bytes, view);
  const prefix = readPrefix(bytes, view);
  const patientBlock = readPatientBlock(bytes, prefix.hasPatientBlock);
  const keeperBlocks = readKeeperBlocks(bytes, prefix.keeperCount);
  return {
    ...prefix,
    metadata: field(bytes, OFFSET.metadata, METADATA_LENGTH),
    patientBlock,
    keeperBlocks,
    mac: field(bytes, bytes.length - MAC_LENGTH, MAC_LENGTH),
    bytes,
  };
}

function checkKind(bytes: Bytes, view: DataView): void {
  if (!equal(field(bytes, OFFSET.magic, MAGIC.length), MAGIC)) {
    throw refuse('ENVELOPE_MALFORMED', 'These bytes are not an envelope.');
  }
  if (view.getUint16(OFFSET.version) !== VERSION) {
    throw refuse('ENVELOPE_VERSION_UNKNOWN', 'This envelope has a version that is not known here.');
  }
  if (view.getUint8(OFFSET.kemSuite) !== KEM_SUITE || view.getUint8(OFFSET.bodySuite) !== BODY_SUITE) {
    throw refuse('ENVELOPE_SUITE_UNKNOWN', 'This envelope uses algorithms that are not known here.');
  }
}

function readPrefix(bytes: Bytes, view: DataView): EnvelopePrefix & { readonly salt: Bytes } {
  const flags = view.getUint16(OFFSET.flags);
  if ((flags & ~FLAG_NO_PATIENT_BLOCK) !== 0) throw refuse('ENVELOPE_FIELD', 'Unknown flags are set.');
  const { threshold, keeperCount } = readCounts(bytes, view);
  const floeHeader = field(bytes, OFFSET.floeHeader, FLOE_HEADER_LENGTH);
  const bodyLength = readBodyLength(view);
  if (!equal(floeHeader.subarray(0, 10), encodeParameters(FLOE_RECORD))) {
    throw refuse('ENVELOPE_FIELD', 'The FLOE parameters are not those of this body suite.');
  }
  return {
    threshold,
    keeperCount,
    hasPatientBlock: (flags & FLAG_NO_PATIENT_BLOCK) === 0,
    epoch: view.getUint32(OFFSET.epoch),
    chainId: view.getBigUint64(OFFSET.chainId),
    recordIndex: readAddress(bytes, OFFSET.recordIndex),
    patient: readAddress(bytes, OFFSET.patient),
    author: readAddress(bytes, OFFSET.author),
    salt: field(bytes, OFFSET.salt, 32),
    keeperSetDigest: toHex(field(bytes, OFFSET.keeperSet, 32)),
    bodyLength,
    bodyDigest: toHex(field(bytes, OFFSET.bodyDigest, 32)),
    keyCommit: field(bytes, OFFSET.keyCommit, 32),
    floeHeader,
  };
}

function readCounts(bytes: Bytes, view: DataView) {
  const threshold = view.getUint8(OFFSET.threshold);
  const keeperCount = view.getUint8(OFFSET.keepers);
  if (keeperCount < MIN_THRESHOLD || keeperCount > MAX_KEEPERS) {
    throw refuse('ENVELOPE_FIELD', 'The number of keepers must be 2 to 32.');
  }
  if (threshold < MIN_THRESHOLD || threshold > keeperCount) {
    throw refuse('ENVELOPE_FIELD', 'The threshold must lie between 2 and the number of keepers.');
  }
  const length = envelopeLength(keeperCount);
  if (view.getUint32(OFFSET.length) !== length || bytes.length !== length) {
    throw refuse('ENVELOPE_LENGTH', 'The length is not the one that follows from the number of keepers.');
  }
  return { threshold, keeperCount };
}

function readBodyLength(view: DataView): number {
  const length = view.getBigUint64(OFFSET.bodyLength);
  const asNumber = Number(length);
  if (!Number.isSafeInteger(asNumber) || plaintextLength(asNumber) === undefined) {
    throw refuse('ENVELOPE_FIELD', 'The body length is not that of a padded body.');
  }
  return asNumber;
}

function readPatientBlock(bytes: Bytes, present: boolean): PatientBlock | undefined {
  const block = field(bytes, OFFSET.patientBlock, PATIENT_BLOCK_LENGTH);
  const recipient = field(block, 0, 32);
  if (!present && !isZero(block)) throw refuse('ENVELOPE_FIELD', 'A patient block stands against the flag.');
  if (!present) return undefined;
  if (isZero(recipient)) throw refuse('ENVELOPE_FIELD', 'The patient block has no recipient.');
  return {
    recipient,
    enc: field(block, 32, ENC_LENGTH),
    ciphertext: field(block, 32 + ENC_LENGTH, SEALED_LENGTH),
  };
}

function readKeeperBlocks(bytes: Bytes, count: number): readonly KeeperBlock[] {
  const blocks = Array.from({ length: count }, (_, index) => readKeeperBlock(bytes, index));
  // Two points with one x, or one keeper with two points, would lower the threshold.
  const coordinates = new Set(blocks.map(({ x }) => x));
  const recipients = new Set(blocks.map(({ recipient }) => toHex(recipient)));
  if (coordinates.size !== count || coordinates.has(0)) {
    throw refuse('ENVELOPE_FIELD', 'Share coordinates must be distinct and not zero.');
  }
  if (recipients.size !== count || blocks.some(({ recipient }) => isZero(recipient))) {
    throw refuse('ENVELOPE_FIELD', 'Keepers must be distinct and not zero.');
  }
  return blocks;
}

function readKeeperBlock(bytes: Bytes, index: number): KeeperBlock {
  const block = field(bytes, KEEPER_BLOCKS_OFFSET + index * KEEPER_BLOCK_LENGTH, KEEPER_BLOCK_LENGTH);
  return {
    index,
    x: block[0] ?? 0,
    recipient: field(block, 1, 32),
    commitment: field(block, 33, 32),
    enc: field(block, 65, ENC_LENGTH),
    ciphertext: field(block, 65 + ENC_LENGTH, SEALED_LENGTH),
  };
}

function readAddress(bytes: Bytes, offset: number): Address {
  return toHex(field(bytes, offset, 20));
}

function field(bytes: Bytes, offset: number, length: number): Bytes {
  return bytes.subarray(offset, offset + length);
}

function refuse(code: ErrorCode, message: string): EnvelopeError {
  return new EnvelopeError(code, message);
}
