import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from 'viem';
import { equal, toHex } from '../../sdk/src/envelope/bytes.ts';
import { keyPairFromSeed, openKeeperBlock, parseEnvelope, recordIdOf } from '../../sdk/src/envelope/index.ts';
import { OFFSET } from '../../sdk/src/envelope/layout.ts';
import {
  digestOf,
  ENVELOPE_SCHEMA,
  type EnvelopeVectors,
  headerOf,
  type InvalidVector,
  type RangeVector,
  type ValidVector,
} from './envelope.ts';
import { contentOf, type RecordSpec, sealRecord } from './envelope-record.ts';
import { fixedEntropy } from './fixed-entropy.ts';
import { hex } from './outcome.ts';

const bytesOf = (length: number, byte: number) => toHex(new Uint8Array(length).fill(byte));
const address = (byte: number): Address => bytesOf(20, byte);
const counting = (length: number, from: number) => toHex(Uint8Array.from({ length }, (_, i) => from + i));

const letter: RecordSpec = {
  name: 'letter, 2 of 3, patient has a key',
  entropySeed: bytesOf(32, 0xe1),
  contentKey: bytesOf(32, 0xc1),
  chainId: '31337',
  recordIndex: address(0x11),
  patient: address(0x22),
  author: address(0x33),
  salt: bytesOf(32, 0x44),
  epoch: 1,
  threshold: 2,
  keeperIds: [address(0xa1), address(0xa2), address(0xa3)],
  keeperSeeds: [bytesOf(32, 0xb1), bytesOf(32, 0xb2), bytesOf(32, 0xb3)],
  patientSeed: bytesOf(32, 0xd1),
  metadata: {
    length: 1000,
    mediaType: 'application/pdf',
    title: 'Entlassbrief 🫀.pdf',
    fhirType: 'DocumentReference',
    created: '2026-01-31T12:00:00Z',
  },
};

const { patientSeed: _, ...withoutPatient } = letter;
const empty: RecordSpec = {
  ...withoutPatient,
  name: 'empty, 3 of 5, patient has no key',
  entropySeed: bytesOf(32, 0xe2),
  contentKey: bytesOf(32, 0xc2),
  threshold: 3,
  keeperIds: [1, 2, 3, 4, 5].map(address),
  keeperSeeds: [1, 2, 3, 4, 5].map((byte) => bytesOf(32, byte)),
  metadata: { length: 0, mediaType: 'text/plain', title: '', fhirType: '', created: '2026-01-31' },
};

/** No two bytes of a field alike, so that a reader who swaps or cuts one is found out. */
const everyField: RecordSpec = {
  ...letter,
  name: 'every header field, 2 of 2',
  entropySeed: bytesOf(32, 0xe3),
  contentKey: counting(32, 0xc0),
  chainId: String(0x0123_4567_89ab_cdefn),
  recordIndex: counting(20, 0x10),
  patient: counting(20, 0x30),
  author: counting(20, 0x50),
  salt: counting(32, 0x70),
  epoch: 0xfedc_ba98,
  keeperIds: [counting(20, 0x90), counting(20, 0xb0)],
  keeperSeeds: [counting(32, 0x08), counting(32, 0x28)],
  patientSeed: counting(32, 0x48),
  metadata: {
    length: 65_536,
    mediaType: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70',
    title: 'Ψ ÷ 胸部CT',
    fhirType: 'ImagingStudy',
    created: '2024-02-29T23:59:59.999Z',
  },
};

/** The same record with content of another length, and randomness and a key of its own. */
function ofLength(name: string, length: number, byte: number): RecordSpec {
  return {
    ...empty,
    name,
    entropySeed: bytesOf(32, byte),
    contentKey: bytesOf(32, byte - 0x20),
    metadata: { ...empty.metadata, mediaType: 'application/octet-stream', length },
  };
}

/** Plaintext bytes of a segment. */
const SEGMENT = 262_112;
/** What fits into one segment together with its padding. */
const ONE_SEGMENT = 258_048;
/** More segments than one node of the tree has links. */
const MANY = 46_000_000;

const specs: readonly (readonly [RecordSpec, string?])[] = [
  [letter, 'letter.body'],
  [empty, 'empty.body'],
  [everyField],
  [ofLength('one segment, without padding', ONE_SEGMENT, 0xe4)],
  [ofLength('one byte more than one segment holds', ONE_SEGMENT + 1, 0xe5)],
  [ofLength('content ends with the first segment', SEGMENT, 0xe6)],
  [ofLength('content ends with segment 17; the last one is padding', 17 * SEGMENT, 0xe7)],
  [ofLength('many segments, a tree of two levels', MANY, 0xe8)],
];

/** Writes envelope.json and the bodies. The same code always writes the same files. */
export async function writeEnvelopeVectors(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const valid: ValidVector[] = [];
  for (const [spec, bodyFile] of specs) valid.push(await validVector(spec, bodyFile, folder));
  const vectors: EnvelopeVectors = {
    schema: ENVELOPE_SCHEMA,
    valid,
    invalid: await invalidVectors(hex(valid[0]?.envelope ?? '')),
  };
  writeFileSync(join(folder, 'envelope.json'), `${JSON.stringify(vectors, null, 2)}\n`);
}

async function validVector(
  spec: RecordSpec,
  bodyFile: string | undefined,
  folder: string,
): Promise<ValidVector> {
  const { envelope, body } = await sealRecord(spec);
  if (bodyFile) writeFileSync(join(folder, bodyFile), body);
  const parsed = parseEnvelope(envelope);
  const opened = await Promise.all(
    spec.keeperSeeds.map(async (seed) => openKeeperBlock(parsed, await keyPairFromSeed(hex(seed)))),
  );
  const content = contentOf(spec.metadata.length);
  return {
    ...spec,
    envelope: toHex(envelope),
    recordId: await recordIdOf(envelope),
    header: headerOf(parsed),
    ...(bodyFile && { bodyFile }),
    bodySha256: digestOf(body),
    contentSha256: digestOf(content),
    ranges: rangesOf(content),
    shares: opened.flatMap((share) => (share ? [{ ...share, share: toHex(share.share) }] : [])),
  };
}

/** The places where a reader of ranges goes wrong: both sides of each seam, and both ends. */
function rangesOf(content: Uint8Array): RangeVector[] {
  const wanted: readonly (readonly [number, number])[] = [
    [0, 0],
    [0, 1],
    [content.length - 1, 1],
    [content.length, 10],
    [content.length - 5, 100],
    [SEGMENT - 1, 1],
    [SEGMENT, 1],
    [SEGMENT - 1, 2],
    [SEGMENT, SEGMENT],
    [100, 2 * SEGMENT],
    [173 * SEGMENT + 9, 2 * SEGMENT],
  ];
  return wanted
    .filter(([offset]) => offset >= 0 && offset <= content.length)
    .map(([offset, length]) => {
      const part = content.subarray(offset, offset + length);
      const first = Math.floor(offset / SEGMENT);
      const last = part.length === 0 ? first - 1 : Math.floor((offset + part.length - 1) / SEGMENT);
      const segments = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      return { offset, length, segments, sha256: digestOf(part) };
    });
}

/** Fields that any parser takes as they are, and that every seal is bound to: their last bytes. */
const BOUND_FIELDS = {
  'threshold that is possible': OFFSET.threshold,
  epoch: OFFSET.chainId - 1,
  chain: OFFSET.recordIndex - 1,
  RecordIndex: OFFSET.patient - 1,
  patient: OFFSET.author - 1,
  author: OFFSET.salt - 1,
  salt: OFFSET.keeperSet - 1,
  'keeper set': OFFSET.bodyLength - 1,
  'body digest': OFFSET.keyCommit - 1,
  'key commitment': OFFSET.floeHeader - 1,
  'FLOE IV': OFFSET.floeHeader + 41,
  'FLOE tag': OFFSET.metadata - 1,
};

async function invalidVectors(good: Uint8Array): Promise<InvalidVector[]> {
  const base = letter.name;
  const flip = (offset: number) => ({ offset, bytes: toHex(Uint8Array.of((good[offset] ?? 0) ^ 1)) });
  const set = (offset: number, bytes: string) => ({ offset, bytes });
  const bad = (name: string, stage: InvalidVector['stage'], code: string, rest: Partial<InvalidVector>) => ({
    name,
    base,
    stage,
    code,
    ...rest,
  });
  return [
    bad('one byte less', 'parse', 'ENVELOPE_LENGTH', { length: good.length - 1 }),
    bad('one byte more', 'parse', 'ENVELOPE_LENGTH', { length: good.length + 1 }),
    bad('another magic', 'parse', 'ENVELOPE_MALFORMED', { patch: flip(0) }),
    bad('version 2', 'parse', 'ENVELOPE_VERSION_UNKNOWN', { patch: set(8, '0x0002') }),
    bad('KEM suite 1', 'parse', 'ENVELOPE_SUITE_UNKNOWN', { patch: set(10, '0x01') }),
    bad('body suite 2', 'parse', 'ENVELOPE_SUITE_UNKNOWN', { patch: set(11, '0x02') }),
    bad('k of 1', 'parse', 'ENVELOPE_FIELD', { patch: set(12, '0x01') }),
    bad('k above n', 'parse', 'ENVELOPE_FIELD', { patch: set(12, '0x04') }),
    bad('unknown flag', 'parse', 'ENVELOPE_FIELD', { patch: set(14, '0x0002') }),
    bad('flag against a patient block', 'parse', 'ENVELOPE_FIELD', { patch: set(14, '0x0001') }),
    bad('wrong length field', 'parse', 'ENVELOPE_LENGTH', { patch: flip(19) }),
    bad('body without padding', 'parse', 'ENVELOPE_FIELD', { patch: set(156, '0x0000000000010021') }),
    bad('other FLOE parameters', 'parse', 'ENVELOPE_FIELD', { patch: flip(228) }),
    bad('x twice', 'parse', 'ENVELOPE_FIELD', { patch: set(2042 + 1233, '0x01') }),
    bad('x of zero', 'parse', 'ENVELOPE_FIELD', { patch: set(2042, '0x00') }),
    ...Object.entries(BOUND_FIELDS).map(([name, offset]) =>
      bad(`another ${name}`, 'keeper', 'SEAL_BROKEN', { patch: flip(offset) }),
    ),
    bad('another share commitment', 'keeper', 'SEAL_BROKEN', { patch: flip(2042 + 33) }),
    bad('altered sealed share', 'keeper', 'SEAL_BROKEN', { patch: flip(2042 + 1232) }),
    bad('altered MAC', 'combine', 'ENVELOPE_MAC_MISMATCH', { patch: flip(good.length - 1) }),
    bad('altered metadata', 'combine', 'ENVELOPE_MAC_MISMATCH', { patch: flip(400) }),
    bad('altered patient block', 'combine', 'ENVELOPE_MAC_MISMATCH', { patch: flip(1000) }),
    bad('shares that lie on no polynomial', 'combine', 'SHARES_INCONSISTENT', {
      envelope: await inconsistent(),
    }),
    bad('shares of another key', 'combine', 'KEY_COMMITMENT_MISMATCH', { envelope: await otherSecret() }),
    bad('altered body', 'body', 'BODY_SEGMENT_BROKEN', { bodyPatch: set(100, '0x000000000000000000') }),
    bad('cut body', 'body', 'BODY_TRUNCATED', { bodyLength: 65_567 }),
    bad('longer body', 'body', 'BODY_EXTENDED', { bodyLength: 65_569 }),
  ];
}

/** A lying author: commitments and seals are right, the last point is not on the line. */
async function inconsistent(): Promise<string> {
  const honest = fixedEntropy(hex(letter.entropySeed));
  const split = async (secret: Uint8Array, n: number, k: number) => {
    const points = await honest.split(secret, n, k);
    return points.map(({ x, y }) => (x === n ? { x, y: y.map((byte) => byte ^ 1) } : { x, y }));
  };
  return toHex((await sealRecord(letter, { ...honest, split })).envelope);
}

/** A lying author: consistent shares, but of another key than the one that is committed to. */
async function otherSecret(): Promise<string> {
  const honest = fixedEntropy(hex(letter.entropySeed));
  const other = new Uint8Array(32).fill(0xc9);
  if (equal(other, hex(letter.contentKey))) throw new Error('not another key');
  const split = (_: Uint8Array, n: number, k: number) => honest.split(other, n, k);
  return toHex((await sealRecord(letter, { ...honest, split })).envelope);
}
