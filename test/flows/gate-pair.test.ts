import { createStorageClient, readBody, signInWithWallet, uploadBody } from '@chartkey/sdk/storage';
import { bytesToHex, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { type RunningGate, startGateNode } from '../../scripts/lib/gate.ts';
import { findPostgres, type RunningPostgres, startPostgres } from '../../scripts/lib/postgres.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { content, gather, MIB, pieces, startNode, temporaryFolder } from '../../storage/test/support.ts';
import { carWith, rawBlock } from '../../storage/test/trees.ts';
import {
  enrolWith,
  type GateWorld,
  keyOf,
  ORIGIN,
  post,
  signer,
  signInBody,
  startGateWorld,
  tokenOf,
} from './support/gate-world.ts';

const bin = await findPostgres();
/** `.ci/run` allows no skip, unless it could not install a server and said so. */
const mayNotSkip =
  process.env['CHARTKEY_NO_SKIPS'] === '1' && process.env['CHARTKEY_WITHOUT_POSTGRES'] !== '1';
if (bin === undefined && !mayNotSkip) {
  console.warn('LEFT OUT: gates that share a PostgreSQL (there is none: apt-get install postgresql)');
}

let world: GateWorld;
let postgres: RunningPostgres | undefined;

beforeAll(async () => {
  world = await startGateWorld();
  if (bin !== undefined) postgres = await startPostgres(bin);
  await enrolWith(world, ACTORS.patient, bytesToHex((await keyOf(1)).publicKeyHash));
  await enrolWith(world, ACTORS.secondPatient, zeroHash);
});
afterAll(async () => {
  await postgres?.close();
  await world?.close();
});

/** Two gates as on two machines: a process and a disk each, one ledger, one node. */
async function startPair(
  env: Readonly<Record<string, string>> = {},
): Promise<readonly [RunningGate, RunningGate]> {
  if (postgres === undefined) throw new Error('There is no PostgreSQL here.');
  const databaseUrl = await postgres.createDatabase();
  const { url } = await startNode();
  const start = async () => {
    const port = await freePort();
    const gate = await startGateNode({
      ...{ port, origin: ORIGIN, rpcUrl: world.rpcUrl, addressesFile: world.addressesFile },
      ...{ folder: await temporaryFolder(), nodeRpcUrls: [url] },
      env: {
        CHARTKEY_GATE_DATABASE_URL: databaseUrl,
        CHARTKEY_GATE_PEER_URL: `http://127.0.0.1:${port}`,
        CHARTKEY_GATE_MIN_FREE_BYTES: '0',
        ...env,
      },
    });
    onTestFinished(() => gate.service.close());
    return gate;
  };
  return Promise.all([start(), start()]);
}

function sendCar(url: string, car: Uint8Array, token: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/vnd.ipld.car', Authorization: `Bearer ${token}` };
  return fetch(url, { method: 'POST', headers, body: new Uint8Array(car) });
}

describe.skipIf(bin === undefined && !mayNotSkip)('two gates on one ledger', () => {
  test('default: what one began, the other goes on with', async () => {
    const [one, two] = await startPair();
    const { nonce } = await (await post(`${one.url}/auth/nonce`)).json();
    const body = await signInBody(nonce, ACTORS.patient);
    const signedIn = await post(`${two.url}/auth/sign-in`, body);
    expect(signedIn.status).toBe(200);
    expect((await post(`${one.url}/auth/sign-in`, body)).status).toBe(401);
    const token = String((await signedIn.json()).token);

    const { id } = await (await post(`${one.url}/uploads`, {}, token)).json();
    const [first, second] = [rawBlock(content(1_000)), rawBlock(content(2_000))];
    const cids = [first, second].map(({ cid }) => cid.toString());
    const parts = [
      await sendCar(`${two.url}/uploads/${id}/car`, await carWith([first.cid], [first]), token),
      await sendCar(`${one.url}/uploads/${id}/car`, await carWith([second.cid], [second]), token),
    ];
    expect(parts.map(({ status }) => status)).toEqual([200, 200]);
    expect(await (await post(`${two.url}/uploads/${id}/missing`, { cids }, token)).json()).toEqual({
      missing: [],
    });
    const commit = (url: string) => post(`${url}/uploads/${id}/commit`, { roots: cids }, token);
    expect([(await commit(two.url)).status, (await commit(one.url)).status]).toEqual([200, 200]);
    for (const { url } of [one, two]) {
      expect((await fetch(`${url}/ipfs/${cids[0]}?format=raw`)).status).toBe(200);
    }
    expect((await post(`${one.url}/auth/sign-out`, {}, token)).status).toBe(204);
    expect((await post(`${two.url}/uploads`, {}, token)).status).toBe(401);
  });

  test('behavior: a client whose requests fall on both at random stores and reads', async () => {
    const pair = await startPair();
    let turn = 0;
    const either: typeof fetch = (input, init) => {
      const { url } = pair[turn++ % 2] as RunningGate;
      return fetch(String(input).replace(pair[0].url, url), init);
    };
    const storage = createStorageClient({ nodes: [{ gateUrl: pair[0].url }], fetch: either });
    await signInWithWallet(storage, signer(ACTORS.patient));
    const bytes = content(40 * MIB + 3);
    const stored = await uploadBody(storage, { segments: pieces(bytes) });
    expect((await gather(readBody(storage, stored))).equals(bytes)).toBe(true);
  });

  test('error: quota and rates count over both', async () => {
    const [one, two] = await startPair({
      CHARTKEY_GATE_MAX_PARTICIPANT_BYTES: '100000',
      CHARTKEY_GATE_MAX_OPEN_UPLOADS: '2',
      CHARTKEY_GATE_REQUESTS_PER_MINUTE: '9',
    });
    const token = await tokenOf(one.url, ACTORS.patient);
    const open = (gate: RunningGate) => post(`${gate.url}/uploads`, {}, token);
    const ids = await Promise.all(
      [open(one), open(two)].map(async (answer) => (await (await answer).json()).id),
    );
    expect((await open(two)).status).toBe(429);
    const send = async (gate: RunningGate, id: string) => {
      const block = rawBlock(content(60_000));
      return (await sendCar(`${gate.url}/uploads/${id}/car`, await carWith([block.cid], [block]), token))
        .status;
    };
    // At the same moment, at each its own: one of them is over.
    const statuses = await Promise.all([send(one, ids[0]), send(two, ids[1])]);
    expect(statuses.toSorted()).toEqual([200, 413]);
    const answers: number[] = [];
    for (let i = 0; i < 6; i++)
      answers.push(
        (await post(`${[one, two][i % 2]?.url}/uploads/${ids[0]}/missing`, { cids: [] }, token)).status,
      );
    expect(answers.at(-1)).toBe(429);
  });

  test('error: with one of them gone, its uploads wait, and new ones go through the other', async () => {
    const [one, two] = await startPair();
    const token = await tokenOf(one.url, ACTORS.patient);
    const { id } = await (await post(`${one.url}/uploads`, {}, token)).json();
    const block = rawBlock(content(1_000));
    const send = async (upload: string) =>
      (await sendCar(`${two.url}/uploads/${upload}/car`, await carWith([block.cid], [block]), token)).status;
    expect(await send(id)).toBe(200);
    await one.service.kill();
    expect(await send(id)).toBe(502);
    const other = await (await post(`${two.url}/uploads`, {}, token)).json();
    expect(await send(other.id)).toBe(200);
    await one.restart();
    const roots = [block.cid.toString()];
    expect((await post(`${two.url}/uploads/${id}/commit`, { roots }, token)).status).toBe(200);
    const cancelled = await fetch(`${two.url}/uploads/${other.id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(cancelled.status).toBe(204);
  });
});
