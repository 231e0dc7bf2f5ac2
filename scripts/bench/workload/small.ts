import {
  forceFallbackKem,
  generateOneTimeKeyPair,
  hpkeOpen,
  hpkeSeal,
} from '../../../sdk/src/envelope/hpke.ts';
import {
  combineShares,
  type KeeperShare,
  openBody,
  openKeeperBlock,
  parseEnvelope,
  sealEnvelope,
  sealRelease,
} from '../../../sdk/src/envelope/index.ts';
import { combinePoints, splitSecret } from '../../../sdk/src/envelope/shamir.ts';
import { anyOpening, makeSample, type Sample, streamOf } from '../../../sdk/src/envelope/testing.ts';
import { drain, type Work } from './work.ts';

const SEGMENT = 262_112;

/** 3 of 5, as a reader and a writer meet them; a record of 1 kB. */
export async function smallWorks(): Promise<Work[]> {
  const sample = await makeSample({ content: new Uint8Array(1000) });
  const large = await makeSample({ content: new Uint8Array(8 * SEGMENT) });
  const shares = await sharesOf(sample);
  const largeShares = await sharesOf(large);
  const accessor = await generateOneTimeKeyPair();
  const context = { info: new Uint8Array(20), aad: new Uint8Array(32) };
  const sealed = await hpkeSeal(accessor.publicKey, sample.contentKey, context);
  const share = shares[0];
  if (!share) throw new Error('The sample is not addressed to its keepers.');
  const points = await splitSecret(sample.contentKey, 5, 3);
  const times = (count: number, run: () => unknown) => async () => {
    for (let i = 0; i < count; i++) await run();
  };
  const ms = { unit: 'ms', amount: 10 } as const;
  return [
    { ...ms, name: 'envelope-seal', run: withFallback(times(10, () => resealed(sample))) },
    { ...ms, name: 'envelope-seal, native KEM if there is one', run: times(10, () => resealed(sample)) },
    { ...ms, name: 'envelope-open', run: times(10, () => openAll(sample, shares)) },
    { ...ms, name: 'first byte of a large record', run: times(10, () => openFirst(large, largeShares)) },
    { ...ms, name: 'envelope-parse', run: times(10, () => parseEnvelope(sample.bytes)) },
    {
      ...{ ...ms, name: 'keeper release' },
      run: times(10, () =>
        sealRelease({
          ...share,
          envelope: sample.envelope,
          openingId: anyOpening,
          publicKey: accessor.publicKey,
        }),
      ),
    },
    {
      ...{ name: 'hpke-seal', unit: '1/s', amount: 20 },
      run: times(20, () => hpkeSeal(accessor.publicKey, sample.contentKey, context)),
    },
    {
      ...{ name: 'hpke-open', unit: '1/s', amount: 20 },
      run: times(20, () => hpkeOpen(accessor, sealed.enc, sealed.ciphertext, context)),
    },
    { ...ms, name: 'shamir-split 3 of 5', run: times(10, () => splitSecret(sample.contentKey, 5, 3)) },
    { ...ms, name: 'shamir-combine 3', run: times(10, () => combinePoints(points.slice(0, 3))) },
  ];
}

function withFallback(run: () => Promise<unknown>): () => Promise<unknown> {
  return async () => {
    forceFallbackKem(true);
    await run();
    forceFallbackKem(false);
  };
}

/** From the shares to the last byte of the content. */
async function openAll({ envelope, body }: Sample, shares: readonly KeeperShare[]): Promise<void> {
  const contentKey = await combineShares(envelope, shares);
  await drain(openBody({ envelope, contentKey, ciphertext: streamOf(body) }));
}

/** From the shares to the first piece, with the body at hand. */
async function openFirst({ envelope, body }: Sample, shares: readonly KeeperShare[]): Promise<void> {
  const contentKey = await combineShares(envelope, shares);
  const readRange = async (offset: number, length: number) => body.subarray(offset, offset + length);
  for await (const _ of openBody({ envelope, contentKey, readRange })) return;
}

async function sharesOf({ envelope, keepers }: Sample): Promise<KeeperShare[]> {
  const opened = await Promise.all(keepers.slice(0, 3).map((keeper) => openKeeperBlock(envelope, keeper)));
  return opened.filter((share) => share !== undefined);
}

function resealed({ envelope, contentKey, binding, keepers, patient }: Sample) {
  const { epoch, threshold, keeperSetDigest, bodyDigest, bodyLength, floeHeader } = envelope;
  const text = { mediaType: 'application/pdf', title: '', fhirType: '', created: '2026-01-31' };
  return sealEnvelope({
    ...{
      contentKey,
      binding,
      epoch,
      threshold,
      keepers,
      keeperSetDigest,
      bodyDigest,
      bodyLength,
      floeHeader,
    },
    metadata: { length: 1000, ...text },
    patientPublicKey: patient.publicKey,
  });
}
