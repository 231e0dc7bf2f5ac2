import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealKeyFile } from '@chartkey/sdk';
import { bytesToHex, getAddress, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom } from './config.ts';
import { nativeArgon2id } from './keys.ts';
import { configFromEnvironment } from './settings.ts';

const SEED = `0x${'5eed'.repeat(16)}`;
const OPERATOR = `0x${'ab'.repeat(20)}`;
const FIELDS = [
  ...['authority', 'forwarder', 'participants', 'consents', 'records', 'log'],
  ...['guardianship', 'emergencies', 'keepers', 'view'],
];

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

  describe('keys', () => {
    const SECOND = `0x${'2b'.repeat(32)}`;
    const PASSPHRASE = 'a long walk in the rain';
    const keyFile = async (name: string, seed: string) =>
      file(
        name,
        await sealKeyFile(hexToBytes(seed as `0x${string}`), {
          passphrase: PASSPHRASE,
          argon2id: nativeArgon2id,
        }),
      );
    const keysOf = async (settings: Record<string, string>) => {
      const { CHARTKEY_KEEPER_SEED: _seed, ...rest } = environment;
      const config = await configFromEnvironment({ ...rest, ...settings });
      return (await config.keys()).map((seed) => bytesToHex(seed));
    };

    test('default: from the environment, the newest first', async () => {
      expect(await keysOf({ CHARTKEY_KEEPER_SEED: SEED })).toEqual([SEED]);
      expect(await keysOf({ CHARTKEY_KEEPER_SEED: `${SECOND},${SEED}` })).toEqual([SECOND, SEED]);
    });

    test('behavior: from a file of mode 0600, one a line', async () => {
      const path = await file('seed', `${SECOND}\n${SEED}\n`);
      expect(await keysOf({ CHARTKEY_KEEPER_SEED_FILE: path })).toEqual([SECOND, SEED]);
    });

    test('behavior: from key files, with the passphrase in the environment or in a file', async () => {
      const paths = [await keyFile('2.key', SECOND), await keyFile('1.key', SEED)].join(',');
      const passphraseFile = await file('passphrase', `${PASSPHRASE}\n`);
      const settings = { CHARTKEY_KEEPER_KEY_FILES: paths };
      expect(await keysOf({ ...settings, CHARTKEY_KEEPER_PASSPHRASE: PASSPHRASE })).toEqual([SECOND, SEED]);
      expect(await keysOf({ ...settings, CHARTKEY_KEEPER_PASSPHRASE_FILE: passphraseFile })).toEqual([
        SECOND,
        SEED,
      ]);
    });

    test('behavior: from a program that prints them, as key management services bring one', async () => {
      const program = await file('kms', `process.stdout.write('${SEED}')`);
      expect(await keysOf({ CHARTKEY_KEEPER_KEY_COMMAND: `${process.execPath} ${program}` })).toEqual([SEED]);
    });

    test.each([0o640, 0o604, 0o666])('error: files of mode %o', async (mode) => {
      const seed = await file('open-seed', SEED, mode);
      await expect(keysOf({ CHARTKEY_KEEPER_SEED_FILE: seed })).rejects.toThrow(
        'CHARTKEY_KEEPER_SEED_FILE: others may read it; its mode must be 0600 or less',
      );
      const key = await keyFile(`open-${mode}.key`, SEED);
      await chmod(key, mode);
      await expect(
        keysOf({ CHARTKEY_KEEPER_KEY_FILES: key, CHARTKEY_KEEPER_PASSPHRASE: PASSPHRASE }),
      ).rejects.toThrow(/^CHARTKEY_KEEPER_KEY_FILES: others may read it/);
    });

    test('error: whatever is wrong with them, no message repeats a secret', async () => {
      const key = await keyFile('good.key', SEED);
      const program = await file('bad-kms', `process.stdout.write('${SEED}'); process.exit(3)`);
      const command = `${process.execPath} ${program} --token=s3cret`;
      const cases: [Record<string, string>, RegExp][] = [
        [
          { CHARTKEY_KEEPER_KEY_FILES: key, CHARTKEY_KEEPER_PASSPHRASE: 's3cret s3cret' },
          /^CHARTKEY_KEEPER_KEY_FILES: The key file does not open/,
        ],
        [{ CHARTKEY_KEEPER_KEY_FILES: key }, /CHARTKEY_KEEPER_PASSPHRASE_FILE must be set too$/],
        [
          { CHARTKEY_KEEPER_KEY_FILES: '/nowhere', CHARTKEY_KEEPER_PASSPHRASE: 's3cret' },
          /can’t be read \(ENOENT\)$/,
        ],
        [{ CHARTKEY_KEEPER_KEY_COMMAND: command }, /^CHARTKEY_KEEPER_KEY_COMMAND: the program failed \(3\)$/],
        [
          { CHARTKEY_KEEPER_SEED: SEED, CHARTKEY_KEEPER_SEED_FILE: '/nowhere' },
          /^CHARTKEY_KEEPER_SEED: must not be set beside CHARTKEY_KEEPER_SEED_FILE$/,
        ],
        [
          { CHARTKEY_KEEPER_SEED: `${SEED} s3cret` },
          /^CHARTKEY_KEEPER_SEED: must hold 0x and 64 hex digits for each key$/,
        ],
        [{}, /^CHARTKEY_KEEPER_KEY_FILES: must be set, or another source of keys$/],
      ];
      for (const [settings, message] of cases) {
        const error = await keysOf(settings).catch((cause: unknown) => cause);
        expect(String((error as Error).message)).toMatch(message);
        expect(String((error as Error).message)).not.toMatch(/5eed|s3cret/);
      }
    });
  });

  describe('the config file', () => {
    const configFile = (settings: object) => file('keeper.json', JSON.stringify(settings));

    test('default: the same settings, and the environment goes before it', async () => {
      const settings = {
        operator: OPERATOR,
        rpcUrls: ['https://one.example', 'https://two.example'],
        addressesFile: environment['CHARTKEY_KEEPER_ADDRESSES_FILE'],
        seedFile: await file('seed', SEED),
        confirmations: 'finalized',
        port: 5301,
      };
      const config = await configFromEnvironment({
        CHARTKEY_KEEPER_CONFIG: await configFile(settings),
        CHARTKEY_KEEPER_PORT: '5401',
      });
      expect(config).toMatchObject({ rpcUrls: settings.rpcUrls, confirmations: 'finalized', port: 5401 });
    });

    test.each([
      [{ prot: 1 }, 'prot in CHARTKEY_KEEPER_CONFIG: is not a setting'],
      [{ seed: SEED }, 'seed in CHARTKEY_KEEPER_CONFIG: must not stand in this file'],
      [{ port: '80' }, /^port in CHARTKEY_KEEPER_CONFIG: .+number/],
      [{ rpcUrls: 'https://one.example' }, /^rpcUrls in CHARTKEY_KEEPER_CONFIG: .+array/],
      [{ operator: 7 }, /^operator in CHARTKEY_KEEPER_CONFIG: .+$/],
      [{ seedFile: 7 }, /^seedFile in CHARTKEY_KEEPER_CONFIG: must be text$/],
      [{ keyFiles: 'x' }, /^keyFiles in CHARTKEY_KEEPER_CONFIG: must be a list of text$/],
      [[], 'CHARTKEY_KEEPER_CONFIG: must be a JSON object'],
    ])('error: %j', async (settings, message) => {
      const {
        CHARTKEY_KEEPER_SEED: _s,
        CHARTKEY_KEEPER_OPERATOR: _o,
        CHARTKEY_KEEPER_RPC_URLS: _r,
        ...rest
      } = environment;
      const needed = { operator: OPERATOR, rpcUrls: ['http://127.0.0.1:8545'] };
      const path = await configFile(Array.isArray(settings) ? settings : { ...needed, ...settings });
      const source = Object.keys(settings).some((name) => /seed|key/.test(name))
        ? {}
        : { CHARTKEY_KEEPER_SEED: SEED };
      const config = configFromEnvironment({ ...rest, ...source, CHARTKEY_KEEPER_CONFIG: path });
      await expect(config).rejects.toThrow(message);
      await expect(config).rejects.not.toThrow(/5eed/);
    });

    test('error: a file that is not there, or no JSON', async () => {
      for (const path of ['/nowhere', await file('bad.json', `{"seed": "${SEED}`)]) {
        const config = configFromEnvironment({ ...environment, CHARTKEY_KEEPER_CONFIG: path });
        await expect(config).rejects.toThrow(
          /^CHARTKEY_KEEPER_CONFIG: (can’t be read \(ENOENT\)|must be JSON)$/,
        );
      }
    });
  });

  test.each([
    ['CHARTKEY_KEEPER_PORT', '70000'],
    ['CHARTKEY_KEEPER_PORT', 'http'],
    ['CHARTKEY_KEEPER_SEED', `${SEED}00`],
    ['CHARTKEY_KEEPER_SEED', '5eed'],
    ['CHARTKEY_KEEPER_OPERATOR', '0x12'],
    ['CHARTKEY_KEEPER_OPERATOR', ''],
    ['CHARTKEY_KEEPER_RPC_URLS', 'localhost'],
    ['CHARTKEY_KEEPER_RPC_URLS', 'http://127.0.0.1:8545,'],
    ['CHARTKEY_KEEPER_RPC_URLS', ''],
    ['CHARTKEY_KEEPER_ADDRESSES_FILE', '/nowhere'],
    ['CHARTKEY_KEEPER_ADDRESSES_FILE', ''],
    ['CHARTKEY_KEEPER_CONFIRMATIONS', '-1'],
    ['CHARTKEY_KEEPER_CONFIRMATIONS', 'latest'],
    ['CHARTKEY_KEEPER_CONFIRMATION', '12'],
    ['CHARTKEY_KEEPER_CODE_HASH', '0x12'],
    ['CHARTKEY_KEEPER_RATE_PER_ADDRESS', 'many'],
    ['CHARTKEY_KEEPER_RELEASE_WINDOW', '0'],
    ['CHARTKEY_KEEPER_MAX_HEAD_AGE', 'no'],
    ['CHARTKEY_KEEPER_MAX_BODY_BYTES', '1'],
    ['CHARTKEY_KEEPER_ORIGINS', 'chartkey.example'],
  ])('error: %s=%s is refused by name, and a seed is not repeated', async (name, value) => {
    const error = await configFromEnvironment({ ...environment, [name]: value }).catch(
      (cause: unknown) => cause as Error,
    );
    expect((error as Error).message).toMatch(new RegExp(`^${name}: .+$`));
    expect((error as Error).message).not.toMatch(/5eed/);
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
});

describe('configFrom', () => {
  test('error: an option out of range is named in one line', async () => {
    const good = await configFromEnvironment(environment);
    expect(() => configFrom({ ...good, port: 70_000 })).toThrow(/^port: .+$/);
    expect(() => configFrom({ ...good, rpcUrls: [] })).toThrow(/^rpcUrls: .+$/);
  });
});
