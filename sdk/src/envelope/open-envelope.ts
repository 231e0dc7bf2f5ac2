import { IntegrityError } from '../errors.ts';
import { type Bytes, equal, toHex } from './bytes.ts';
import { sha256 } from './hash.ts';
import { hpkeOpen, type KeyPair } from './hpke.ts';
import {
  beforeMac,
  contextOf,
  INFO_KEEPER,
  INFO_PATIENT,
  keeperAad,
  keyCommitOf,
  macOf,
  shareCommitment,
} from './schedule.ts';
import { combinePoints, interpolate } from './shamir.ts';
import { ShareWrongError } from './share-wrong-error.ts';
import type { Envelope, KeeperShare, RecordId } from './types.ts';

/** SHA-256 of an envelope: its block's digest on IPFS, and for a record's first one its id. */
export async function recordIdOf(bytes: Uint8Array): Promise<RecordId> {
  return toHex(sha256(bytes)) as RecordId;
}

/**
 * Opens the patient block and verifies the content key against commitment and MAC.
 *
 * @returns the content key, 32 bytes; undefined if the block is not addressed to this key.
 * @throws IntegrityError if it is and does not open: `SEAL_BROKEN`, `KEY_COMMITMENT_MISMATCH`,
 * `ENVELOPE_MAC_MISMATCH`.
 */
export async function openPatientBlock(envelope: Envelope, keyPair: KeyPair): Promise<Bytes | undefined> {
  const block = envelope.patientBlock;
  if (!block || !equal(block.recipient, keyPair.publicKeyHash)) return undefined;
  const context = { info: INFO_PATIENT, aad: contextOf(envelope.bytes) };
  const contentKey = await hpkeOpen(keyPair, block.enc, block.ciphertext, context);
  verifyContentKey(envelope, contentKey);
  return contentKey;
}

/**
 * Opens the keeper block that is addressed to this key and checks the share's commitment.
 *
 * Warning: this is all the secrecy a keeper guards. Release the share only after the chain said so.
 *
 * @returns the share; undefined if no block is addressed to this key.
 * @throws IntegrityError `SEAL_BROKEN`; `SHARE_WRONG` (a {@link ShareWrongError}).
 */
export async function openKeeperBlock(
  envelope: Envelope,
  keyPair: KeyPair,
): Promise<KeeperShare | undefined> {
  const block = envelope.keeperBlocks.find(({ recipient }) => equal(recipient, keyPair.publicKeyHash));
  if (!block) return undefined;
  const { index, x, commitment } = block;
  const aad = keeperAad(contextOf(envelope.bytes), index, x, commitment);
  const share = await hpkeOpen(keyPair, block.enc, block.ciphertext, { info: INFO_KEEPER, aad });
  const opened = { index, x, share };
  checkShare(envelope, opened);
  return opened;
}

/**
 * The content key out of k or more shares: each commitment, then all n points on one
 * polynomial, then key commitment and MAC. docs/format.md, section 7.
 *
 * @param shares - from distinct keepers, in any order; repetitions count once.
 * @throws IntegrityError `SHARE_WRONG` (a {@link ShareWrongError} with the liar's index),
 * `SHARES_TOO_FEW`, `SHARES_INCONSISTENT`, `KEY_COMMITMENT_MISMATCH`, `ENVELOPE_MAC_MISMATCH`.
 */
export async function combineShares(envelope: Envelope, shares: readonly KeeperShare[]): Promise<Bytes> {
  for (const share of shares) checkShare(envelope, share);
  const distinct = [...new Map(shares.map((share) => [share.index, share])).values()];
  if (distinct.length < envelope.threshold) {
    throw new IntegrityError(
      'SHARES_TOO_FEW',
      `It takes ${envelope.threshold} shares; there are ${distinct.length}.`,
      {
        retryable: true,
        advice: 'More keepers must answer. Try again when they are up.',
      },
    );
  }
  const points = distinct.slice(0, envelope.threshold).map(({ x, share }) => ({ x, y: share }));

  const ctx = contextOf(envelope.bytes);
  for (const { index, x, commitment } of envelope.keeperBlocks) {
    if (!equal(shareCommitment(ctx, index, x, interpolate(points, x)), commitment)) {
      throw new IntegrityError('SHARES_INCONSISTENT', 'The shares of this record do not belong together.', {
        advice: 'Its author sealed it wrongly. Ask them to write the record again.',
      });
    }
  }
  const contentKey = await combinePoints(points);
  verifyContentKey(envelope, contentKey);
  return contentKey;
}

/**
 * Fails unless `contentKey` (32 bytes) is the one that this envelope was sealed with, and the
 * envelope is as it was sealed.
 *
 * @throws IntegrityError `KEY_COMMITMENT_MISMATCH`, `ENVELOPE_MAC_MISMATCH`.
 */
export function verifyContentKey(envelope: Envelope, contentKey: Uint8Array): void {
  if (!equal(keyCommitOf(contentKey, envelope), envelope.keyCommit)) {
    throw new IntegrityError('KEY_COMMITMENT_MISMATCH', 'This key is not the one of this record.');
  }
  if (!equal(macOf(contentKey, beforeMac(envelope)), envelope.mac)) {
    throw new IntegrityError('ENVELOPE_MAC_MISMATCH', 'The envelope is not the one that was sealed.');
  }
}

/** Fails unless the share is the one its keeper was given. @throws ShareWrongError `SHARE_WRONG`. */
export function checkShare(envelope: Envelope, { index, x, share }: KeeperShare): void {
  const block = envelope.keeperBlocks[index];
  const fits = block && block.x === x && share.length === 32;
  if (!fits || !equal(shareCommitment(contextOf(envelope.bytes), index, x, share), block.commitment)) {
    throw new ShareWrongError(index);
  }
}
