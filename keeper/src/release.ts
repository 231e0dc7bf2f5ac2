import { hash } from 'node:crypto';
import {
  ChartkeyError,
  type Decision,
  type Deployment,
  type Envelope,
  EnvelopeError,
  IntegrityError,
  type KeeperShare,
  type KeyPair,
  type Opening,
  openKeeperBlock,
  parseEnvelope,
  type RecordId,
  type Refusal,
  type SharesRequest,
  sealRelease,
} from '@chartkey/sdk';
import { type Hex, isAddressEqual } from 'viem';
import { type Evidence, type OpeningState, type RecordState, readEvidence } from './contracts.ts';
import type { Keeping } from './keeping.ts';
import { ProblemError } from './problems.ts';

export type Released = {
  readonly status: 'released';
  readonly recordId: RecordId;
  readonly index: number;
  /** The share, sealed to the one-time key. */
  readonly sealed: Uint8Array;
};

export type Refused = {
  readonly status: 'refused';
  readonly recordId: RecordId;
  readonly reason: Refusal;
  readonly decision?: Decision;
};

type Asked = SharesRequest['records'][number];

/**
 * Answers one request: for each record, in order, a share sealed to the one-time key or the
 * first reason why not. README.md lists the checks in the order of this file.
 *
 * @throws ProblemError if the chain can't be asked, or the public key is none
 */
export async function releaseShares(
  keeping: Keeping,
  request: SharesRequest,
): Promise<(Released | Refused)[]> {
  const opening: Opening = { ...request.opening, keyHash: sha256(request.publicKey) };
  const inspected = request.records.map((asked) => inspect(asked, keeping.deployment, opening));
  // Where nothing is left to be asked, the chain is left alone.
  if (inspected.every((one) => 'status' in one)) return inspected.filter((one) => 'status' in one);

  const evidence = await readEvidence(keeping.chain, keeping.deployment, opening);
  const { openingId } = evidence.confirmed;
  // Counted once the opening stands: what is only claimed must not use up somebody else's share.
  if (openingId) await keeping.limitAccessor(opening.accessor);
  const results: (Released | Refused)[] = [];
  // One after the other: a request of many records must not keep others waiting.
  for (const one of inspected) {
    results.push('status' in one ? one : await releaseOne(keeping, request, { ...one, evidence }));
  }
  const recordIds = results.flatMap((result) => (result.status === 'released' ? [result.recordId] : []));
  if (openingId && recordIds.length > 0) await keeping.journal?.append({ openingId, recordIds });
  return results;
}

type Inspected = { readonly recordId: RecordId; readonly envelope: Envelope };

/** What can be refused without asking the chain. */
function inspect({ recordId, envelope: bytes }: Asked, deployment: Deployment, opening: Opening) {
  const envelope = parsed(bytes);
  if (!envelope) return refused(recordId, 'envelope-malformed');
  const stranger = strangerTo(envelope, deployment);
  if (stranger) return refused(recordId, stranger);
  if (!opening.recordIds.includes(recordId)) return refused(recordId, 'not-in-opening');
  return { recordId, envelope };
}

async function releaseOne(
  keeping: Keeping,
  { opening, publicKey }: SharesRequest,
  { recordId, envelope, evidence }: Inspected & { readonly evidence: Evidence },
): Promise<Released | Refused> {
  const { openingId } = evidence.confirmed;
  if (!openingId) return refused(recordId, 'opening-unknown');
  if (isTooOld(opening.openedAt, evidence.headTime, keeping.releaseWindow)) {
    return refused(recordId, 'opening-too-old');
  }

  const state = evidence.head.records.get(recordId);
  const mismatch = mismatchOf(envelope, state);
  if (mismatch) return refused(recordId, mismatch);
  const decision = decisionOf([evidence.head, evidence.confirmed], recordId);
  if (decision !== 'Permit') return { ...refused(recordId, 'denied'), decision };

  const share = await openShare(envelope, keeping);
  if (typeof share === 'string') return refused(recordId, share);
  try {
    const sealed = await sealRelease({ ...share, envelope, openingId, publicKey });
    return { status: 'released', recordId, index: share.index, sealed };
  } catch (cause) {
    if (!(cause instanceof ChartkeyError) || cause.code !== 'INPUT_INVALID') throw cause;
    throw new ProblemError('INPUT_INVALID', 'publicKey: is no MLKEM768-X25519 key', { cause });
  } finally {
    share.share.fill(0);
  }
}

/** Undefined for bytes that are no envelope. */
export function parsed(bytes: Uint8Array): Envelope | undefined {
  try {
    return parseEnvelope(bytes);
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

/** Why an envelope is not of this deployment; undefined if it is. */
export function strangerTo(
  envelope: Envelope,
  { chainId, records }: Deployment,
): 'wrong-chain' | 'wrong-contract' | undefined {
  if (envelope.chainId !== BigInt(chainId)) return 'wrong-chain';
  if (!isAddressEqual(envelope.recordIndex, records)) return 'wrong-contract';
  return undefined;
}

/** Its own share where it has one, and only else one that was handed over: never two of one envelope. */
async function openShare(
  envelope: Envelope,
  { keyPairs, handed }: Keeping,
): Promise<KeeperShare | 'not-my-envelope' | 'share-broken'> {
  const own = await openOwnBlock(envelope, keyPairs);
  if (own !== 'not-my-envelope') return own;
  try {
    return (await handed.shareOf(envelope)) ?? own;
  } catch (error) {
    if (error instanceof IntegrityError) return 'share-broken';
    throw error;
  }
}

/**
 * The keeper's share, or why there is none. An operator sits once in an epoch, so one of its keys
 * at most is addressed; if it were two, one share alone is given.
 */
export async function openOwnBlock(
  envelope: Envelope,
  keyPairs: readonly KeyPair[],
): Promise<KeeperShare | 'not-my-envelope' | 'share-broken'> {
  try {
    for (const keyPair of keyPairs) {
      const share = await openKeeperBlock(envelope, keyPair);
      if (share) return share;
    }
    return 'not-my-envelope';
  } catch (error) {
    if (error instanceof IntegrityError) return 'share-broken';
    throw error;
  }
}

/** The older the later of two clocks says: neither a node nor this machine alone can keep an opening young. */
function isTooOld(openedAt: number, headTime: number, releaseWindow: number): boolean {
  return Math.max(headTime, Math.floor(Date.now() / 1000)) - openedAt > releaseWindow;
}

/** OpenSSL's: an envelope has eight kilobytes. */
function sha256(bytes: Uint8Array): Hex {
  return `0x${hash('sha256', bytes, 'hex')}`;
}

/** Where the envelope is not what the chain has. */
function mismatchOf(envelope: Envelope, state: RecordState | undefined): Refusal | undefined {
  if (!state?.patient) return 'record-unknown';
  if (sha256(envelope.bytes) !== state.envelopeDigest) return 'envelope-not-current';
  if (!isAddressEqual(envelope.patient, state.patient)) return 'wrong-patient';
  if (!isAddressEqual(envelope.author, state.author)) return 'wrong-author';
  return undefined;
}

/** `Permit` only where both blocks say so: permissions count late, revocations at once. */
function decisionOf(states: readonly OpeningState[], recordId: RecordId): Decision {
  for (const { records } of states) {
    const decision = records.get(recordId)?.decision ?? 'RecordUnknown';
    if (decision !== 'Permit') return decision;
  }
  return 'Permit';
}

function refused(recordId: RecordId, reason: Refusal): Refused {
  return { status: 'refused', recordId, reason };
}
