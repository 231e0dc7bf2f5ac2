import { writeFile } from 'node:fs/promises';
import {
  addRecord,
  auditRecords,
  eraseRecord,
  publishPublicKey,
  retireRecord,
  rewrapRecord,
} from '@chartkey/sdk';
import { createStorageClient, rawCid } from '@chartkey/sdk/storage';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { fileInKubo, KINDS, startNodeOf, type TestNode } from '../../storage/test/kinds.ts';
import { content, rpc } from '../../storage/test/support.ts';
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

/** As a node loses a block that it had pinned: by a mistake of whoever runs it. */
async function lose({ rpcUrl }: TestNode, digest: Hex): Promise<void> {
  await rpc(rpcUrl, `pin/rm?arg=${rawCid(hexToBytes(digest))}`);
  expect((await rpc(rpcUrl, 'repo/gc?silent=true')).status).toBe(200);
}

test('auditRecords: key blocks and every envelope are looked for, named and mended like bodies', async () => {
  const kind = KINDS.at(-1) ?? 'embedded';
  const [one, two] = [await startNodeOf('embedded'), await startNodeOf(kind)];
  const storage = createStorageClient({ nodes: [one, two] });
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

  const missing = { label: `key block ${key}`, node: one.gatewayUrl, finding: 'missing' };
  await lose(one, key);
  // Its pin is gone too, and told as well.
  expect(await findings()).toContainEqual({ ...missing, repaired: false });
  expect(await findings(true)).toContainEqual({ ...missing, repaired: true });
  expect(await findings()).toEqual([]);

  // The embedded node's own rot is storage/test/audit.test.ts; to an audit a block is a block.
  if (kind === 'kubo') {
    await writeFile(fileInKubo(two.dir, publicKeyHash), content(1_216));
    const corrupt = { label: `key block ${key}`, node: two.gatewayUrl, finding: 'corrupt' };
    expect(await findings(true)).toContainEqual({ ...corrupt, repaired: true });
    expect(await findings()).toEqual([]);
  }

  // The envelope that a re-wrap left behind, and the one that took its place.
  for (const digest of [recordId, newer]) {
    await lose(two, digest);
    const about = { label: recordId, node: two.gatewayUrl, finding: 'missing' };
    expect(await findings(true)).toContainEqual({ ...about, repaired: true });
    expect(await findings()).toEqual([]);
  }

  await lose(one, key);
  await lose(two, key);
  expect(await findings(true)).toContainEqual({
    ...{ label: `key block ${key}`, node: '', finding: 'lost', repaired: false },
  });
  await publishPublicKey(storage, publicKey);

  await retireRecord(client, { recordId });
  // Both envelopes, on both nodes.
  expect(await findings()).toEqual(
    [one, two, one, two].map(({ gatewayUrl }) => ({
      ...{ label: recordId, node: gatewayUrl, finding: 'still-there', repaired: false },
    })),
  );
  expect(await eraseRecord(client, { recordId, storage })).toMatchObject({ complete: true });
  expect(await audit()).toMatchObject({ clean: true, items: 1 });
});
