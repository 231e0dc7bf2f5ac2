import {
  type BodySealer,
  type ByteSource,
  type Envelope,
  generateContentKey,
  openBody,
  parseEnvelope,
  prepareBody,
  sealEnvelope,
} from '../../../sdk/src/envelope/index.ts';
import { makeSample } from '../../../sdk/src/envelope/testing.ts';

/* What `npm run bench -- large` measures, alike in Node and in a browser's worker. */

export type LargeSample = {
  readonly envelope: Envelope;
  readonly contentKey: Uint8Array;
  readonly encrypt: BodySealer['encrypt'];
  readonly length: number;
};

export async function prepareLarge(length: number): Promise<LargeSample> {
  const { binding, keepers, envelope: any } = await makeSample();
  const contentKey = generateContentKey();
  const { encrypt, floeHeader, ciphertextLength } = prepareBody({ contentKey, binding, length });
  const metadata = { length, mediaType: 'text/plain', title: '', fhirType: '', created: '2026-01-31' };
  const { bodyDigest, keeperSetDigest } = any;
  const envelope = parseEnvelope(
    await sealEnvelope({
      ...{ contentKey, binding, keepers, floeHeader, metadata, bodyDigest, keeperSetDigest },
      ...{ bodyLength: ciphertextLength, epoch: 1, threshold: 2 },
    }),
  );
  return { envelope, contentKey, encrypt, length };
}

/** Seals and opens in one pass. @returns MB/s */
export async function runLarge(
  { envelope, contentKey, encrypt, length }: LargeSample,
  source: Blob | ByteSource,
  onPiece: () => void = () => undefined,
): Promise<{ readonly speed: number }> {
  let done = 0;
  const start = performance.now();
  const ciphertext = source instanceof Blob ? encrypt({ source }) : encrypt({ source });
  for await (const piece of openBody({ envelope, contentKey, ciphertext })) {
    done += piece.length;
    onPiece();
  }
  if (done !== length) throw new Error('The file came back with another length.');
  return { speed: length / 1000 / (performance.now() - start) };
}
