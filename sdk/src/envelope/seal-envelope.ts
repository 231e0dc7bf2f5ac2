import type { Address, Hex } from 'viem';
import { ChartkeyError } from '../errors.ts';
import { plaintextLength } from './body-length.ts';
import { addressBytes, type Bytes, concat, requireLength, toHex } from './bytes.ts';
import { encodeKeeperBlock, encodePatientBlock, encodePrefix } from './encode.ts';
import { sha256 } from './hash.ts';
import { hpkeSeal } from './hpke.ts';
import { CONTENT_KEY_LENGTH, PUBLIC_KEY_LENGTH } from './layout.ts';
import { sealMetadata } from './metadata.ts';
import { paddedLength } from './padding.ts';
import { type Entropy, secureEntropy } from './random.ts';
import {
  contextOf,
  INFO_KEEPER,
  INFO_PATIENT,
  keeperAad,
  keyCommitOf,
  macOf,
  shareCommitment,
} from './schedule.ts';
import type { SharePoint } from './shamir.ts';
import type { Binding, Metadata, PatientBlock } from './types.ts';

/** One keeper of an epoch: its id on chain and its 1216-byte public key. */
export type KeeperSeat = { readonly id: Address; readonly publicKey: Uint8Array };

export type SealEnvelopeParameters = {
  /** The key the body was sealed with. */
  readonly contentKey: Uint8Array;
  /** The binding the body was sealed with. */
  readonly binding: Binding;
  readonly epoch: number;
  /** k: shares that open, 2 to n. */
  readonly threshold: number;
  /** The epoch's keepers in the order of the chain, 2 to 32, distinct. */
  readonly keepers: readonly { readonly publicKey: Uint8Array }[];
  /** From {@link keeperSetDigest}, as on chain. */
  readonly keeperSetDigest: Hex;
  /** SHA-256 digest of the body's root CID. */
  readonly bodyDigest: Hex;
  /** `ciphertextLength` of the sealed body. */
  readonly bodyLength: number;
  readonly floeHeader: Uint8Array;
  readonly metadata: Metadata;
  /** Left out while the patient has no key: then the keepers alone can open. */
  readonly patientPublicKey?: Uint8Array;
};

/** 32 fresh bytes. One for each record version, never reused. */
export function generateContentKey(): Bytes {
  return secureEntropy.bytes(CONTENT_KEY_LENGTH);
}

/** 32 fresh bytes for {@link Binding.salt}. */
export function generateSalt(): Bytes {
  return secureEntropy.bytes(32);
}

/**
 * SHA-256 over the epoch's ordered (keeper id 20 bytes ‖ SHA-256(public key)), as on chain.
 * The order of the keepers is part of it.
 */
export function keeperSetDigest(keepers: readonly KeeperSeat[]): Hex {
  return toHex(
    sha256(...keepers.flatMap(({ id, publicKey }) => [addressBytes(id, 'A keeper id'), sha256(publicKey)])),
  );
}

/**
 * Seals the content key to the patient and, in shares, to the keepers, and writes the envelope.
 * Its SHA-256 is the record's id (`recordIdOf`).
 *
 * Source: docs/format.md, sections 2 to 5.
 *
 * @returns 842 + 1200 + 1233·n + 32 bytes.
 * @throws ChartkeyError `INPUT_INVALID` for a field out of its range, a key that is none, the
 * same keeper twice, or metadata that does not fit the body.
 */
export function sealEnvelope(parameters: SealEnvelopeParameters): Promise<Bytes> {
  return sealEnvelopeWith(secureEntropy, parameters);
}

/** {@link sealEnvelope} with given randomness, for vectors. */
export async function sealEnvelopeWith(entropy: Entropy, parameters: SealEnvelopeParameters): Promise<Bytes> {
  const { contentKey, keepers, metadata, patientPublicKey } = parameters;
  checkKeepers(keepers);
  if (plaintextLength(parameters.bodyLength) !== paddedLength(metadata.length)) {
    throw new ChartkeyError('INPUT_INVALID', 'The body length does not follow from the true length.');
  }
  const prefix = encodePrefix({
    ...parameters.binding,
    threshold: parameters.threshold,
    keeperCount: keepers.length,
    hasPatientBlock: patientPublicKey !== undefined,
    epoch: parameters.epoch,
    keeperSetDigest: parameters.keeperSetDigest,
    bodyLength: parameters.bodyLength,
    bodyDigest: parameters.bodyDigest,
    keyCommit: keyCommitOf(contentKey, parameters.binding),
    floeHeader: new Uint8Array(parameters.floeHeader),
  });
  const ctx = contextOf(prefix);

  const sealedMetadata = await sealMetadata(contentKey, ctx, metadata, entropy);
  const patientBlock = patientPublicKey && (await sealToPatient(entropy, contentKey, ctx, patientPublicKey));
  const points = await entropy.split(contentKey, keepers.length, parameters.threshold);
  const keeperBlocks = await sealToKeepers(entropy, ctx, keepers, points);

  const beforeMac = concat(prefix, sealedMetadata, encodePatientBlock(patientBlock), ...keeperBlocks);
  return concat(beforeMac, macOf(contentKey, beforeMac));
}

async function sealToPatient(
  entropy: Entropy,
  contentKey: Uint8Array,
  ctx: Bytes,
  publicKey: Uint8Array,
): Promise<PatientBlock> {
  const sealed = await hpkeSeal(publicKey, contentKey, { info: INFO_PATIENT, aad: ctx }, entropy);
  return { recipient: sha256(publicKey), ...sealed };
}

/** One after the other: with given randomness the order of draws is part of a vector. */
async function sealToKeepers(
  entropy: Entropy,
  ctx: Bytes,
  keepers: SealEnvelopeParameters['keepers'],
  points: readonly SharePoint[],
): Promise<Bytes[]> {
  const blocks: Bytes[] = [];
  for (const [index, { publicKey }] of keepers.entries()) {
    const point = points[index];
    if (!point) throw new RangeError('There are fewer shares than keepers.');
    blocks.push(await sealToKeeper(entropy, ctx, index, publicKey, point));
  }
  return blocks;
}

async function sealToKeeper(
  entropy: Entropy,
  ctx: Bytes,
  index: number,
  publicKey: Uint8Array,
  { x, y }: SharePoint,
): Promise<Bytes> {
  const commitment = shareCommitment(ctx, index, x, y);
  const context = { info: INFO_KEEPER, aad: keeperAad(ctx, index, x, commitment) };
  const sealed = await hpkeSeal(publicKey, y, context, entropy);
  return encodeKeeperBlock({ x, recipient: sha256(publicKey), commitment, ...sealed });
}

function checkKeepers(keepers: SealEnvelopeParameters['keepers']): void {
  for (const { publicKey } of keepers) requireLength(publicKey, PUBLIC_KEY_LENGTH, 'A public key');
  if (new Set(keepers.map(({ publicKey }) => toHex(sha256(publicKey)))).size !== keepers.length) {
    throw new ChartkeyError('INPUT_INVALID', 'The same keeper key stands twice in the set.');
  }
}
