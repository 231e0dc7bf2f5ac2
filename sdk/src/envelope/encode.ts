import { ChartkeyError } from '../errors.ts';
import { plaintextLength } from './body-length.ts';
import { addressBytes, type Bytes, concat, fromHex, requireLength, uint } from './bytes.ts';
import {
  BODY_SUITE,
  envelopeLength,
  FLAG_NO_PATIENT_BLOCK,
  FLOE_HEADER_LENGTH,
  KEM_SUITE,
  MAGIC,
  MAX_KEEPERS,
  MIN_THRESHOLD,
  PATIENT_BLOCK_LENGTH,
  VERSION,
} from './layout.ts';
import type { EnvelopePrefix, KeeperBlock, PatientBlock } from './types.ts';

/** Bytes 0..301. @throws ChartkeyError `INPUT_INVALID` for a field out of its range. */
export function encodePrefix(prefix: EnvelopePrefix): Bytes {
  checkRanges(prefix);
  return concat(
    MAGIC,
    uint(VERSION, 2),
    Uint8Array.of(KEM_SUITE, BODY_SUITE, prefix.threshold, prefix.keeperCount),
    uint(prefix.hasPatientBlock ? 0 : FLAG_NO_PATIENT_BLOCK, 2),
    uint(envelopeLength(prefix.keeperCount), 4),
    uint(prefix.epoch, 4),
    uint(prefix.chainId, 8),
    addressBytes(prefix.recordIndex, 'The RecordIndex address'),
    addressBytes(prefix.patient, 'The patient id'),
    addressBytes(prefix.author, 'The author'),
    prefix.salt,
    fromHex(prefix.keeperSetDigest, 32, 'The keeper set digest'),
    uint(prefix.bodyLength, 8),
    fromHex(prefix.bodyDigest, 32, 'The body digest'),
    prefix.keyCommit,
    prefix.floeHeader,
  );
}

/** Without a patient block its place is zero: no offset depends on the flags. */
export function encodePatientBlock(block: PatientBlock | undefined): Bytes {
  if (!block) return new Uint8Array(PATIENT_BLOCK_LENGTH);
  return concat(block.recipient, block.enc, block.ciphertext);
}

export function encodeKeeperBlock(block: Omit<KeeperBlock, 'index'>): Bytes {
  return concat(Uint8Array.of(block.x), block.recipient, block.commitment, block.enc, block.ciphertext);
}

function checkRanges(prefix: EnvelopePrefix): void {
  const { threshold, keeperCount, epoch, chainId } = prefix;
  if (!isInteger(keeperCount, MIN_THRESHOLD, MAX_KEEPERS)) throw invalid('There must be 2 to 32 keepers.');
  if (!isInteger(threshold, MIN_THRESHOLD, keeperCount)) {
    throw invalid('The threshold must lie between 2 and the number of keepers.');
  }
  if (!isInteger(epoch, 0, 0xffff_ffff)) throw invalid('The epoch must be a 32-bit number.');
  if (chainId < 0n || chainId >= 1n << 64n) throw invalid('The chain id must be a 64-bit number.');
  if (plaintextLength(prefix.bodyLength) === undefined) {
    throw invalid('The body length is not that of a padded body.');
  }
  requireLength(prefix.salt, 32, 'The salt');
  requireLength(prefix.keyCommit, 32, 'The key commitment');
  requireLength(prefix.floeHeader, FLOE_HEADER_LENGTH, 'The FLOE header');
}

function isInteger(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message);
}
