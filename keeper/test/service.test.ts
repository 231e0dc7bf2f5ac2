import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  attestResponseSchema,
  infoResponseSchema,
  keeperSetDigest,
  problemSchema,
  toBase64Url,
} from '@chartkey/sdk';
import { sha256 } from 'viem';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { seedsFromText } from '../src/index.ts';
import {
  ACTORS,
  flipped,
  get,
  lyingEndpoint,
  openWith,
  post,
  runKeeper,
  seal,
  sharesBody,
  startWorld,
  type World,
  writeAndOpen,
} from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return {
    status: problem.status,
    code: problem.type.replace('urn:chartkey:problem:', ''),
    detail: problem.detail,
  };
}

describe('POST /v1/attest', () => {
  test('default: each keeper of the epoch can open its block', async () => {
    const { bytes, recordId } = await seal(world);
    for (const [index, keeper] of world.keepers.entries()) {
      const { url } = await runKeeper(world, {}, keeper);
      const response = await post(url, '/v1/attest', { envelope: toBase64Url(bytes) });
      expect(attestResponseSchema.parse(await response.json())).toEqual({
        keeper: keeper.id,
        recordId,
        index,
      });
    }
  });

  test('error: envelopes that no author should count on', async () => {
    const { url } = await runKeeper(world);
    const [first, second, third] = world.keepers;
    const good = await seal(world);
    const cases = [
      ['ENVELOPE_MALFORMED', 422, flipped(good.bytes, 0)],
      ['WRONG_CHAIN', 409, (await seal(world, { chainId: 1n })).bytes],
      ['WRONG_CONTRACT', 409, (await seal(world, { recordIndex: ACTORS.outsider.address })).bytes],
      ['KEEPER_SET_WRONG', 409, (await seal(world, { epoch: 0 })).bytes],
      ['KEEPER_SET_WRONG', 409, (await seal(world, { epoch: 2 })).bytes],
      ['KEEPER_SET_WRONG', 409, (await seal(world, { threshold: 3 })).bytes],
      [
        'KEEPER_SET_WRONG',
        409,
        (await seal(world, { keeperSetDigest: keeperSetDigest([first, second]) })).bytes,
      ],
      ['KEEPER_SET_WRONG', 409, (await seal(world, { keepers: [second, first, third] })).bytes],
      // In the salt, which every seal is bound to.
      ['SHARE_BROKEN', 422, flipped(good.bytes, 100)],
    ] as const;
    for (const [code, status, bytes] of cases) {
      const response = await post(url, '/v1/attest', { envelope: toBase64Url(bytes) });
      expect(await problemOf(response)).toMatchObject({ code, status });
    }
    const stranger = await runKeeper(world, { keys: seedsFromText(`0x${'ab'.repeat(32)}`) });
    const response = await post(stranger.url, '/v1/attest', { envelope: toBase64Url(good.bytes) });
    expect(await problemOf(response)).toMatchObject({ code: 'NOT_MY_ENVELOPE', status: 422 });
  });
});

describe('GET /v1/info', () => {
  test('default', async () => {
    const { url } = await runKeeper(world, { confirmations: 2, releaseWindow: 60 });
    const info = infoResponseSchema.parse(await (await get(url, '/v1/info')).json());
    expect(info).toEqual({
      keeper: world.keepers[0].id,
      publicKey: world.keepers[0].publicKey,
      chainId: 31337,
      recordIndex: world.deployment.records,
      confirmations: 2,
      releaseWindow: 60,
      version: '0.1.0',
    });
  });
});

describe('GET /healthz', () => {
  test('default: the process is up, whatever the chain does', async () => {
    const endpoint = await lyingEndpoint(world, (_request, result) => result);
    const { url } = await runKeeper(world, { rpcUrls: [endpoint.url] });
    endpoint.close();
    expect(await (await get(url, '/healthz')).json()).toEqual({ status: 'ok', version: '0.1.0' });
  });
});

describe('GET /readyz', () => {
  test('default', async () => {
    const { url } = await runKeeper(world);
    expect(await (await get(url, '/readyz')).json()).toEqual({ status: 'ok', version: '0.1.0' });
  });

  test('error: the chain is gone', async () => {
    const endpoint = await lyingEndpoint(world, (_request, result) => result);
    const { url } = await runKeeper(world, { rpcUrls: [endpoint.url] });
    endpoint.close();
    expect(await problemOf(await get(url, '/readyz'))).toMatchObject({
      status: 503,
      code: 'CHAIN_UNREACHABLE',
    });
  });
});

describe('requests', () => {
  test('error: bodies that are no request name the field and repeat nothing', async () => {
    const { url } = await runKeeper(world);
    const opened = await writeAndOpen(world);
    const good = sharesBody(opened, [opened.record]);
    const [record] = good.records;
    const cases = [
      ['{', 'body: is not JSON'],
      ['', 'body: is not JSON'],
      [[], 'body: is not valid'],
      [{ ...good, secret: 'x' }, 'body: has a field that is not known here'],
      [
        { ...good, opening: { ...good.opening, keyHash: '0x' } },
        'opening: has a field that is not known here',
      ],
      [{ ...good, opening: { ...good.opening, purpose: 'FUN' } }, 'opening.purpose: is not valid'],
      [{ ...good, opening: { ...good.opening, accessor: 'me' } }, 'opening.accessor: must be an address'],
      [{ ...good, publicKey: 'AAAA' }, 'publicKey: must be 1216 bytes'],
      [{ ...good, publicKey: `${good.publicKey}=` }, expect.stringMatching(/^publicKey: /)],
      [{ ...good, records: [] }, 'records: is not valid'],
      [{ ...good, records: Array.from({ length: 65 }, () => record) }, 'records: is not valid'],
      [
        { ...good, records: [{ ...record, envelope: 'not base64url!' }] },
        'records.0.envelope: must be base64url without padding',
      ],
    ] as const;
    for (const [body, detail] of cases) {
      const problem = await problemOf(await post(url, '/v1/shares', body));
      expect(problem).toEqual({ status: 400, code: 'INPUT_INVALID', detail });
    }
  });

  test('error: a public key that is none, though its hash stands in the log', async () => {
    const { url } = await runKeeper(world);
    const { keyPair, record } = await writeAndOpen(world);
    // 0xfff is no coefficient of ML-KEM (FIPS 203, section 7.2).
    const publicKey = new Uint8Array(1_216).fill(0xff);
    const { opening } = await openWith(world, [record.recordId], sha256(publicKey));
    const asked = { opening, keyPair: { ...keyPair, publicKey } };
    const response = await post(url, '/v1/shares', sharesBody(asked, [record]));
    expect(await problemOf(response)).toEqual({
      status: 400,
      code: 'INPUT_INVALID',
      detail: 'publicKey: is no MLKEM768-X25519 key',
    });
  });

  test.each([
    ['with its length', (text: string) => text],
    ['in pieces', (text: string) => new Blob([text]).stream()],
  ])('error: a body over the limit, sent %s', async (_how, send) => {
    const { url } = await runKeeper(world, { maxBodyBytes: 65_536 });
    const response = await fetch(`${url}/v1/shares`, {
      method: 'POST',
      body: send('x'.repeat(200_000)),
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit);
    expect(await problemOf(response)).toMatchObject({ status: 413, code: 'INPUT_TOO_LARGE' });
  });

  test('error: other paths, methods and media types', async () => {
    const { url } = await runKeeper(world);
    expect(await problemOf(await fetch(`${url}/v1/keys`))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const get = await fetch(`${url}/v1/shares`);
    expect(get.headers.get('allow')).toBe('POST');
    expect(await problemOf(get)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect((await post(url, '/v1/info', {})).status).toBe(405);
    const form = await fetch(`${url}/v1/shares`, { method: 'POST', body: '{}' });
    expect(await problemOf(form)).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNKNOWN' });
  });

  test('behavior: web pages of listed origins may call, others are not let read', async () => {
    const { url } = await runKeeper(world, { origins: ['https://chartkey.example'] });
    const allowed = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const response = await fetch(`${url}/v1/shares`, { method: 'OPTIONS', headers });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://chartkey.example')).toBe('https://chartkey.example');
    expect(await allowed('https://other.example')).toBeNull();
    const problem = await fetch(`${url}/nowhere`, { headers: { origin: 'https://chartkey.example' } });
    expect(problem.headers.get('access-control-allow-origin')).toBe('https://chartkey.example');
  });

  test('behavior: a connection that is cut in the middle harms nobody', async () => {
    const { url } = await runKeeper(world);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      'POST /v1/shares HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('startKeeper', () => {
  test('error: an endpoint of another chain', async () => {
    const deployment = { ...world.deployment, chainId: 1 };
    await expect(runKeeper(world, { deployment })).rejects.toThrow(
      'an RPC endpoint is on chain 31337, the contracts on 1',
    );
  });

  test.each([
    ['view', 'outsider'],
    ['view', 'log'],
    ['log', 'records'],
    ['keepers', 'outsider'],
  ] as const)('error: %s that stands elsewhere', async (field, other) => {
    const address = other === 'outsider' ? ACTORS.outsider.address : world.deployment[other];
    const deployment = { ...world.deployment, [field]: address };
    await expect(runKeeper(world, { deployment })).rejects.toThrow();
  });
});

describe('main', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'default: says when it is ready, and leaves on %s',
    async (signal) => {
      const { child, line } = await spawnKeeper();
      expect(line).toMatch(/^keeper 0x[0-9a-fA-F]{40} listening on http:\/\/127\.0\.0\.1:\d+$/);
      const url = line.replace(/^.* /, '');
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      child.kill(signal);
      expect((await once(child, 'exit'))[0]).toBe(0);
    },
  );

  test('behavior: the seed comes from a file that nobody else may read', async () => {
    const file = await seedFile(world.keepers[1].seed);
    const { line } = await spawnKeeper({
      CHARTKEY_KEEPER_OPERATOR: world.keepers[1].id,
      CHARTKEY_KEEPER_SEED: '',
      CHARTKEY_KEEPER_SEED_FILE: file,
    });
    const info = infoResponseSchema.parse(await (await fetch(`${line.replace(/^.* /, '')}/v1/info`)).json());
    expect(info.publicKey).toEqual(world.keepers[1].publicKey);
  });

  test('error: another keeper’s key is told in one line, without the key', async () => {
    const { seed } = world.keepers[1];
    expect(await runToEnd({ CHARTKEY_KEEPER_SEED: seed })).toEqual({
      code: 1,
      stderr: 'keeper: keys: one of them belongs to another keeper of the current epoch\n',
    });
  });

  test('error: a port that is taken is named in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    expect(await runToEnd({ CHARTKEY_KEEPER_PORT: port })).toEqual({
      code: 1,
      stderr: `keeper: port ${port} on 127.0.0.1 is already in use\n`,
    });
  });

  test('error: a chain that does not answer is told in one line, without its URL', async () => {
    const rpcUrl = 'http://127.0.0.1:1/secret-key';
    const { code, stderr } = await runToEnd({ CHARTKEY_KEEPER_RPC_URLS: rpcUrl });
    expect([code, stderr]).toEqual([1, 'keeper: An RPC endpoint of the keeper does not answer.\n']);
  });
});

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function seedFile(text: string, mode = 0o600): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-seed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'seed');
  await writeFile(file, `${text}\n`);
  await chmod(file, mode);
  return file;
}

function start(env: Record<string, string>) {
  const [keeper] = world.keepers;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      CHARTKEY_KEEPER_PORT: '0',
      CHARTKEY_KEEPER_SEED: keeper.seed,
      CHARTKEY_KEEPER_OPERATOR: keeper.id,
      CHARTKEY_KEEPER_RPC_URLS: world.rpcUrl,
      CHARTKEY_KEEPER_ADDRESSES_FILE: world.addressesFile,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function spawnKeeper(env: Record<string, string> = {}) {
  const child = start(env);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, line: String(line) };
}

async function runToEnd(env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = start(env);
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += String(piece);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), stderr };
}
