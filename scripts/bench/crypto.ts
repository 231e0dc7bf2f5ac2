import { forceFallbackKem, generateOneTimeKeyPair } from '../../sdk/src/envelope/hpke.ts';
import {
  combineShares,
  openBody,
  openKeeperBlock,
  openRelease,
  parseEnvelope,
  sealBody,
  sealRelease,
} from '../../sdk/src/envelope/index.ts';
import { IN_FLIGHT } from '../../sdk/src/envelope/pipeline.ts';
import { sealEnvelope } from '../../sdk/src/envelope/seal-envelope.ts';
import { anyOpening, makeSample, type Sample } from '../../sdk/src/envelope/testing.ts';
import { type BenchArea, type BenchResult, comparedTo, summarize, timed } from './area.ts';

const SEGMENT = 262_112;
const SEGMENTS = 512;
const TOTAL = SEGMENT * SEGMENTS;
const ROUNDS = 9;

export const bench: BenchArea['bench'] = async () => {
  const bulk = await benchBulk();
  const native = await benchEnvelope('');
  forceFallbackKem(true);
  const fallback = await benchEnvelope(', JavaScript KEM');
  forceFallbackKem(false);
  return [...bulk, ...native, ...fallback];
};

/**
 * Bodies against raw AES-256-GCM of the same size, with as many operations in flight. Rounds
 * take turns, so that a machine which slows down slows everything down.
 */
async function benchBulk(): Promise<BenchResult[]> {
  const buffer = new Uint8Array(SEGMENT);
  const raw = await rawCipher(buffer);
  const { contentKey, binding, envelope, body } = await makeSample({ content: new Uint8Array(TOTAL) });
  const seal = (reuseMemory: boolean) => () =>
    drain(sealBody({ contentKey, binding, source: repeat(buffer), length: TOTAL, reuseMemory }).ciphertext);
  const readRange = async (offset: number, length: number) => body.subarray(offset, offset + length);
  // Each of ours names the raw cipher it is held against.
  const works: [string, () => Promise<unknown>, number?][] = [
    ['raw AES-256-GCM encrypt', raw.encrypt],
    ['seal body', seal(false), 0],
    ['seal body, memory reused', seal(true), 0],
    ['raw AES-256-GCM decrypt', raw.decrypt],
    ['open body', () => drain(openBody({ envelope, contentKey, readRange })), 3],
  ];
  const samples = works.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [i, [, work]] of works.entries()) {
      const speed = TOTAL / 1000 / (await timed(work));
      if (round >= 0) samples[i]?.push(speed);
    }
  }
  const results = works.map(([name], i) => summarize(name, 'MB/s', samples[i] ?? []));
  return results.map((result, i) => {
    const against = works[i]?.[2] ?? -1;
    const raw = results[against];
    return raw ? comparedTo(result, samples[i] ?? [], raw, samples[against] ?? []) : result;
  });
}

async function rawCipher(buffer: Uint8Array<ArrayBuffer>) {
  const { subtle } = globalThis.crypto;
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = new Uint8Array(12);
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, buffer);
  const fresh = () => globalThis.crypto.getRandomValues(new Uint8Array(12));
  return {
    encrypt: () => inFlight(() => subtle.encrypt({ name: 'AES-GCM', iv: fresh() }, key, buffer)),
    decrypt: () => inFlight(() => subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed)),
  };
}

async function inFlight(work: () => Promise<unknown>): Promise<void> {
  let left = SEGMENTS;
  const lane = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function* repeat(buffer: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let i = 0; i < SEGMENTS; i++) yield buffer;
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source) {
    // Only the time counts.
  }
}

/** 3 of 5, as a reader and a writer meet them. */
async function benchEnvelope(suffix: string): Promise<BenchResult[]> {
  const sample = await makeSample();
  const accessor = await generateOneTimeKeyPair();
  const answer = await releaseOf(sample, 0, accessor.publicKey);
  const works: [string, () => Promise<unknown>][] = [
    ['seal envelope 3 of 5', () => resealed(sample)],
    ['keeper: open and release', () => releaseOf(sample, 0, accessor.publicKey)],
    [
      'accessor: open an answer',
      () =>
        openRelease({
          envelope: sample.envelope,
          index: 0,
          openingId: anyOpening,
          keyPair: accessor,
          sealed: answer,
        }),
    ],
    ['combine 3 shares', await combining(sample)],
  ];
  const results: BenchResult[] = [];
  for (const [name, work] of works) {
    const samples: number[] = [];
    for (let round = -5; round < 40; round++) {
      const took = await timed(work);
      if (round >= 0) samples.push(took);
    }
    results.push(summarize(name + suffix, 'ms', samples));
  }
  return results;
}

function resealed({ envelope, contentKey, binding, keepers, patient }: Sample) {
  const { epoch, threshold, keeperSetDigest, bodyDigest, bodyLength, floeHeader } = envelope;
  const metadata = {
    length: 11,
    mediaType: 'application/pdf',
    title: '',
    fhirType: '',
    created: '2026-01-31',
  };
  const patientPublicKey = patient.publicKey;
  return sealEnvelope({
    ...{ contentKey, binding, epoch, threshold, keepers, keeperSetDigest },
    ...{ bodyDigest, bodyLength, floeHeader, metadata, patientPublicKey },
  });
}

async function releaseOf({ bytes, keepers }: Sample, index: number, publicKey: Uint8Array) {
  const envelope = parseEnvelope(bytes);
  const keeper = keepers[index];
  const share = keeper && (await openKeeperBlock(envelope, keeper));
  if (!share) throw new Error('The sample is not addressed to its keepers.');
  return sealRelease({ envelope, ...share, openingId: anyOpening, publicKey });
}

async function combining({ envelope, keepers }: Sample): Promise<() => Promise<unknown>> {
  const shares = await Promise.all(keepers.slice(0, 3).map((keeper) => openKeeperBlock(envelope, keeper)));
  return () =>
    combineShares(
      envelope,
      shares.filter((share) => share !== undefined),
    );
}
