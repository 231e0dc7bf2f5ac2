import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  registerPatient,
  registerProvider,
  reinstateProvider,
  suspendProvider,
  verifyProvider,
} from '@chartkey/sdk';
import {
  createStorageClient,
  putBlock,
  readBlock,
  readBody,
  signInWithWallet,
  uploadBody,
} from '@chartkey/sdk/storage';
import { type GateOptions, type GateServer, startGate } from '@chartkey/storage';
import { type HDAccount, keccak256, toHex, zeroAddress, zeroHash } from 'viem';
import { createSiweMessage } from 'viem/siwe';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from '../../scripts/lib/chain.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { KINDS, startNodeOf } from '../../storage/test/kinds.ts';
import { content, gather, MIB, pieces, temporaryFolder } from '../../storage/test/support.ts';
import { carWith, fileNode, rawBlock } from '../../storage/test/trees.ts';

const ORIGIN = 'https://chartkey.example';
const YEAR = 365 * 86_400;

let chain: Awaited<ReturnType<typeof startChain>>;
let folder: string;
let clientOf: (account: HDAccount) => ReturnType<typeof clientFor>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartkey-gate-'));
  chain = await startChain(await freePort());
  const deployment = await deployContracts(chain.rpcUrl, join(folder, 'addresses.json'));
  clientOf = (account) => clientFor(chain.rpcUrl, deployment, account);
  const managers = [{ area: LOCAL_AREA, account: ACTORS.manager.address }];
  await appoint(clientOf(ACTORS.governor), { managers, auditors: [] });
  const pid = keccak256(toHex('made up'));
  await registerPatient(clientOf(ACTORS.patient), { area: LOCAL_AREA, pid, publicKeyHash: zeroHash });
  const about = { area: LOCAL_AREA, organisation: zeroAddress, credentialHash: zeroHash };
  const application = { role: 'Clinician' as const, ...about };
  await registerProvider(clientOf(ACTORS.clinician), application);
  await registerProvider(clientOf(ACTORS.lab), { role: 'Lab', ...about });
  const expiresAt = Math.floor(Date.now() / 1_000) + YEAR;
  const provider = ACTORS.clinician.address;
  await verifyProvider(clientOf(ACTORS.manager), { provider, application, expiresAt });
});

afterAll(async () => {
  await chain?.close();
  await rm(folder, { recursive: true, force: true });
});

async function startTestGate(options: Partial<GateOptions> = {}): Promise<GateServer & { dir: string }> {
  const dir = options.dir ?? (await temporaryFolder());
  const gate = await startGate({
    dir,
    port: 0,
    graceMs: 500,
    minFreeBytes: 0,
    origin: ORIGIN,
    rpcUrl: chain.rpcUrl,
    addressesFile: join(folder, 'addresses.json'),
    ...options,
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= gate.close();
    return closed;
  };
  onTestFinished(close);
  return { url: gate.url, dir, close };
}

function post(url: string, json?: unknown, token?: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(json ?? {}) });
}

type Message = Parameters<typeof createSiweMessage>[0];

/** Signs in with a message that may be spoilt. */
async function signIn(url: string, account: HDAccount, spoil: Partial<Message> = {}): Promise<Response> {
  const { nonce } = await (await post(`${url}/auth/nonce`)).json();
  const about = { domain: 'chartkey.example', uri: ORIGIN, chainId: 31337, version: '1' as const };
  const message = createSiweMessage({ address: account.address, nonce, ...about, ...spoil });
  return post(`${url}/auth/sign-in`, { message, signature: await account.signMessage({ message }) });
}

async function tokenOf(url: string, account: HDAccount): Promise<string> {
  return String((await (await signIn(url, account)).json()).token);
}

describe('sign-in', () => {
  test.each<[string, Partial<Message>]>([
    ['of another site', { domain: 'evil.example' }],
    ['with the address of another site', { uri: 'https://evil.example' }],
    ['for another chain', { chainId: 1 }],
    ['with a nonce of its own', { nonce: 'aaaaaaaaaaaaaaaaa' }],
    ['that has expired', { expirationTime: new Date(Date.now() - 1_000) }],
    ['that counts only later', { notBefore: new Date(Date.now() + 60_000) }],
    ['in the name of somebody else', { address: ACTORS.clinician.address }],
  ])('error: a message %s', async (_name, spoil) => {
    const { url } = await startTestGate();
    const answer = await signIn(url, ACTORS.patient, spoil);
    expect([answer.status, (await answer.json()).type]).toEqual([
      401,
      'urn:chartkey:storage:unauthenticated',
    ]);
  });

  test('error: a nonce counts once, and not after its time', async () => {
    const { url } = await startTestGate({ nonceMs: 1_000 });
    const { nonce } = await (await post(`${url}/auth/nonce`)).json();
    const about = { domain: 'chartkey.example', uri: ORIGIN, chainId: 31337, version: '1' as const };
    const message = createSiweMessage({ address: ACTORS.patient.address, nonce, ...about });
    const body = { message, signature: await ACTORS.patient.signMessage({ message }) };
    expect((await post(`${url}/auth/sign-in`, body)).status).toBe(200);
    expect((await post(`${url}/auth/sign-in`, body)).status).toBe(401);
    const late = await (await post(`${url}/auth/nonce`)).json();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await signIn(url, ACTORS.patient, { nonce: late.nonce })).status).toBe(401);
  });

  test.each([
    ['nobody', ACTORS.outsider],
    ['a provider that is not verified', ACTORS.lab],
  ])('error: %s is not admitted', async (_name, account) => {
    const { url } = await startTestGate();
    expect((await signIn(url, account)).status).toBe(403);
  });

  test('error: a registry that does not answer lets nobody in', async () => {
    const { url } = await startTestGate({ rpcUrl: 'http://127.0.0.1:9' });
    expect((await signIn(url, ACTORS.patient)).status).toBe(502);
  });

  test('error: too many tries', async () => {
    const { url } = await startTestGate({ signInsPerMinute: 4 });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await post(`${url}/auth/nonce`)).status);
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });
});

describe('uploads', () => {
  const root = fileNode([rawBlock(content(1_000)), rawBlock(content(2_000))]);

  test.each([
    ['no token', undefined],
    ['a token of nobody', 'a'.repeat(43)],
    ['no token at all', 'x'],
  ])('error: %s', async (_name, token) => {
    const { url } = await startTestGate();
    for (const path of ['', '/1/missing', '/1/car', '/1/commit']) {
      expect((await post(`${url}/uploads${path}`, {}, token)).status).toBe(401);
    }
  });

  test('error: a provider that is suspended after its sign-in opens no upload', async () => {
    const { url } = await startTestGate();
    const token = await tokenOf(url, ACTORS.clinician);
    expect((await post(`${url}/uploads`, {}, token)).status).toBe(201);
    const provider = { provider: ACTORS.clinician.address };
    await suspendProvider(clientOf(ACTORS.manager), provider);
    onTestFinished(async () => void (await reinstateProvider(clientOf(ACTORS.manager), provider)));
    expect((await post(`${url}/uploads`, {}, token)).status).toBe(403);
  });

  test('error: a session that is over, and one that was ended', async () => {
    const { url } = await startTestGate({ sessionMs: 1_500 });
    const token = await tokenOf(url, ACTORS.patient);
    expect((await post(`${url}/auth/sign-out`, {}, token)).status).toBe(204);
    expect((await post(`${url}/uploads`, {}, token)).status).toBe(401);
    const late = await tokenOf(url, ACTORS.patient);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect((await post(`${url}/uploads`, {}, late)).status).toBe(401);
  });

  test("error: somebody else's upload looks like none", async () => {
    const { url } = await startTestGate();
    const { id } = await (await post(`${url}/uploads`, {}, await tokenOf(url, ACTORS.patient))).json();
    const other = await tokenOf(url, ACTORS.clinician);
    const answer = await post(`${url}/uploads/${id}/commit`, { roots: [root.cid.toString()] }, other);
    expect([answer.status, (await answer.json()).title]).toEqual([404, 'there is no such upload']);
  });

  test('error: over the quota, over the open uploads, over the size of a part', async () => {
    const { url, dir } = await startTestGate({
      maxParticipantBytes: 100_000,
      maxOpenUploads: 2,
      maxPartBytes: 200_000,
    });
    const token = await tokenOf(url, ACTORS.patient);
    const { id } = await (await post(`${url}/uploads`, {}, token)).json();
    const put = async (bytes: number) => {
      const block = rawBlock(content(bytes));
      return sendCar(`${url}/uploads/${id}/car`, await carWith([block.cid], [block]), token);
    };
    expect((await put(60_000)).status).toBe(200);
    expect((await put(60_000)).status).toBe(413);
    expect((await put(250_000)).status).toBe(413);
    // What was refused takes no place.
    expect(await readdir(join(dir, 'uploads', id))).toHaveLength(1);
    expect((await put(30_000)).status).toBe(200);
    expect((await post(`${url}/uploads`, {}, token)).status).toBe(201);
    expect((await post(`${url}/uploads`, {}, token)).status).toBe(429);
  });

  test.each([
    [
      'bytes that are not those of their CID',
      async () => {
        const [one, two] = [rawBlock(content(10)), rawBlock(content(10))];
        return carWith([one.cid], [{ cid: one.cid, bytes: two.bytes }]);
      },
    ],
    ['no CAR', async () => content(1_000).fill(0xff)],
    ['nothing', async () => new Uint8Array(0)],
  ])('error: %s', async (_name, make) => {
    const { url } = await startTestGate();
    const token = await tokenOf(url, ACTORS.patient);
    const { id } = await (await post(`${url}/uploads`, {}, token)).json();
    const answer = await sendCar(`${url}/uploads/${id}/car`, await make(), token);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('behavior: what was staged is not missing, also for another gate on the same folder', async () => {
    const kubo = KINDS.includes('kubo') ? await startNodeOf('kubo') : undefined;
    if (kubo === undefined) return;
    const shared = { nodeRpcUrls: [kubo.rpcUrl], dir: await temporaryFolder() };
    const [one, two] = [await startTestGate(shared), await startTestGate(shared)];
    const token = await tokenOf(one.url, ACTORS.patient);
    const { id } = await (await post(`${two.url}/uploads`, {}, token)).json();
    const block = rawBlock(content(1_000));
    const cids = [block.cid.toString(), root.cid.toString()];
    await sendCar(`${one.url}/uploads/${id}/car`, await carWith([block.cid], [block]), token);
    const missing = await post(`${two.url}/uploads/${id}/missing`, { cids }, token);
    expect(await missing.json()).toEqual({ missing: [cids[1]] });
    const commit = () => post(`${two.url}/uploads/${id}/commit`, { roots: [cids[0]] }, token);
    expect([(await commit()).status, (await commit()).status]).toEqual([200, 200]);
  });

  test('behavior: parts of an upload whose time is over are swept', async () => {
    const first = await startTestGate({ uploadMs: 1_000 });
    const token = await tokenOf(first.url, ACTORS.patient);
    const { id } = await (await post(`${first.url}/uploads`, {}, token)).json();
    const block = rawBlock(content(1_000));
    await sendCar(`${first.url}/uploads/${id}/car`, await carWith([block.cid], [block]), token);
    await first.close();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const second = await startTestGate({ dir: first.dir });
    expect(await readdir(join(second.dir, 'uploads'))).toEqual([]);
  });
});

describe.each(KINDS)('the client through a gate before a node of kind %s', (kind) => {
  async function startWith(options: Partial<GateOptions> = {}) {
    if (kind === 'embedded') return startTestGate(options);
    const { rpcUrl } = await startNodeOf('kubo');
    return startTestGate({ ...options, nodeRpcUrls: [rpcUrl] });
  }

  const signer = (account: HDAccount) => ({
    address: account.address,
    chainId: 31337,
    origin: ORIGIN,
    signMessage: (message: string) => account.signMessage({ message }),
  });

  test('default: one signature, then uploads and reads; reads may be restricted', async () => {
    const { url } = await startWith({ reads: 'restricted' });
    const client = createStorageClient({ nodes: [{ gateUrl: url }] });
    expect(await signInWithWallet(client, signer(ACTORS.patient))).toBeGreaterThan(Date.now());
    const bytes = content(20 * MIB + 5);
    const stored = await uploadBody(client, { segments: pieces(bytes) });
    expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
    const cid = await putBlock(client, content(8_200));
    expect(await readBlock(client, cid)).toHaveLength(8_200);

    const stranger = createStorageClient({ nodes: [{ gateUrl: url }] });
    await expect(readBlock(stranger, cid)).rejects.toMatchObject({ code: 'STORAGE_SIGNED_OUT' });
  });

  test('behavior: an upload that was cut goes on with what the gate has', async () => {
    const { url } = await startWith();
    const client = createStorageClient({ nodes: [{ gateUrl: url }] });
    await signInWithWallet(client, signer(ACTORS.patient));
    const bytes = content(40 * MIB);
    const stop = new AbortController();
    const leaves: Uint8Array<ArrayBuffer>[] = [];
    const first = uploadBody(client, {
      segments: pieces(bytes),
      signal: stop.signal,
      onAcknowledged: (more) => {
        leaves.push(...more.leaves);
        stop.abort();
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    const rest = bytes.subarray(leaves.length * 262_144);
    const stored = await uploadBody(client, {
      segments: pieces(rest),
      resumeFrom: { leaves, nodes: [url] },
    });
    expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
  });

  test('error: who has not signed in stores nothing; nothing of the RPC is there', async () => {
    const { url } = await startWith();
    const client = createStorageClient({ nodes: [{ gateUrl: url }] });
    await expect(putBlock(client, content(10))).rejects.toMatchObject({ code: 'STORAGE_SIGNED_OUT' });
    for (const command of ['add', 'pin/ls', 'config/show', 'repo/gc']) {
      expect((await post(`${url}/api/v0/${command}`)).status).toBe(404);
    }
  });
});

function sendCar(url: string, car: Uint8Array, token: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/vnd.ipld.car', Authorization: `Bearer ${token}` };
  return fetch(url, { method: 'POST', headers, body: new Uint8Array(car) });
}
