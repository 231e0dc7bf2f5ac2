import { answerChallenge, changePublicKey, publishPatientKey } from '@chartkey/sdk';
import {
  createStorageClient,
  putBlock,
  rawCid,
  readBlock,
  signedInUntil,
  signInWithKey,
  signOut,
} from '@chartkey/sdk/storage';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { startNode, temporaryFolder } from '../../storage/test/support.ts';
import {
  enrolWith,
  type GateWorld,
  keyOf,
  ORIGIN,
  post,
  signInBody,
  startGateWorld,
  startTestGate,
} from './support/gate-world.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await startGateWorld();
  await enrolWith(world, ACTORS.secondPatient, bytesToHex((await keyOf(2)).publicKeyHash));
});
afterAll(() => world?.close());

const gateClient = (url: string) => createStorageClient({ nodes: [{ gateUrl: url }] });

describe('a key block at the gate', () => {
  test('default: waits without a sign-in, and is stored once the chain names it', async () => {
    const { url } = await startTestGate(world);
    const { publicKey, publicKeyHash } = await keyOf(1);
    const key = { patient: ACTORS.patient.address, keyBlock: publicKey };
    const storage = gateClient(url);
    expect(await publishPatientKey(storage, key)).toMatchObject({ stored: false });
    // Nobody gets it before.
    await expect(readBlock(storage, rawCid(publicKeyHash))).rejects.toMatchObject({
      code: 'STORAGE_NOT_FOUND',
    });
    await enrolWith(world, ACTORS.patient, bytesToHex(publicKeyHash));
    expect(await publishPatientKey(storage, key)).toMatchObject({ stored: true });
    expect(await readBlock(storage, rawCid(publicKeyHash))).toEqual(publicKey);
  });

  test('behavior: who goes away in between finds it stored all the same', async () => {
    const dir = await temporaryFolder();
    const node = await startNode();
    const first = await startTestGate(world, { dir, nodeRpcUrls: [node.url] });
    const { publicKey, publicKeyHash } = await keyOf(3);
    const key = { patient: ACTORS.thirdPatient.address, keyBlock: publicKey };
    await publishPatientKey(gateClient(first.url), key);
    await enrolWith(world, ACTORS.thirdPatient, bytesToHex(publicKeyHash));
    // Each minute a gate looks; at its start too.
    const second = await startTestGate(world, { dir, nodeRpcUrls: [node.url] });
    expect(await readBlock(gateClient(second.url), rawCid(publicKeyHash))).toEqual(publicKey);
  });

  test("error: a block in somebody else's name is never stored", async () => {
    const { url } = await startTestGate(world);
    const { publicKey, publicKeyHash } = await keyOf(2);
    const storage = gateClient(url);
    const key = { patient: ACTORS.outsider.address, keyBlock: publicKey };
    expect(await publishPatientKey(storage, key)).toMatchObject({ stored: false });
    await expect(readBlock(storage, rawCid(publicKeyHash))).rejects.toMatchObject({
      code: 'STORAGE_NOT_FOUND',
    });
  });

  test('error: too long, empty, for no address, too many', async () => {
    const { url } = await startTestGate(world, { maxWaitingKeys: 1 });
    const put = (patient: string, bytes: number) =>
      fetch(`${url}/keys/${patient}`, { method: 'PUT', body: new Uint8Array(bytes).fill(bytes) });
    const { address } = ACTORS.outsider;
    expect((await put(address, 16_385)).status).toBe(413);
    expect((await put(address, 0)).status).toBe(400);
    expect((await put('nobody', 10)).status).toBe(400);
    expect((await put(address, 10)).status).toBe(202);
    expect((await put(address, 11)).status).toBe(429);
  });
});

describe('sign-in by the key that the chain names', () => {
  const patient = ACTORS.secondPatient.address;

  async function startWithKey() {
    const { url } = await startTestGate(world);
    const keyPair = await keyOf(2);
    const storage = gateClient(url);
    await publishPatientKey(storage, { patient, keyBlock: keyPair.publicKey });
    return { url, keyPair, storage, place: { patient, chainId: world.chainId, origin: ORIGIN } };
  }

  test('default: no wallet is asked, and uploads go through', async () => {
    const { keyPair, storage, place } = await startWithKey();
    expect(signedInUntil(storage)).toBe(0);
    expect(await signInWithKey(storage, { ...place, keyPair })).toBe(true);
    expect(signedInUntil(storage)).toBeGreaterThan(Date.now());
    await putBlock(storage, new Uint8Array(100));
    await signOut(storage);
    await expect(putBlock(storage, new Uint8Array(101))).rejects.toMatchObject({
      code: 'STORAGE_SIGNED_OUT',
    });
  });

  test('error: another key, another site, another chain', async () => {
    const { keyPair, storage, place } = await startWithKey();
    for (const wrong of [
      { keyPair: await keyOf(1) },
      { keyPair, origin: 'https://evil.example' },
      { keyPair, chainId: 1 },
    ]) {
      await expect(signInWithKey(storage, { ...place, ...wrong })).rejects.toMatchObject({
        code: 'SEAL_BROKEN',
      });
    }
    expect(signedInUntil(storage)).toBe(0);
  });

  test('error: a challenge counts once, and is no nonce; a nonce is no challenge', async () => {
    const { url, keyPair } = await startWithKey();
    const ask = async () => (await post(`${url}/auth/challenge`, { patient })).json();
    const answerTo = async ({ nonce, sealed }: { nonce: string; sealed: string }) => {
      const place = { origin: ORIGIN, chainId: world.chainId, nonce };
      const answer = await answerChallenge(keyPair, Buffer.from(sealed, 'base64url'), place);
      return { nonce, answer: Buffer.from(answer).toString('base64url') };
    };
    const right = await answerTo(await ask());
    expect((await post(`${url}/auth/answer`, right)).status).toBe(200);
    expect((await post(`${url}/auth/answer`, right)).status).toBe(401);

    const wrong = { ...(await answerTo(await ask())), answer: 'a'.repeat(43) };
    expect((await post(`${url}/auth/answer`, wrong)).status).toBe(401);
    const asNonce = await signInBody((await ask()).nonce, ACTORS.secondPatient);
    expect((await post(`${url}/auth/sign-in`, asNonce)).status).toBe(401);
    const { nonce } = await (await post(`${url}/auth/nonce`)).json();
    expect((await post(`${url}/auth/answer`, { nonce, answer: right.answer })).status).toBe(401);
  });

  test('error: nobody, and a patient whose key is not here, are sent to their wallet', async () => {
    const { url } = await startTestGate(world);
    const storage = gateClient(url);
    const keyPair = await keyOf(2);
    const place = { chainId: world.chainId, origin: ORIGIN, keyPair };
    expect(await signInWithKey(storage, { ...place, patient: ACTORS.outsider.address })).toBe(false);
    expect(await signInWithKey(storage, { ...place, patient })).toBe(false);
  });

  test('error: a key that the patient replaced', async () => {
    const { keyPair, storage, place } = await startWithKey();
    const next = await keyOf(9);
    await changePublicKey(world.clientOf(ACTORS.secondPatient), {
      publicKeyHash: bytesToHex(next.publicKeyHash),
    });
    await publishPatientKey(storage, { patient, keyBlock: next.publicKey });
    await expect(signInWithKey(storage, { ...place, keyPair })).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
    });
    expect(await signInWithKey(storage, { ...place, keyPair: next })).toBe(true);
  });
});
