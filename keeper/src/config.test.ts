import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom, configFromEnvironment } from './config.ts';

const SEED = `0x${'5eed'.repeat(16)}`;
const OPERATOR = `0x${'ab'.repeat(20)}`;
const FIELDS = ['authority', 'forwarder', 'participants', 'consents', 'records', 'log', 'keepers', 'view'];

let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartkey-config-'));
  environment = {
    CHARTKEY_KEEPER_SEED: SEED,
    CHARTKEY_KEEPER_OPERATOR: OPERATOR,
    CHARTKEY_KEEPER_RPC_URLS: 'http://127.0.0.1:8545',
    CHARTKEY_KEEPER_ADDRESSES_FILE: await file('31337.json', JSON.stringify(deployment(31_337))),
  };
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

function deployment(chainId: number) {
  return { chainId, startBlock: 1, ...Object.fromEntries(FIELDS.map((field) => [field, OPERATOR])) };
}

describe('configFromEnvironment', () => {
  test('default', async () => {
    expect(await configFromEnvironment(environment)).toMatchObject({
      operator: getAddress(OPERATOR),
      host: '127.0.0.1',
      port: 5201,
      rpcUrls: ['http://127.0.0.1:8545'],
      confirmations: 0,
      releaseWindow: 3_600,
      maxHeadAge: 0,
      maxBodyBytes: 2_097_152,
      origins: [],
    });
  });

  test('behavior: on any other chain openings are confirmed and the head has an age', async () => {
    const addresses = await file('1.json', JSON.stringify(deployment(1)));
    const config = await configFromEnvironment({
      ...environment,
      CHARTKEY_KEEPER_ADDRESSES_FILE: addresses,
      CHARTKEY_KEEPER_RPC_URLS: 'https://one.example/key, https://two.example',
    });
    expect(config).toMatchObject({
      confirmations: 3,
      maxHeadAge: 120,
      rpcUrls: ['https://one.example/key', 'https://two.example'],
    });
  });

  test('behavior: the seed from a file', async () => {
    const path = await file('seed', `${SEED}\n`);
    const { CHARTKEY_KEEPER_SEED: _seed, ...rest } = environment;
    expect(await configFromEnvironment({ ...rest, CHARTKEY_KEEPER_SEED_FILE: path })).toMatchObject({
      seed: SEED,
    });
  });

  test.each([0o640, 0o604, 0o666])('error: a seed file of mode %o', async (mode) => {
    const path = await file('open-seed', SEED, mode);
    await expect(
      configFromEnvironment({
        ...environment,
        CHARTKEY_KEEPER_SEED: '',
        CHARTKEY_KEEPER_SEED_FILE: path,
      }),
    ).rejects.toThrow('CHARTKEY_KEEPER_SEED_FILE: others may read it; its mode must be 0600 or less');
  });

  test.each([
    ['CHARTKEY_KEEPER_PORT', '70000'],
    ['CHARTKEY_KEEPER_PORT', 'http'],
    ['CHARTKEY_KEEPER_SEED', `${SEED}00`],
    ['CHARTKEY_KEEPER_SEED', '5eed'],
    ['CHARTKEY_KEEPER_SEED', ''],
    ['CHARTKEY_KEEPER_OPERATOR', '0x12'],
    ['CHARTKEY_KEEPER_OPERATOR', ''],
    ['CHARTKEY_KEEPER_RPC_URLS', 'localhost'],
    ['CHARTKEY_KEEPER_RPC_URLS', 'http://127.0.0.1:8545,'],
    ['CHARTKEY_KEEPER_RPC_URLS', ''],
    ['CHARTKEY_KEEPER_ADDRESSES_FILE', '/nowhere'],
    ['CHARTKEY_KEEPER_ADDRESSES_FILE', ''],
    ['CHARTKEY_KEEPER_CONFIRMATIONS', '-1'],
    ['CHARTKEY_KEEPER_RELEASE_WINDOW', '0'],
    ['CHARTKEY_KEEPER_MAX_HEAD_AGE', 'no'],
    ['CHARTKEY_KEEPER_MAX_BODY_BYTES', '1'],
    ['CHARTKEY_KEEPER_ORIGINS', 'chartkey.example'],
  ])('error: %s=%s is refused by name, and a seed is not repeated', async (name, value) => {
    const error = await configFromEnvironment({ ...environment, [name]: value }).catch((cause) => cause);
    expect(error.message).toMatch(new RegExp(`^${name}: .+$`));
    expect(error.message).not.toMatch(/5eed/);
  });

  test.each([
    ['what is not JSON', 'no'],
    ['a list without a contract', '{"chainId": 1}'],
  ])('error: an addresses file with %s', async (_what, text) => {
    const path = await file('bad.json', text);
    await expect(
      configFromEnvironment({ ...environment, CHARTKEY_KEEPER_ADDRESSES_FILE: path }),
    ).rejects.toThrow(/^CHARTKEY_KEEPER_ADDRESSES_FILE: .+$/);
  });

  test('error: two seeds', async () => {
    await expect(
      configFromEnvironment({ ...environment, CHARTKEY_KEEPER_SEED_FILE: '/nowhere' }),
    ).rejects.toThrow('CHARTKEY_KEEPER_SEED: must not be set beside CHARTKEY_KEEPER_SEED_FILE');
  });
});

describe('configFrom', () => {
  test('error: an option out of range is named in one line', async () => {
    const good = await configFromEnvironment(environment);
    expect(() => configFrom({ ...good, port: 70_000 })).toThrow(/^port: .+$/);
    expect(() => configFrom({ ...good, rpcUrls: [] })).toThrow(/^rpcUrls: .+$/);
  });
});
