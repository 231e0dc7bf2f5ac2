import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from 'viem';
import { equal, toHex } from '../../sdk/src/envelope/bytes.ts';
import { sha256 } from '../../sdk/src/envelope/hash.ts';
import { keyPairFromSeed, openKeeperBlock, parseEnvelope, recordIdOf } from '../../sdk/src/envelope/index.ts';
import { ENVELOPE_SCHEMA, type EnvelopeVectors, type InvalidVector, type ValidVector } from './envelope.ts';
import { type RecordSpec, sealRecord } from './envelope-record.ts';
import { fixedEntropy } from './fixed-entropy.ts';
import { hex } from './outcome.ts';

const bytesOf = (length: number, byte: number) => toHex(new Uint8Array(length).fill(byte));
const address = (byte: number): Address => bytesOf(20, byte);

const letter: RecordSpec = {
  name: 'letter, 2 of 3, patient has a key',
  entropySeed: bytesOf(32, 0xe1),
  contentKey: bytesOf(32, 0xc1),
  chainId: 31337,
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

/** Writes envelope.json and the bodies. The same code always writes the same files. */
export async function writeEnvelopeVectors(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const valid = [
    await validVector(letter, 'letter.body', folder),
    await validVector(empty, 'empty.body', folder),
  ];
  const vectors: EnvelopeVectors = {
    schema: ENVELOPE_SCHEMA,
    valid,
    invalid: await invalidVectors(hex(valid[0]?.envelope ?? '')),
  };
  writeFileSync(join(folder, 'envelope.json'), `${JSON.stringify(vectors, null, 2)}\n`);
}

async function validVector(spec: RecordSpec, bodyFile: string, folder: string): Promise<ValidVector> {
  const { envelope, body } = await sealRecord(spec);
  writeFileSync(join(folder, bodyFile), body);
  const parsed = parseEnvelope(envelope);
  const opened = await Promise.all(
    spec.keeperSeeds.map(async (seed) => openKeeperBlock(parsed, await keyPairFromSeed(hex(seed)))),
  );
  const content = Uint8Array.from({ length: spec.metadata.length }, (_, i) => 31 * i + (i >>> 8));
  return {
    ...spec,
    envelope: toHex(envelope),
    recordId: await recordIdOf(envelope),
    bodyFile,
    bodySha256: toHex(sha256(body)),
    contentSha256: toHex(sha256(content)),
    shares: opened.flatMap((share) => (share ? [{ ...share, share: toHex(share.share) }] : [])),
  };
}

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
    bad('another chain', 'keeper', 'SEAL_BROKEN', { patch: flip(31) }),
    bad('another author', 'keeper', 'SEAL_BROKEN', { patch: flip(91) }),
    bad('another body digest', 'keeper', 'SEAL_BROKEN', { patch: flip(164) }),
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
