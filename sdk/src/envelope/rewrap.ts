import type { Bytes } from './bytes.ts';
import { openMetadata } from './metadata.ts';
import { verifyContentKey } from './open-envelope.ts';
import { type SealEnvelopeParameters, sealEnvelope } from './seal-envelope.ts';
import type { Envelope } from './types.ts';

export type RewrapParameters = Pick<
  SealEnvelopeParameters,
  'contentKey' | 'epoch' | 'threshold' | 'keepers' | 'keeperSetDigest' | 'patientPublicKey'
> & { readonly envelope: Envelope };

/**
 * Seals the same content key anew: to other keepers, or to a new patient key. Body, binding and
 * record id stay; the chain maps the id to the digest of what comes back.
 *
 * @throws IntegrityError if `contentKey` is not the envelope's; else as `sealEnvelope`.
 */
export async function rewrapEnvelope({ envelope, ...parameters }: RewrapParameters): Promise<Bytes> {
  verifyContentKey(envelope, parameters.contentKey);
  const metadata = await openMetadata(envelope, parameters.contentKey);
  const { bodyDigest, bodyLength, floeHeader } = envelope;
  return sealEnvelope({ ...parameters, binding: envelope, bodyDigest, bodyLength, floeHeader, metadata });
}
