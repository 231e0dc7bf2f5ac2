import type { Address } from 'viem';
import { type Bytes, concat, toHex } from '../../sdk/src/envelope/bytes.ts';
import { keeperSetDigest, keyPairFromSeed, type Metadata } from '../../sdk/src/envelope/index.ts';
import type { Entropy } from '../../sdk/src/envelope/random.ts';
import { sealBodyWith } from '../../sdk/src/envelope/seal-body.ts';
import { sealEnvelopeWith } from '../../sdk/src/envelope/seal-envelope.ts';
import { streamDag } from '../../sdk/src/storage/dag.ts';
import { fixedEntropy } from './fixed-entropy.ts';
import { hex } from './outcome.ts';

/** All that a record is made of: the same specification always seals to the same bytes. */
export type RecordSpec = {
  readonly name: string;
  /** Seeds {@link fixedEntropy}. */
  readonly entropySeed: string;
  readonly contentKey: string;
  /** Decimal: 64 bits are more than a JSON number keeps. */
  readonly chainId: string;
  readonly recordIndex: Address;
  readonly patient: Address;
  readonly author: Address;
  readonly salt: string;
  readonly epoch: number;
  readonly threshold: number;
  readonly keeperIds: readonly Address[];
  readonly keeperSeeds: readonly string[];
  readonly patientSeed?: string;
  /** Content byte i is (31·i + floor(i / 256)) mod 256. */
  readonly metadata: Metadata;
};

/**
 * Draws, in this order: FLOE IV, one nonce for each segment, metadata nonce, the patient block's
 * 64 KEM coins, k−1 shares, then 64 coins for each keeper block.
 */
export async function sealRecord(
  spec: RecordSpec,
  entropy: Entropy = fixedEntropy(hex(spec.entropySeed)),
): Promise<{ readonly envelope: Bytes; readonly body: Bytes }> {
  const { recordIndex, patient, author, epoch, threshold, metadata } = spec;
  const binding = { chainId: BigInt(spec.chainId), recordIndex, patient, author, salt: hex(spec.salt) };
  const contentKey = hex(spec.contentKey);
  const { length } = metadata;
  const sealed = sealBodyWith(entropy, { contentKey, binding, source: once(contentOf(length)), length });
  const segments: Bytes[] = [];
  for await (const segment of sealed.ciphertext) segments.push(segment);
  const body = concat(...segments);

  const keepers = await Promise.all(spec.keeperSeeds.map((seed) => keyPairFromSeed(hex(seed))));
  const seats = keepers.map(({ publicKey }, i) => ({ id: spec.keeperIds[i] ?? '0x', publicKey }));
  const patientKey = spec.patientSeed ? await keyPairFromSeed(hex(spec.patientSeed)) : undefined;
  const envelope = await sealEnvelopeWith(entropy, {
    contentKey,
    binding,
    epoch,
    threshold,
    keepers,
    keeperSetDigest: keeperSetDigest(seats),
    bodyDigest: toHex((await streamDag(once(body), async () => {})).digest),
    bodyLength: sealed.ciphertextLength,
    floeHeader: sealed.floeHeader,
    metadata,
    ...(patientKey ? { patientPublicKey: patientKey.publicKey } : {}),
  });
  return { envelope, body };
}

/** Byte i is (31·i + floor(i / 256)) mod 256. */
export function contentOf(length: number): Bytes {
  const content = new Uint8Array(length);
  for (let i = 0; i < length; i++) content[i] = 31 * i + (i >>> 8);
  return content;
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield bytes;
}
