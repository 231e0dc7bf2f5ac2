import { Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import sodium from 'libsodium-wrappers';
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
  sealBody,
  sealEnvelope,
  sealRelease,
} from '../../../sdk/src/envelope/index.ts';
import { IN_FLIGHT } from '../../../sdk/src/envelope/pipeline.ts';
import { combinePoints, splitSecret } from '../../../sdk/src/envelope/shamir.ts';
import { anyOpening, makeSample, type Sample } from '../../../sdk/src/envelope/testing.ts';
import { type BenchResult, summarize, timed } from '../area.ts';

/* What `npm run bench -- crypto` measures, alike in Node and in a browser's worker. */

const SEGMENT = 262_112;
const SEGMENTS = 256;
const TOTAL = SEGMENT * SEGMENTS;
const ROUNDS = 9;
export const FILE_BYTES = 128 * 1_048_576;

export type Runtime = {
  readonly runtime: 'node' | 'chromium';
  /** {@link FILE_BYTES} on disk. */
  readonly file: Blob;
  readonly openSink: () => Promise<Sink>;
};

type Sink = {
  readonly write: (bytes: Uint8Array) => unknown;
  readonly close: () => unknown;
};

type Work = {
  readonly name: string;
  readonly unit: 'MB/s' | 'ms' | '1/s';
  /** Bytes or operations in one call. */
  readonly amount: number;
  readonly run: () => Promise<unknown>;
  /** Also gives `name/alias`, round by round. */
  readonly against?: { readonly name: string; readonly as: string };
};

/** Rounds take turns, so that a machine which slows down slows everything down. */
export async function runCrypto(runtime: Runtime): Promise<BenchResult[]> {
  const works = [...(await bulkWorks()), ...(await fileWorks(runtime)), ...(await smallWorks())];
  const samples = new Map(works.map(({ name }): [string, number[]] => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const { name, unit, amount, run } of works) {
      const took = await timed(run);
      if (round < 0) continue;
      samples.get(name)?.push(unit === 'ms' ? took / amount : perSecond(amount, took, unit));
    }
  }
  return works.flatMap(({ name, unit, against }) => {
    const own = samples.get(name) ?? [];
    const result = summarize(name, unit, own, runtime.runtime);
    if (!against) return [result];
    const theirs = samples.get(against.name) ?? [];
    const ratios = own.map((sample, i) => sample / (theirs[i] ?? Number.NaN));
    return [result, summarize(`${name}/${against.as}`, 'ratio', ratios, runtime.runtime)];
  });
}

function perSecond(amount: number, milliseconds: number, unit: 'MB/s' | '1/s'): number {
  return amount / milliseconds / (unit === 'MB/s' ? 1000 : 0.001);
}

/** In memory, with as many operations in flight as ours has. */
async function bulkWorks(): Promise<Work[]> {
  const buffer = new Uint8Array(SEGMENT);
  const { subtle } = globalThis.crypto;
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = new Uint8Array(12);
  // As many as a body has: one that stays in the processor's cache would be read for nothing.
  const sealed = await Promise.all(
    Array.from({ length: SEGMENTS }, () => subtle.encrypt({ name: 'AES-GCM', iv }, key, buffer)),
  );
  const fresh = () => globalThis.crypto.getRandomValues(new Uint8Array(12));
  const { contentKey, binding, envelope, body } = await makeSample({ content: new Uint8Array(TOTAL) });
  const readRange = async (offset: number, length: number) => body.subarray(offset, offset + length);
  const seal = () =>
    drain(
      sealBody({ contentKey, binding, source: repeat(buffer), length: TOTAL, reuseMemory: true }).ciphertext,
    );
  const bulk = { unit: 'MB/s', amount: TOTAL } as const;
  return [
    {
      ...{ ...bulk, name: 'raw-encrypt' },
      run: () => inFlight(() => subtle.encrypt({ name: 'AES-GCM', iv: fresh() }, key, buffer)),
    },
    { ...bulk, name: 'seal', run: seal, against: { name: 'raw-encrypt', as: 'raw' } },
    {
      ...{ ...bulk, name: 'raw-decrypt' },
      run: () => inFlight((i) => subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed[i] ?? buffer)),
    },
    {
      ...{ ...bulk, name: 'open' },
      run: () => drain(openBody({ envelope, contentKey, readRange })),
      against: { name: 'raw-decrypt', as: 'raw' },
    },
    await sodiumWork(buffer),
  ];
}

async function sodiumWork(buffer: Uint8Array): Promise<Work> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const tag = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  const run = async () => {
    const { state } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    for (let i = 0; i < SEGMENTS; i++) {
      sodium.crypto_secretstream_xchacha20poly1305_push(state, buffer, null, tag);
    }
  };
  return { name: 'libsodium-secretstream', unit: 'MB/s', amount: TOTAL, run };
}

/** A file on disk into another one. */
async function fileWorks({ file, openSink }: Runtime): Promise<Work[]> {
  const { contentKey, binding } = await makeSample();
  const age = new Encrypter();
  age.addRecipient(await identityToRecipient(await generateHybridIdentity()));
  const into = async (pieces: AsyncIterable<Uint8Array>) => {
    const sink = await openSink();
    for await (const piece of pieces) await sink.write(piece);
    await sink.close();
  };
  const common = { unit: 'MB/s', amount: FILE_BYTES } as const;
  return [
    { ...common, name: 'file-age', run: async () => into(await age.encrypt(file.stream())) },
    {
      ...{ ...common, name: 'file-seal' },
      run: () =>
        into(
          sealBody({ contentKey, binding, source: file, length: file.size, reuseMemory: true }).ciphertext,
        ),
      against: { name: 'file-age', as: 'age' },
    },
  ];
}

/** 3 of 5, as a reader and a writer meet them; a record of 1 kB. */
async function smallWorks(): Promise<Work[]> {
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
  await drain(openBody({ envelope, contentKey, ciphertext: once(body) }));
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

async function inFlight(work: (index: number) => Promise<unknown>): Promise<void> {
  let left = SEGMENTS;
  const lane = async () => {
    while (left > 0) await work(--left);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function* repeat(buffer: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let i = 0; i < SEGMENTS; i++) yield buffer;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source) {
    // Only the time counts.
  }
}
