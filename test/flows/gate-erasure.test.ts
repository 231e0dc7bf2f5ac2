import { addRecord, eraseRecord, type RecordId, retireRecord, rewrapRecord } from '@chartkey/sdk';
import {
  bodyCid,
  createStorageClient,
  envelopeCid,
  eraseAtGates,
  putBlock,
  rawCid,
  type StorageClient,
  signInWithWallet,
} from '@chartkey/sdk/storage';
import type { GateOptions } from '@chartkey/storage';
import { bytesToHex, type HDAccount, type Hex, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { KINDS, startNodeOf, type TestNode } from '../../storage/test/kinds.ts';
import {
  enrolWith,
  type GateWorld,
  keyOf,
  post,
  signer,
  startGateWorld,
  startTestGate,
  storeBody,
  storeEnvelope,
  tokenOf,
} from './support/gate-world.ts';

const { patient, secondPatient: attacker } = ACTORS;
let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
  await enrolWith(world, patient, bytesToHex((await keyOf(1)).publicKeyHash));
  await enrolWith(world, attacker, bytesToHex((await keyOf(2)).publicKeyHash));
});
afterAll(() => world?.close());

type Scene = {
  readonly url: string;
  readonly nodes: readonly TestNode[];
  /** Through the gate. */
  readonly of: (account: HDAccount) => Promise<StorageClient>;
};

/** One gate before a node of each kind that is here, and one embedded one more. */
async function startScene(options: Partial<GateOptions> = {}): Promise<Scene> {
  const nodes: TestNode[] = [];
  for (const kind of [...KINDS, 'embedded' as const]) nodes.push(await startNodeOf(kind));
  const { url } = await startTestGate(world, { nodeRpcUrls: nodes.map(({ rpcUrl }) => rpcUrl), ...options });
  const of = async (account: HDAccount) => {
    const storage = createStorageClient({ nodes: [{ gateUrl: url }] });
    await signInWithWallet(storage, signer(account));
    return storage;
  };
  return { url, nodes, of };
}

async function record(storage: StorageClient, owner: HDAccount) {
  const body = await storeBody(world, storage, owner);
  const recordId = await storeEnvelope(world, storage, { patient: owner, author: owner, body });
  await add(owner, recordId);
  return { body, recordId };
}

async function add(owner: HDAccount, recordId: Hex): Promise<void> {
  const id = recordId as RecordId;
  await addRecord(world.clientOf(owner), { recordId: id, patient: owner.address, compartment: 0 });
}

const retire = (owner: HDAccount, recordId: Hex) =>
  retireRecord(world.clientOf(owner), { recordId: recordId as RecordId });

/** For each node, whether it answers with the block. */
async function holders({ nodes }: Scene, cid: ReturnType<typeof rawCid>): Promise<readonly boolean[]> {
  const answers = nodes.map(({ gatewayUrl }) => fetch(`${gatewayUrl}/ipfs/${cid}?format=raw`));
  return (await Promise.all(answers)).map(({ status }) => status === 200);
}

const everywhere = ({ nodes }: Scene) => nodes.map(() => true);
const nowhere = ({ nodes }: Scene) => nodes.map(() => false);

describe('erasure through a gate', () => {
  test('default: a retired record goes from every node behind it, whoever asks', async () => {
    const scene = await startScene();
    const { body, recordId } = await record(await scene.of(patient), patient);
    const envelope = envelopeCid(hexToBytes(recordId));
    expect(await holders(scene, body.cid)).toEqual(everywhere(scene));
    await retire(patient, recordId);
    const storage = await scene.of(ACTORS.clinician);
    const receipt = await eraseRecord(world.clientOf(ACTORS.clinician), { recordId, storage });
    expect(receipt).toMatchObject({ complete: true, shared: [] });
    expect(receipt.nodes[0]?.unpinned).toBe(2 * scene.nodes.length);
    expect(await holders(scene, body.cid)).toEqual(nowhere(scene));
    expect(await holders(scene, envelope)).toEqual(nowhere(scene));
    // Again, it does nothing and fails nowhere.
    expect(await eraseRecord(world.clientOf(patient), { recordId, storage })).toMatchObject({
      complete: true,
    });
  });

  test('behavior: the room that it took is free again', async () => {
    const scene = await startScene({ maxParticipantBytes: 600_000 });
    const storage = await scene.of(patient);
    const { recordId } = await record(storage, patient);
    await expect(storeBody(world, storage, patient)).rejects.toMatchObject({ code: 'STORAGE_QUOTA' });
    await retire(patient, recordId);
    await eraseRecord(world.clientOf(patient), { recordId, storage });
    await storeBody(world, storage, patient);
  });

  test('behavior: every envelope that it had goes too', async () => {
    const scene = await startScene();
    const storage = await scene.of(patient);
    const { body, recordId } = await record(storage, patient);
    const next = await storeEnvelope(world, storage, { patient, author: patient, body });
    await rewrapRecord(world.clientOf(patient), { recordId, envelopeDigest: next });
    await retire(patient, recordId);
    const receipt = await eraseRecord(world.clientOf(patient), { recordId, storage });
    expect(receipt.complete).toBe(true);
    for (const id of [recordId, next]) {
      expect(await holders(scene, envelopeCid(hexToBytes(id)))).toEqual(nowhere(scene));
    }
    expect(await holders(scene, body.cid)).toEqual(nowhere(scene));
  });

  test('error: a record that stands, one that never was, nobody who signed in', async () => {
    const scene = await startScene();
    const { body, recordId } = await record(await scene.of(patient), patient);
    const token = await tokenOf(scene.url, patient);
    const erase = (id: string, by?: string) => post(`${scene.url}/records/${id}/erase`, {}, by);
    expect((await erase(recordId, token)).status).toBe(409);
    expect((await erase(`0x${'a'.repeat(64)}`, token)).status).toBe(409);
    expect((await erase('0x12', token)).status).toBe(400);
    await retire(patient, recordId);
    expect((await erase(recordId)).status).toBe(401);
    expect(await holders(scene, body.cid)).toEqual(everywhere(scene));
  });
});

describe('who wants the bytes of somebody else gone', () => {
  test('error: an own record that names their body', async () => {
    const scene = await startScene();
    const { body } = await record(await scene.of(patient), patient);
    const storage = await scene.of(attacker);
    const own = await storeEnvelope(world, storage, { patient: attacker, author: attacker, body });
    await add(attacker, own);
    await retire(attacker, own);
    await eraseAtGates(storage, own);
    expect(await holders(scene, body.cid)).toEqual(everywhere(scene));
    expect(await holders(scene, envelopeCid(hexToBytes(own)))).toEqual(nowhere(scene));
  });

  test('error: the same, by the tool of whoever runs the nodes', async () => {
    const scene = await startScene();
    const { body } = await record(await scene.of(patient), patient);
    const own = await storeEnvelope(world, await scene.of(attacker), {
      ...{ patient: attacker, author: attacker, body },
    });
    await add(attacker, own);
    await retire(attacker, own);
    const storage = createStorageClient({ nodes: scene.nodes });
    const receipt = await eraseRecord(world.clientOf(attacker), { recordId: own, storage });
    expect(receipt).toMatchObject({ shared: [body.cid.toString()], complete: false });
    expect(await holders(scene, body.cid)).toEqual(everywhere(scene));
    expect(await holders(scene, envelopeCid(hexToBytes(own)))).toEqual(nowhere(scene));
  });

  test('error: their envelope, as the newer one of an own record', async () => {
    const scene = await startScene();
    const theirs = await record(await scene.of(patient), patient);
    const storage = await scene.of(attacker);
    const own = await record(storage, attacker);
    await rewrapRecord(world.clientOf(attacker), {
      recordId: own.recordId,
      envelopeDigest: theirs.recordId,
    });
    await retire(attacker, own.recordId);
    await eraseAtGates(storage, own.recordId);
    expect(await holders(scene, envelopeCid(hexToBytes(theirs.recordId)))).toEqual(everywhere(scene));
    expect(await holders(scene, theirs.body.cid)).toEqual(everywhere(scene));
    expect(await holders(scene, own.body.cid)).toEqual(nowhere(scene));
  });

  test('error: any other block of theirs, as the id of an own record', async () => {
    const scene = await startScene();
    const key = await keyOf(1);
    const block = rawCid(key.publicKeyHash);
    await putBlock(await scene.of(patient), key.publicKey);
    const id = bytesToHex(key.publicKeyHash);
    await add(attacker, id);
    await retire(attacker, id);
    const storage = await scene.of(attacker);
    expect(await eraseAtGates(storage, id)).toMatchObject([{ outcome: 0 }]);
    expect(await holders(scene, block)).toEqual(everywhere(scene));
  });

  test('error: their body, claimed before their envelope came', async () => {
    const scene = await startScene();
    const theirs = await scene.of(patient);
    const body = await storeBody(world, theirs, patient);
    const storage = await scene.of(attacker);
    const own = await storeEnvelope(world, storage, { patient: attacker, author: attacker, body });
    await storeEnvelope(world, theirs, { patient, author: patient, body });
    await add(attacker, own);
    await retire(attacker, own);
    await eraseAtGates(storage, own);
    expect(await holders(scene, body.cid)).toEqual(everywhere(scene));
  });

  test('error: a root that was not sent is not pinned in anybody’s name', async () => {
    const scene = await startScene();
    const { body } = await record(await scene.of(patient), patient);
    const token = await tokenOf(scene.url, attacker);
    const { id } = await (await post(`${scene.url}/uploads`, {}, token)).json();
    const roots = [bodyCid(body.digest, body.length).toString()];
    expect((await post(`${scene.url}/uploads/${id}/commit`, { roots }, token)).status).toBe(404);
  });
});
