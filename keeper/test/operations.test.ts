import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journalResponseSchema, journalStart, revokeConsent, verifyJournal } from '@chartkey/sdk';
import { sha256, toBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createApp } from '../src/app.ts';
import type { KeeperOptions } from '../src/index.ts';
import { openApi } from '../src/openapi.ts';
import { pseudonyms } from '../src/pseudonym.ts';
import {
  ACTORS,
  ask,
  consentTo,
  get,
  lyingEndpoint,
  open,
  post,
  runKeeper,
  seal,
  sharesBody,
  startWorld,
  type World,
  writeAndOpen,
  writeRecord,
} from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

describe('GET /metrics', () => {
  test('default: releases, refusals by reason, problems, times, and the age of the head', async () => {
    const opened = await writeAndOpen(world);
    const keeper = await runKeeper(world);
    const unknown = await seal(world);
    await ask(keeper, opened, [opened.record, unknown]);
    await post(keeper.url, '/v1/shares', '{');
    const text = await (await get(keeper.url, '/metrics')).text();
    expect(text).toContain('chartkey_keeper_releases_total 1\n');
    expect(text).toContain('chartkey_keeper_refusals_total{reason="not-in-opening"} 1\n');
    expect(text).toContain('chartkey_keeper_problems_total{code="INPUT_INVALID"} 1\n');
    expect(text).toContain('chartkey_keeper_request_seconds_count{route="/v1/shares",status="200"} 1\n');
    expect(text).toMatch(/chartkey_keeper_head_age_seconds -?\d/);
    expect(text).not.toMatch(/0x/);
  });

  test('behavior: endpoints that disagree are counted, and paths of strangers are no labels', async () => {
    let lying = false;
    const liar = await lyingEndpoint(world, ({ method }, result) =>
      lying && method === 'eth_call' ? `${String(result).slice(0, -1)}f` : result,
    );
    const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, liar.url] });
    const opened = await writeAndOpen(world);
    lying = true;
    expect((await post(keeper.url, '/v1/shares', sharesBody(opened, [opened.record]))).status).toBe(503);
    await get(keeper.url, `/${ACTORS.patient.address}`);
    const text = await (await get(keeper.url, '/metrics')).text();
    expect(text).toContain('chartkey_keeper_rpc_troubles_total{code="CHAIN_DISAGREES"} 1\n');
    expect(text).toContain('route="other",status="404"');
    expect(text).not.toMatch(/0x/);
  });
});

describe('GET /openapi.json', () => {
  test('default: the routes of the document are those that are served', async () => {
    const { url } = await runKeeper(world);
    expect(await (await get(url, '/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(openApi())));
    const nothing = {} as Parameters<typeof createApp>[0];
    const config = { origins: [], maxBodyBytes: 1, ratePerAddress: 0, maxConcurrent: 1 };
    const app = createApp({ ...nothing, config: config as unknown as (typeof nothing)['config'] });
    const served = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`);
    const documented = Object.entries(openApi().paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(served.toSorted());
  });
});

describe('limits', () => {
  test('error: more requests a minute than one network address may make', async () => {
    const { url } = await runKeeper(world, { ratePerAddress: 3 });
    for (let i = 0; i < 3; i++) expect((await get(url, '/v1/info')).status).toBe(200);
    const refused = await get(url, '/v1/info');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get(url, '/healthz')).status).toBe(200);
  });

  test('behavior: behind a proxy each of its visitors counts, and what they write themselves does not', async () => {
    const { url } = await runKeeper(world, { ratePerAddress: 1, trustedProxies: 1 });
    const from = async (chain: string) => (await get(url, '/v1/info', { 'x-forwarded-for': chain })).status;
    expect(await from('203.0.113.7')).toBe(200);
    expect(await from('198.51.100.1, 203.0.113.7')).toBe(429);
    expect(await from('203.0.113.8')).toBe(200);
    // One network of version 6, two addresses in it.
    expect(await from('2001:db8:1:2::1')).toBe(200);
    expect(await from('2001:db8:1:2:ffff::2')).toBe(429);
    expect(await from('2001:db8:1:3::1')).toBe(200);
  });

  test('error: more requests a minute than one accessor may make', async () => {
    const opened = await writeAndOpen(world);
    const { url } = await runKeeper(world, { ratePerAccessor: 2 });
    const body = sharesBody(opened, [opened.record]);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await post(url, '/v1/shares', body)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('behavior: openings that somebody makes up for an accessor use up nothing of its', async () => {
    const opened = await writeAndOpen(world);
    const { url } = await runKeeper(world, { ratePerAccessor: 1 });
    const { opening } = opened;
    const madeUp = { opening: { ...opening, openedAt: opening.openedAt + 1 }, keyPair: opened.keyPair };
    for (let i = 0; i < 4; i++) {
      expect((await post(url, '/v1/shares', sharesBody(madeUp, [opened.record]))).status).toBe(200);
    }
    expect(await ask({ url }, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
  });

  test('error: more at once than the keeper takes', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let slow = false;
    const endpoint = await lyingEndpoint(world, async (_request, result) => {
      if (slow) await held;
      return result;
    });
    const opened = await writeAndOpen(world);
    const { url } = await runKeeper(world, { rpcUrls: [endpoint.url], maxConcurrent: 1 });
    slow = true;
    const body = sharesBody(opened, [opened.record]);
    const answers = Array.from({ length: 12 }, () => post(url, '/v1/shares', body));
    const first = await Promise.race(answers);
    expect(first.status).toBe(503);
    expect(await first.json()).toMatchObject({ type: 'urn:chartkey:problem:BUSY' });
    slow = false;
    answer();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(9);
  });

  test('error: headers that never end', { timeout: 30_000 }, async () => {
    const { url } = await runKeeper(world);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 500);
    onTestFinished(() => clearInterval(drip));
    const started = performance.now();
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'close');
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('the journal', () => {
  async function journalFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'chartkey-journal-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return join(folder, 'releases.jsonl');
  }
  const [keeper] = [() => world.keepers[0]];
  const start = () =>
    journalStart({
      chainId: world.deployment.chainId,
      recordIndex: world.deployment.records,
      operator: keeper().id,
    });
  const headOf = async (url: string) =>
    journalResponseSchema.parse(await (await get(url, '/v1/journal')).json());
  const linesOf = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');
  const verify = async (
    path: string,
    published: readonly { sequence: number; head: `0x${string}` }[] = [],
  ) => {
    const lines = await linesOf(path);
    return verifyJournal(
      (async function* () {
        yield* lines;
      })(),
      { start: start(), published },
    );
  };

  test('default: each release is in it before it is answered, no refusal is, and it survives a restart', async () => {
    const path = await journalFile();
    const options: Partial<KeeperOptions> = { journalFile: path };
    const first = await runKeeper(world, options);
    expect(await headOf(first.url)).toMatchObject(start());
    const opened = await writeAndOpen(world);
    await ask(first, opened, [opened.record, await seal(world)]);
    const published = await headOf(first.url);
    expect(published).toMatchObject(await verify(path));
    await first.close();

    const second = await runKeeper(world, options);
    expect(await headOf(second.url)).toEqual(published);
    await Promise.all(Array.from({ length: 20 }, () => ask(second, opened, [opened.record])));
    await revokeConsent(world.clientOf(ACTORS.patient), { accessor: ACTORS.clinician.address });
    expect(await ask(second, opened, [opened.record])).toMatchObject([{ status: 'refused' }]);
    await consentTo(world);
    expect(await verify(path, [published])).toMatchObject({ sequence: 21 });
  });

  test('behavior: names the opening and neither records nor persons', async () => {
    const path = await journalFile();
    const server = await runKeeper(world, { journalFile: path });
    const opened = await writeAndOpen(world);
    await ask(server, opened, [opened.record]);
    const text = await readFile(path, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      openingId: opened.openingId,
      records: 1,
      recordsDigest: sha256(toBytes(opened.record.recordId)),
    });
    expect(text).not.toContain(opened.record.recordId.slice(2));
    expect(text.toLowerCase()).not.toContain(ACTORS.clinician.address.slice(2).toLowerCase());
  });

  test('behavior: a line that was cut when the process died is dropped', async () => {
    const path = await journalFile();
    const first = await runKeeper(world, { journalFile: path });
    const opened = await writeAndOpen(world);
    await ask(first, opened, [opened.record]);
    await first.close();
    await appendFile(path, '{"sequence":2,"rel');
    const second = await runKeeper(world, { journalFile: path });
    await ask(second, opened, [opened.record]);
    expect(await verify(path)).toMatchObject({ sequence: 2 });
  });

  test('error: a keeper does not go on with a journal that was changed', async () => {
    const path = await journalFile();
    const first = await runKeeper(world, { journalFile: path });
    const opened = await writeAndOpen(world);
    for (let i = 0; i < 3; i++) await ask(first, opened, [opened.record]);
    await first.close();
    const [one = '', , three = ''] = await linesOf(path);
    await writeFile(path, `${one}\n${three}\n`);
    await expect(runKeeper(world, { journalFile: path })).rejects.toThrow(
      'journalFile: The journal is broken: entry 2 is missing.',
    );
  });

  test('error: what can’t be written down is not released', async () => {
    const path = await journalFile();
    const server = await runKeeper(world, { journalFile: path });
    const opened = await writeAndOpen(world);
    await appendFile(path, 'somebody else\n');
    const response = await post(server.url, '/v1/shares', sharesBody(opened, [opened.record]));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('sealed');
  });

  test('error: none is kept', async () => {
    expect((await get((await runKeeper(world)).url, '/v1/journal')).status).toBe(404);
  });
});

describe('stopping', () => {
  test('default: what is under way is answered, and nothing more is taken', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let slow = false;
    const endpoint = await lyingEndpoint(world, async (_request, result) => {
      if (slow) await held;
      return result;
    });
    const record = await writeRecord(world);
    const opened = await open(world, [record.recordId]);
    const server = await runKeeper(world, { rpcUrls: [endpoint.url], graceMs: 5_000 });
    slow = true;
    const under = ask(server, opened, [record]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    answer();
    expect(await under).toMatchObject([{ status: 'released' }]);
    await closed;
  });
});

describe('pseudonyms', () => {
  test('default: the same name all day, another one tomorrow and in another process', () => {
    let now = 0;
    const nameOf = pseudonyms(() => now);
    const first = nameOf(ACTORS.clinician.address);
    expect(nameOf(ACTORS.clinician.address.toLowerCase())).toBe(first);
    expect(nameOf(ACTORS.patient.address)).not.toBe(first);
    now = 86_400_000;
    expect(nameOf(ACTORS.clinician.address)).not.toBe(first);
    expect(pseudonyms(() => 0)(ACTORS.clinician.address)).not.toBe(first);
  });
});
