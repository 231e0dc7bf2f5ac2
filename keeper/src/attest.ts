import { type Envelope, type RecordId, recordIdOf } from '@chartkey/sdk';
import { bytesToHex } from 'viem';
import { type Epoch, readEpoch } from './contracts.ts';
import type { Keeping } from './keeping.ts';
import { type ProblemCode, ProblemError } from './problems.ts';
import { openOwnBlock, parsed, strangerTo } from './release.ts';

const CODES = {
  'wrong-chain': 'WRONG_CHAIN',
  'wrong-contract': 'WRONG_CONTRACT',
  'not-my-envelope': 'NOT_MY_ENVELOPE',
  'share-broken': 'SHARE_BROKEN',
} as const satisfies Record<string, ProblemCode>;

/**
 * Tells an author that this keeper can open its block and that the envelope goes to the epoch's
 * keepers, each in its place. Gives nothing of the share away.
 *
 * @throws ProblemError
 */
export async function attest(
  { chain, deployment, keyPairs }: Keeping,
  bytes: Uint8Array,
): Promise<{ readonly recordId: RecordId; readonly index: number }> {
  const envelope = parsed(bytes);
  if (!envelope) throw new ProblemError('ENVELOPE_MALFORMED', 'envelope: is not a valid envelope');
  const stranger = strangerTo(envelope, deployment);
  if (stranger) throw new ProblemError(CODES[stranger], `envelope: ${stranger}`);
  if (!isSealedTo(envelope, await readEpoch(chain, deployment, envelope.epoch))) {
    throw new ProblemError('KEEPER_SET_WRONG', 'envelope: not sealed to the keepers of its epoch');
  }

  const share = await openOwnBlock(envelope, keyPairs);
  if (typeof share === 'string') throw new ProblemError(CODES[share], `envelope: ${share}`);
  share.share.fill(0);
  return { recordId: await recordIdOf(bytes), index: share.index };
}

/** The digest alone does not say to whom the blocks are addressed: an author may have mixed them up. */
function isSealedTo(envelope: Envelope, epoch: Epoch | undefined): boolean {
  return (
    epoch !== undefined &&
    envelope.keeperSetDigest === epoch.digest &&
    envelope.threshold === epoch.threshold &&
    envelope.keeperCount === epoch.keepers.length &&
    envelope.keeperBlocks.every(
      ({ recipient }, i) => bytesToHex(recipient) === epoch.keepers[i]?.publicKeyHash,
    )
  );
}
