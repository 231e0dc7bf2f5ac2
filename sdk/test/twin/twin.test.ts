import fc from 'fast-check';
import { type Address, toBytes, toHex } from 'viem';
import { describe, expect, test } from 'vitest';
import {
  combineShares,
  type KeyPair,
  keeperSetDigest,
  keyPairFromSeed,
  openBody,
  openKeeperBlock,
  openMetadata,
  openPatientBlock,
  parseEnvelope,
  sealBody,
  sealEnvelope,
} from '../../src/envelope/index.ts';
import { collect, pattern, streamOf } from '../../src/envelope/testing.ts';
import { streamDag } from '../../src/storage/dag.ts';
import * as twin from './envelope.ts';

/* What one implementation writes the other reads, and the other way round, on random input. */

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

const records = fc
  .record({
    length: fc.oneof(
      fc.integer({ min: 0, max: 70_000 }),
      fc.integer({ min: 250_000, max: 900_000 }),
      fc.constantFrom(0, 1, 65_536, 65_537, 258_048, 258_049, 262_112, 262_113, 524_224),
    ),
    contentKey: bytes(32),
    salt: bytes(32),
    chainId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    addresses: fc.tuple(bytes(20), bytes(20), bytes(20)),
    epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    n: fc.integer({ min: 2, max: 6 }),
    slack: fc.nat(4),
    patientHasKey: fc.boolean(),
    mediaType: fc.constantFrom('text/plain', 'application/dicom', 'text/html; charset=utf-8'),
    title: fc.string({ unit: 'grapheme', maxLength: 40 }).filter((title) => Buffer.byteLength(title) <= 255),
    fhirType: fc.constantFrom('', 'Observation', 'DiagnosticReport'),
    created: fc.constantFrom('2024-02-29', '2026-01-31T12:00:00Z', '1999-12-31T23:59:59.999Z'),
  })
  .map(({ n, slack, length, mediaType, title, fhirType, created, ...rest }) => ({
    ...rest,
    k: Math.max(2, n - slack),
    seeds: Array.from({ length: n }, (_, i) => new Uint8Array(32).fill(i + 1)),
    content: pattern(length),
    metadata: { length, mediaType, title: title.toWellFormed(), fhirType, created },
  }));

type Random = typeof records extends fc.Arbitrary<infer T> ? T : never;

const patientSeed = new Uint8Array(32).fill(100);
const idOf = (i: number) => new Uint8Array(20).fill(i + 1);
const addressOf = (address: Uint8Array): Address => toHex(address);

async function keysOf({ seeds }: Random): Promise<{ keepers: KeyPair[]; patient: KeyPair }> {
  return {
    keepers: await Promise.all(seeds.map(keyPairFromSeed)),
    patient: await keyPairFromSeed(patientSeed),
  };
}

async function writtenByProduct(record: Random) {
  const { keepers, patient } = await keysOf(record);
  const { contentKey, addresses, chainId, salt, content, metadata } = record;
  const [recordIndex, patientId, author] = addresses;
  const binding = {
    ...{ chainId, salt, recordIndex: addressOf(recordIndex) },
    ...{ patient: addressOf(patientId), author: addressOf(author) },
  };
  const sealed = sealBody({ contentKey, binding, source: streamOf(content), length: content.length });
  const body = await collect(sealed.ciphertext);
  const { digest } = await streamDag(streamOf(body), async () => {});
  const seats = keepers.map(({ publicKey }, i) => ({ id: addressOf(idOf(i)), publicKey }));
  const envelope = await sealEnvelope({
    ...{ contentKey, binding, epoch: record.epoch, threshold: record.k, keepers, metadata },
    keeperSetDigest: keeperSetDigest(seats),
    bodyDigest: toHex(digest),
    bodyLength: sealed.ciphertextLength,
    floeHeader: sealed.floeHeader,
    ...(record.patientHasKey ? { patientPublicKey: patient.publicKey } : {}),
  });
  return { envelope, body };
}

async function writtenByTwin(record: Random) {
  const { keepers, patient } = await keysOf(record);
  const [recordIndex, patientId, author] = record.addresses;
  return twin.write({
    ...record,
    ...{ recordIndex, patient: patientId, author },
    keepers: keepers.map(({ publicKey }, i) => ({ id: idOf(i), publicKey })),
    patientPublicKey: record.patientHasKey ? patient.publicKey : undefined,
  });
}

describe('docs/format.md, by two implementations', () => {
  test('behavior: the twin reads what the product writes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        const { envelope, body } = await writtenByProduct(record);
        const parsed = twin.parse(envelope);
        const points = await Promise.all(record.seeds.map((seed, i) => twin.openShare(parsed, i, seed)));
        const contentKey = twin.combine(parsed, points.slice(-record.k));
        expect(contentKey.equals(record.contentKey)).toBe(true);
        if (record.patientHasKey) {
          expect((await twin.openPatientBlock(parsed, patientSeed)).equals(contentKey)).toBe(true);
        }
        const { metadata, content } = twin.read(parsed, contentKey, body);
        expect(metadata).toEqual(record.metadata);
        expect(content.equals(record.content)).toBe(true);
        const { digest } = await streamDag(streamOf(body), async () => {});
        expect(toHex(digest)).toBe(parseEnvelope(envelope).bodyDigest);
      }),
      { numRuns: 20 },
    );
  });

  test('behavior: the product reads what the twin writes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        const { envelope: written, body } = await writtenByTwin(record);
        const envelope = parseEnvelope(written);
        const { keepers, patient } = await keysOf(record);
        const shares = await Promise.all(keepers.map((keeper) => openKeeperBlock(envelope, keeper)));
        const given = shares.filter((share) => share !== undefined).slice(-record.k);
        const contentKey = await combineShares(envelope, given);
        expect(contentKey).toEqual(record.contentKey);
        const own = await openPatientBlock(envelope, patient);
        expect(own).toEqual(record.patientHasKey ? contentKey : undefined);
        expect(await openMetadata(envelope, contentKey)).toEqual(record.metadata);
        const content = await collect(openBody({ envelope, contentKey, ciphertext: streamOf(body) }));
        expect(Buffer.compare(content, record.content)).toBe(0);
        const { digest } = await streamDag(streamOf(body), async () => {});
        expect(toHex(digest)).toBe(envelope.bodyDigest);
        expect(toBytes(envelope.author)).toEqual(record.addresses[2]);
      }),
      { numRuns: 20 },
    );
  });
});
