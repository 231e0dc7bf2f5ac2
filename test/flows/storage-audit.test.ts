import { rm, writeFile } from 'node:fs/promises';
import {
  addRecord,
  auditRecords,
  eraseRecord,
  publishPublicKey,
  retireRecord,
  rewrapRecord,
} from '@chartkey/sdk';
import { createStorageClient } from '@chartkey/sdk/storage';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { blockFiles, content, startNode } from '../../storage/test/support.ts';
import {
  enrolWith,
  type GateWorld,
  keyOf,
  startGateWorld,
  storeBody,
  storeEnvelope,
} from './support/gate-world.ts';

const { patient } = ACTORS;
let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
});
afterAll(() => world?.close());

async function fileOf(dir: string, digest: string): Promise<string> {
  const found = (await blockFiles(dir)).find((path) => path.endsWith(digest.replace(/^0x/, '')));
  if (found === undefined) throw new Error('The node does not have the block.');
  return found;
}

test('auditRecords: key blocks and every envelope are looked for, named and mended like bodies', async () => {
  const [one, two] = [await startNode(), await startNode()];
  const nodes = [one, two].map(({ url }) => ({ rpcUrl: url, gatewayUrl: url }));
  const storage = createStorageClient({ nodes });
  const client = world.clientOf(patient);
  const { publicKey, publicKeyHash } = await keyOf(1);
  const key = bytesToHex(publicKeyHash);
  await publishPublicKey(storage, publicKey);
  await enrolWith(world, patient, key);
  const body = await storeBody(world, storage, patient, 10_000);
  const recordId = await storeEnvelope(world, storage, { patient, author: patient, body });
  await addRecord(client, { recordId, patient: patient.address, compartment: 0 });
  const newer = await storeEnvelope(world, storage, { patient, author: patient, body });
  await rewrapRecord(client, { recordId, envelopeDigest: newer });

  const audit = (repair = false) => auditRecords(client, { storage, repair });
  const findings = async (repair = false) =>
    (await audit(repair)).findings.map(({ label, node, finding, repaired }) => ({
      ...{ label, node, finding, repaired },
    }));
  // The key block, two envelopes, the body.
  expect(await audit()).toMatchObject({ clean: true, items: 4 });

  const missing = { label: `key block ${key}`, node: one.url, finding: 'missing' };
  await rm(await fileOf(one.dir, key));
  expect(await findings()).toEqual([{ ...missing, repaired: false }]);
  expect(await findings(true)).toEqual([{ ...missing, repaired: true }]);
  expect(await findings()).toEqual([]);

  await writeFile(await fileOf(two.dir, key), content(1_216));
  const corrupt = { label: `key block ${key}`, node: two.url, finding: 'corrupt' };
  expect(await findings(true)).toEqual([{ ...corrupt, repaired: true }]);
  expect(await findings()).toEqual([]);

  // The envelope that a re-wrap left behind, and the one that took its place.
  for (const digest of [recordId, newer]) {
    await rm(await fileOf(two.dir, digest));
    const about = { label: recordId, node: two.url, finding: 'missing' };
    expect(await findings(true)).toEqual([{ ...about, repaired: true }]);
    expect(await findings()).toEqual([]);
  }

  await rm(await fileOf(one.dir, key));
  await rm(await fileOf(two.dir, key));
  expect(await findings(true)).toContainEqual({
    ...{ label: `key block ${key}`, node: '', finding: 'lost', repaired: false },
  });
  await publishPublicKey(storage, publicKey);

  await retireRecord(client, { recordId });
  // Both envelopes, on both nodes.
  expect(await findings()).toEqual(
    [one, two, one, two].map(({ url }) => ({
      ...{ label: recordId, node: url, finding: 'still-there', repaired: false },
    })),
  );
  expect(await eraseRecord(client, { recordId, storage })).toMatchObject({ complete: true });
  expect(await audit()).toMatchObject({ clean: true, items: 1 });
});
