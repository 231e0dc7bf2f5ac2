import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toHex } from '../../sdk/src/envelope/bytes.ts';
import {
  combineShares,
  type Envelope,
  keyPairFromSeed,
  type Metadata,
  openBody,
  openBodyRange,
  openKeeperBlock,
  openMetadata,
  openPatientBlock,
  parseEnvelope,
  recordIdOf,
  SEGMENT_LENGTH,
} from '../../sdk/src/envelope/index.ts';
import { type RecordSpec, sealRecord } from './envelope-record.ts';
import { assertSame, attempt, hex, isObject, type JsonRunner, type Outcome } from './outcome.ts';

/* This format's own vectors; sdk/vectors/README.md describes the file. */

export const ENVELOPE_SCHEMA = 'chartkey-envelope-vectors-1';

/** The order in which a reader gets to work, and so the first place where a bad vector shows. */
export type Stage = 'parse' | 'keeper' | 'combine' | 'patient' | 'metadata' | 'body';

export type HeaderFields = Readonly<Record<string, string | number | boolean>>;

/** Some of the content, and the segments that a reader must fetch for it, and no others. */
export type RangeVector = {
  readonly offset: number;
  readonly length: number;
  readonly segments: readonly number[];
  readonly sha256: string;
};

export type ValidVector = RecordSpec & {
  readonly envelope: string;
  readonly recordId: string;
  /** Every field of bytes 0..301, as parsed. */
  readonly header: HeaderFields;
  readonly metadata: Metadata;
  readonly bodySha256: string;
  readonly contentSha256: string;
  /** Left out where the body would be large: sealing gives it. */
  readonly bodyFile?: string;
  readonly ranges: readonly RangeVector[];
  readonly shares: readonly { readonly index: number; readonly x: number; readonly share: string }[];
};

export type InvalidVector = {
  readonly name: string;
  /** The valid vector whose keys, envelope and body are used. */
  readonly base: string;
  readonly stage: Stage;
  readonly code: string;
  /** A whole envelope instead of the base's. */
  readonly envelope?: string;
  /** Replaced from `offset` on, after `envelope` is chosen. */
  readonly patch?: { readonly offset: number; readonly bytes: string };
  readonly bodyPatch?: { readonly offset: number; readonly bytes: string };
  /** New lengths: shorter is cut, longer is filled with zeros. */
  readonly length?: number;
  readonly bodyLength?: number;
};

export type EnvelopeVectors = {
  readonly schema: typeof ENVELOPE_SCHEMA;
  readonly valid: readonly ValidVector[];
  readonly invalid: readonly InvalidVector[];
};

export const runEnvelope: JsonRunner = (json, path) => {
  if (!isObject(json) || json.schema !== ENVELOPE_SCHEMA) return undefined;
  return run(json as EnvelopeVectors, dirname(path));
};

async function run(vectors: EnvelopeVectors, folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const vector of vectors.valid) {
    outcomes.push(await attempt(`${vector.name} seals to the same bytes`, () => checkSealing(vector)));
    outcomes.push(await attempt(`${vector.name} opens`, () => checkOpening(vector, folder)));
  }
  for (const vector of vectors.invalid) {
    const base = vectors.valid.find(({ name }) => name === vector.base);
    outcomes.push(await attempt(vector.name, () => checkRefusal(vector, base, folder)));
  }
  return outcomes;
}

async function checkSealing(vector: ValidVector): Promise<void> {
  const { envelope, body } = await sealRecord(vector);
  assertSame(envelope, hex(vector.envelope), 'envelope');
  if (digestOf(body) !== vector.bodySha256) throw new Error('body differs');
}

/** The published file, or for a large body what sealing gives. */
async function bodyOf(vector: ValidVector, folder: string): Promise<Uint8Array<ArrayBuffer>> {
  if (vector.bodyFile === undefined) return (await sealRecord(vector)).body;
  return new Uint8Array(readFileSync(join(folder, vector.bodyFile)));
}

/** Native, as bodies are long. */
export function digestOf(bytes: Uint8Array): string {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Bytes 0..301 by name. */
export function headerOf(envelope: Envelope): HeaderFields {
  const { threshold, keeperCount, hasPatientBlock, epoch, chainId, recordIndex, patient, author } = envelope;
  return {
    ...{ threshold, keeperCount, hasPatientBlock, epoch, chainId: String(chainId) },
    ...{ length: envelope.bytes.length, recordIndex, patient, author, salt: toHex(envelope.salt) },
    keeperSetDigest: envelope.keeperSetDigest,
    bodyLength: envelope.bodyLength,
    bodyDigest: envelope.bodyDigest,
    keyCommit: toHex(envelope.keyCommit),
    floeHeader: toHex(envelope.floeHeader),
  };
}

async function checkRanges(
  envelope: Envelope,
  contentKey: Uint8Array,
  body: Uint8Array,
  ranges: readonly RangeVector[],
): Promise<void> {
  for (const { offset, length, segments, sha256 } of ranges) {
    const fetched: number[] = [];
    const readRange = async (at: number, count: number) => {
      fetched.push(at / SEGMENT_LENGTH);
      return body.subarray(at, at + count);
    };
    const content = await openBodyRange({ envelope, contentKey, readRange, offset, length });
    if (digestOf(content) !== sha256) throw new Error(`range at ${offset} differs`);
    if (fetched.join() !== segments.join()) throw new Error(`range at ${offset} fetched other segments`);
  }
}

async function checkOpening(vector: ValidVector, folder: string): Promise<void> {
  const bytes = hex(vector.envelope);
  if ((await recordIdOf(bytes)) !== vector.recordId) throw new Error('record id differs');
  const body = await bodyOf(vector, folder);
  if (JSON.stringify(headerOf(parseEnvelope(bytes))) !== JSON.stringify(vector.header)) {
    throw new Error('header differs');
  }
  const result = await readRecord(bytes, body, vector);
  if (result.failure) throw new Error(`${result.failure.stage}: ${result.failure.code}`);
  for (const [i, share] of result.shares.entries()) {
    assertSame(share.share, hex(vector.shares[i]?.share ?? ''), `share ${i}`);
  }
  if (JSON.stringify(result.metadata) !== JSON.stringify(vector.metadata))
    throw new Error('metadata differs');
  if (digestOf(result.content) !== vector.contentSha256) throw new Error('content differs');
  await checkRanges(parseEnvelope(bytes), hex(vector.contentKey), body, vector.ranges);
}

async function checkRefusal(
  vector: InvalidVector,
  base: ValidVector | undefined,
  folder: string,
): Promise<void> {
  if (!base) throw new Error('unknown base');
  const envelope = apply(hex(vector.envelope ?? base.envelope), vector.patch, vector.length);
  const body = await bodyOf(base, folder);
  const { failure } = await readRecord(envelope, apply(body, vector.bodyPatch, vector.bodyLength), base);
  const actual = failure ? `${failure.stage}: ${failure.code}` : 'nothing failed';
  if (actual !== `${vector.stage}: ${vector.code}`)
    throw new Error(`${actual}, expected ${vector.stage}: ${vector.code}`);
}

/** Does everything a reader can do, stage by stage, and says where it first failed. */
async function readRecord(bytes: Uint8Array, body: Uint8Array, keys: RecordSpec) {
  let stage: Stage = 'parse';
  const shares: Awaited<ReturnType<typeof combined>>['shares'] = [];
  try {
    const envelope = parseEnvelope(bytes);
    stage = 'keeper';
    for (const seed of keys.keeperSeeds) {
      const share = await openKeeperBlock(envelope, await keyPairFromSeed(hex(seed)));
      if (share) shares.push(share);
    }
    stage = 'combine';
    const { contentKey } = await combined(envelope, shares);
    stage = 'patient';
    if (keys.patientSeed) await openPatientBlock(envelope, await keyPairFromSeed(hex(keys.patientSeed)));
    stage = 'metadata';
    const metadata = await openMetadata(envelope, contentKey);
    stage = 'body';
    const content = await readAll(openBody({ envelope, contentKey, ciphertext: once(body) }));
    return { shares, metadata, content, failure: undefined };
  } catch (error) {
    const code = (error as { code?: string }).code ?? String(error);
    return { shares, metadata: undefined, content: new Uint8Array(), failure: { stage, code } };
  }
}

async function combined(
  envelope: Envelope,
  shares: NonNullable<Awaited<ReturnType<typeof openKeeperBlock>>>[],
) {
  return { shares, contentKey: await combineShares(envelope, shares) };
}

function apply(
  bytes: Uint8Array,
  patch: InvalidVector['patch'],
  length: number = bytes.length,
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(0, length));
  if (patch) copy.set(hex(patch.bytes), patch.offset);
  return copy;
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
