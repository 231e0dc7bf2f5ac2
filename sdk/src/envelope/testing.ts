import type { Address } from 'viem';
import { toHex } from './bytes.ts';
import { sha256 } from './hash.ts';
import { type KeyPair, keyPairFromSeed } from './hpke.ts';
import { parseEnvelope } from './parse.ts';
import { sealBody } from './seal-body.ts';
import { generateContentKey, generateSalt, keeperSetDigest, sealEnvelope } from './seal-envelope.ts';
import type { Binding, Envelope, Metadata, OpeningId } from './types.ts';

/* Helpers for the tests beside this file, for the fuzzer and the benchmark; not exported. */

export const anyAddress = (byte: number): Address => toHex(new Uint8Array(20).fill(byte));
export const anyOpening = toHex(new Uint8Array(32).fill(9)) as OpeningId;

export const letter: Metadata = {
  length: 11,
  mediaType: 'application/pdf',
  title: 'Befund 🫀.pdf',
  fhirType: 'DiagnosticReport',
  created: '2026-01-31T12:00:00Z',
};

export type Sample = {
  readonly contentKey: Uint8Array;
  readonly binding: Binding;
  readonly patient: KeyPair;
  readonly keepers: readonly KeyPair[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly envelope: Envelope;
  readonly body: Uint8Array<ArrayBuffer>;
};

export type SampleOptions = {
  readonly content?: Uint8Array;
  readonly k?: number;
  readonly n?: number;
  readonly binding?: Partial<Binding>;
  readonly patientHasKey?: boolean;
};

/** A record with all its keys: sealed body and envelope, 3 of 5 unless said otherwise. */
export async function makeSample(options: SampleOptions = {}): Promise<Sample> {
  const { content = new Uint8Array(11), k = 3, n = 5 } = options;
  const patient = await keyPairFromSeed(new Uint8Array(32).fill(100));
  const keepers = await Promise.all(
    Array.from({ length: n }, (_, i) => keyPairFromSeed(new Uint8Array(32).fill(i + 1))),
  );
  const contentKey = generateContentKey();
  const binding = { ...anyBinding(), ...options.binding };
  const sealed = sealBody({ contentKey, binding, source: streamOf(content), length: content.length });
  const body = await collect(sealed.ciphertext);
  const bytes = await sealEnvelope({
    contentKey,
    binding,
    epoch: 7,
    threshold: k,
    keepers,
    keeperSetDigest: keeperSetDigest(
      keepers.map(({ publicKey }, i) => ({ id: anyAddress(i + 1), publicKey })),
    ),
    bodyDigest: toHex(sha256(body)),
    bodyLength: sealed.ciphertextLength,
    floeHeader: sealed.floeHeader,
    metadata: { ...letter, length: content.length },
    ...(options.patientHasKey === false ? {} : { patientPublicKey: patient.publicKey }),
  });
  return { contentKey, binding, patient, keepers, bytes, envelope: parseEnvelope(bytes), body };
}

export function anyBinding(): Binding {
  return {
    chainId: 31337n,
    recordIndex: anyAddress(0x11),
    patient: anyAddress(0x22),
    author: anyAddress(0x33),
    salt: generateSalt(),
  };
}

export async function* streamOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of source) parts.push(new Uint8Array(part));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A copy of `bytes` with one bit of the byte at `offset` turned. */
export function flipped(bytes: Uint8Array, offset: number, mask = 1): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ mask;
  return copy;
}

/** Bytes that differ from place to place, fast for any length. */
export function pattern(length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = (i * 31 + (i >>> 8)) & 0xff;
  return out;
}
