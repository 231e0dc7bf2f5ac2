import { ChartkeyError } from '../errors.ts';
import { type Bytes, requireLength } from './bytes.ts';
import { hpkeOpen, hpkeSeal, joinSealed, type KeyPair, splitSealed } from './hpke.ts';
import { RELEASE_LENGTH } from './layout.ts';
import { checkShare } from './open-envelope.ts';
import { contextOf, handoverAad, INFO_HANDOVER } from './schedule.ts';
import type { Envelope, KeeperBlock, KeeperShare } from './types.ts';

export type SealHandoverParameters = KeeperShare & {
  readonly envelope: Envelope;
  /** The successor's key, 1216 bytes. */
  readonly publicKey: Uint8Array;
};

export type OpenHandoverParameters = {
  readonly envelope: Envelope;
  /** The place of the keeper that left, 0-based. */
  readonly index: number;
  /** The successor's. */
  readonly keyPair: KeyPair;
  /** enc ‖ ciphertext, 1168 bytes. */
  readonly sealed: Uint8Array;
};

/**
 * Seals the share of a keeper that leaves to its successor. docs/format.md, section 13.
 *
 * Warning: safety needs the successor to have no share of this envelope's epoch already; it would
 * come to hold two.
 *
 * @returns enc ‖ ciphertext, 1168 bytes.
 * @throws IntegrityError `SHARE_WRONG` if the share is not the envelope's.
 */
export async function sealHandover(parameters: SealHandoverParameters): Promise<Bytes> {
  const { envelope, index, x, share, publicKey } = parameters;
  checkShare(envelope, { index, x, share });
  const aad = handoverAad(contextOf(envelope.bytes), blockOf(envelope, index));
  return joinSealed(await hpkeSeal(publicKey, share, { info: INFO_HANDOVER, aad }));
}

/**
 * Opens a share that was handed over and checks its commitment.
 *
 * @throws IntegrityError `SEAL_BROKEN`: for another envelope, place or successor; `SHARE_WRONG`.
 * @throws ChartkeyError `INPUT_INVALID` for a wrong length or an index that is no keeper's.
 */
export async function openHandover(parameters: OpenHandoverParameters): Promise<KeeperShare> {
  const { envelope, index, keyPair, sealed } = parameters;
  requireLength(sealed, RELEASE_LENGTH, 'A share that is handed over');
  const block = blockOf(envelope, index);
  const { enc, ciphertext } = splitSealed(sealed);
  const aad = handoverAad(contextOf(envelope.bytes), block);
  const share = await hpkeOpen(keyPair, enc, ciphertext, { info: INFO_HANDOVER, aad });
  const handed = { index, x: block.x, share };
  checkShare(envelope, handed);
  return handed;
}

function blockOf(envelope: Envelope, index: number): KeeperBlock {
  const block = envelope.keeperBlocks[index];
  if (!block) throw new ChartkeyError('INPUT_INVALID', 'The envelope has no keeper with this index.');
  return block;
}
