import { ChartkeyError } from '../errors.ts';
import { type Bytes, fromHex, requireLength } from './bytes.ts';
import { hpkeOpen, hpkeSeal, joinSealed, type KeyPair, splitSealed } from './hpke.ts';
import { RELEASE_LENGTH } from './layout.ts';
import { checkShare } from './open-envelope.ts';
import { contextOf, INFO_RELEASE, releaseAad } from './schedule.ts';
import type { Envelope, KeeperShare, OpeningId } from './types.ts';

export type SealReleaseParameters = KeeperShare & {
  readonly envelope: Envelope;
  /** The opening on the access log that this answers. */
  readonly openingId: OpeningId;
  /** The accessor's one-time key, 1216 bytes, whose hash stands in that opening. */
  readonly publicKey: Uint8Array;
};

export type OpenReleaseParameters = {
  readonly envelope: Envelope;
  /** The keeper that was asked: its place in the envelope, 0-based. */
  readonly index: number;
  readonly openingId: OpeningId;
  /** The one-time key pair of the opening. */
  readonly keyPair: KeyPair;
  /** enc ‖ ciphertext, 1168 bytes. */
  readonly sealed: Uint8Array;
};

/**
 * Seals a keeper's share to the one-time key of one opening. docs/format.md, section 8.
 *
 * Warning: safety needs the keeper to have checked that opening, and the hash of this very key
 * in it, on the chain.
 *
 * @returns enc ‖ ciphertext, 1168 bytes.
 * @throws IntegrityError `SHARE_WRONG` if the share is not the envelope's.
 * @throws ChartkeyError `INPUT_INVALID` for a key or an opening id that is none.
 */
export async function sealRelease(parameters: SealReleaseParameters): Promise<Bytes> {
  const { envelope, index, x, share, openingId, publicKey } = parameters;
  checkShare(envelope, { index, x, share });
  const aad = releaseAad(contextOf(envelope.bytes), index, x, fromHex(openingId, 32, 'The opening id'));
  return joinSealed(await hpkeSeal(publicKey, share, { info: INFO_RELEASE, aad }));
}

/**
 * Opens a keeper's answer and checks the share.
 *
 * @throws IntegrityError `SEAL_BROKEN`: sealed for another key, opening, record or keeper;
 * `SHARE_WRONG` (a ShareWrongError with the index): sealed well, and a lie.
 * @throws ChartkeyError `INPUT_INVALID` for a wrong length or an index that is no keeper's.
 */
export async function openRelease(parameters: OpenReleaseParameters): Promise<KeeperShare> {
  const { envelope, index, openingId, keyPair, sealed } = parameters;
  requireLength(sealed, RELEASE_LENGTH, 'A release');
  const x = coordinateOf(envelope, index);
  const aad = releaseAad(contextOf(envelope.bytes), index, x, fromHex(openingId, 32, 'The opening id'));
  const { enc, ciphertext } = splitSealed(sealed);
  const share = await hpkeOpen(keyPair, enc, ciphertext, { info: INFO_RELEASE, aad });
  const released = { index, x, share };
  checkShare(envelope, released);
  return released;
}

function coordinateOf(envelope: Envelope, index: number): number {
  const block = envelope.keeperBlocks[index];
  if (!block) throw new ChartkeyError('INPUT_INVALID', 'The envelope has no keeper with this index.');
  return block.x;
}
