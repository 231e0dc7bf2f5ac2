import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HANDOVER_ENTRY_LENGTH,
  HANDOVER_HEADER_LENGTH,
  keeperEpoch,
  openThroughKeepers,
  type RecordId,
  sealKeyFile,
} from '@chartkey/sdk';
import { createTestClient, encodeFunctionData, hexToBytes, http, parseAbi } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { freePort, ROOT, type Service, startService } from '../../scripts/lib/process.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { openWard, writeLetters } from '../../scripts/lib/ward.ts';
import { chartkey as run } from './chartkey.ts';

/* One life of a set of keepers, told in order: a keeper joins and one leaves, its shares are handed over, one rotates. */

const PASSPHRASE = 'rain on a tin roof';
const DELAY = 3_600;
const NEWCOMER = ACTORS.keepers[3];
/** Governance with a delay: its schedule is public before anything happens. */
const COUNCIL = ACTORS.keepers[4];

let stack: Stack;
let folder: string;
let letters: RecordId[];
let newcomer: Service;
let newcomerUrl: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'chartkey-keepers-'));
  await openWard(stack, [ACTORS.clinician]);
  letters = await writeLetters(stack, ['first', 'second', 'third']);
  await writeFile(path('passphrase'), PASSPHRASE, { mode: 0o600 });
  newcomerUrl = `http://127.0.0.1:${await freePort()}`;
  await appointCouncil();
});
afterAll(async () => {
  await newcomer?.close();
  await stack?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function appointCouncil(): Promise<void> {
  const { walletClient, publicClient, deployment } = stack.clientOf(ACTORS.governor);
  const abi = parseAbi(['function grantRole(uint64 roleId, address account, uint32 executionDelay)']);
  const data = encodeFunctionData({ abi, functionName: 'grantRole', args: [0n, COUNCIL.address, DELAY] });
  const hash = await walletClient?.sendTransaction({
    to: deployment.authority,
    data,
    chain: walletClient.chain ?? null,
  });
  if (hash) await publicClient.waitForTransactionReceipt({ hash });
}

/** `chartkey keeper …` as an operator types it; its JSON, or that of its error. */
async function chartkey(args: readonly string[], env: Record<string, string> = {}) {
  const { code, json, error, stderr } = await run(['keeper', ...args, '--json'], { env });
  return { code, json: (json ?? { error }) as Record<string, unknown>, stderr };
}

const onChain = () => ['--addresses', stack.addressesFile, '--rpc-url', stack.rpcUrl];
const inStorage = () => ['--storage-url', stack.storageUrl];
const secret = () => ['--passphrase-file', path('passphrase')];
const council = { CHARTKEY_WALLET_KEY: walletKey() };

function walletKey(): string {
  return `0x${Buffer.from(COUNCIL.getHdKey().privateKey ?? []).toString('hex')}`;
}

async function startNewcomer(env: Record<string, string> = {}): Promise<void> {
  await newcomer?.close();
  newcomer = await startService({
    name: 'the newcomer',
    args: [join(ROOT, 'keeper/src/main.ts')],
    env: { ...newcomerEnv(), ...env },
    ready: /keeper .* listening on/,
  });
}

function newcomerEnv(): Record<string, string> {
  return {
    CHARTKEY_KEEPER_OPERATOR: NEWCOMER.address,
    CHARTKEY_KEEPER_PORT: new URL(newcomerUrl).port,
    CHARTKEY_KEEPER_KEY_FILES: path('newcomer.key'),
    CHARTKEY_KEEPER_PASSPHRASE_FILE: path('passphrase'),
    CHARTKEY_KEEPER_RPC_URLS: stack.rpcUrl,
    CHARTKEY_KEEPER_ADDRESSES_FILE: stack.addressesFile,
    CHARTKEY_KEEPER_JOURNAL_FILE: path('newcomer.jsonl'),
  };
}

async function open(recordIds: readonly RecordId[]): Promise<string[]> {
  const client = stack.clientOf(ACTORS.clinician);
  const { outcomes } = await openThroughKeepers(client, { ...stack, recordIds, purpose: 'TREAT' });
  return outcomes.map((outcome) => (outcome.status === 'opened' ? 'opened' : outcome.error.code));
}

const leaving = () => stack.keepers[0];
const staying = () => stack.keepers[1];

describe('chartkey keeper', () => {
  test('init: makes a key that only its passphrase opens, and never writes over one', async () => {
    const args = [
      'init',
      '--operator',
      NEWCOMER.address,
      '--endpoint',
      newcomerUrl,
      '--out',
      path('newcomer.key'),
    ];
    const made = await chartkey([...args, ...secret()]);
    expect(made).toMatchObject({ code: 0, json: { operator: NEWCOMER.address, endpoint: newcomerUrl } });
    expect((await stat(path('newcomer.key'))).mode & 0o777).toBe(0o600);
    const again = await chartkey([...args, ...secret()]);
    expect(again).toMatchObject({ code: 2, json: { error: { code: 'INPUT_INVALID' } } });
    expect(again.stderr).not.toContain(PASSPHRASE);
    await startNewcomer();
  });

  test('register: one joins, one leaves, in public and after the delay', async () => {
    const { operator = '' } = leaving() ?? {};
    const args = [
      'register',
      '--seat',
      path('newcomer.key.seat.json'),
      '--leave',
      operator,
      ...onChain(),
      ...inStorage(),
    ];
    expect(await chartkey([...args, '--threshold', '4'], council)).toMatchObject({
      code: 2,
      json: { error: { code: 'INPUT_INVALID' } },
    });
    expect((await chartkey([...args, '--dry-run'])).json).toMatchObject({
      state: 'planned',
      epoch: 2,
      threshold: 2,
    });
    expect((await chartkey(args, council)).json).toMatchObject({ state: 'scheduled', epoch: 2 });
    expect((await chartkey(args, council)).json).toMatchObject({ state: 'waiting' });
    await later(DELAY);
    expect((await chartkey(args, council)).json).toMatchObject({ state: 'started' });
    const epoch = await keeperEpoch(stack.clientOf());
    expect(epoch).toMatchObject({ epoch: 2, threshold: 2 });
    expect(epoch?.keepers.map(({ operator: id }) => id)).toContain(NEWCOMER.address);
    expect(epoch?.keepers.map(({ operator: id }) => id)).not.toContain(operator);
  });

  test('register: an account that is not governance is told so', async () => {
    const outsider = `0x${Buffer.from(ACTORS.outsider.getHdKey().privateKey ?? []).toString('hex')}`;
    const args = ['register', '--threshold', '3', ...onChain()];
    expect(await chartkey(args, { CHARTKEY_WALLET_KEY: outsider })).toMatchObject({
      code: 3,
      json: { error: { code: 'CONTRACT_REFUSED' } },
    });
  });

  test('attest: which keepers can open an envelope', async () => {
    letters.push(...(await writeLetters(stack, ['of the second epoch'])));
    const answer = await chartkey(['attest', letters[3] ?? '', ...onChain(), ...inStorage()]);
    expect(answer).toMatchObject({ code: 0, json: { epoch: 2, attested: 3 } });
    expect(await open(letters)).toEqual(letters.map(() => 'opened'));
  });

  test('handover: never to a keeper that has a share of that epoch', async () => {
    await writeFile(
      path('leaving.key'),
      await sealKeyFile(hexToBytes(leaving()?.seed ?? '0x'), { passphrase: PASSPHRASE }),
      { mode: 0o600 },
    );
    const answer = await chartkey([...handoverArgs(), '--to', staying()?.operator ?? '']);
    expect(answer).toMatchObject({
      code: 2,
      json: { error: { message: expect.stringContaining('must not get a second') } },
    });
  });

  test('handover: all records of the epoch, taken up again where it was cut', async () => {
    const args = [...handoverArgs(), '--to', NEWCOMER.address];
    const first = await chartkey(args);
    expect(first).toMatchObject({ code: 0, json: { handed: 3, already: 0, 'other-epoch': 1, missing: 0 } });
    expect(first.stderr).toContain('4 of 4 records');
    await truncate(path('handover'), HANDOVER_HEADER_LENGTH + HANDOVER_ENTRY_LENGTH + 7);
    expect((await chartkey(args)).json).toMatchObject({ handed: 2, already: 1 });
    expect((await chartkey(args)).json).toMatchObject({ handed: 0, already: 3 });
    const check = ['handover', '--verify', path('handover'), '--key-file', path('newcomer.key')];
    expect((await chartkey([...check, ...onChain(), ...inStorage(), ...secret()])).json).toMatchObject({
      good: 3,
      broken: 0,
      missing: 0,
    });
  });

  test('handover: a share that was changed is found by its successor', async () => {
    const bytes = await readFile(path('handover'));
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    await writeFile(path('changed'), bytes);
    const check = ['handover', '--verify', path('changed'), '--key-file', path('newcomer.key')];
    const answer = await chartkey([...check, ...onChain(), ...inStorage(), ...secret()]);
    expect(answer).toMatchObject({ code: 1, json: { good: 2, broken: 1 } });
  });

  test('handover: with the keeper that left and another one gone, its records open', async () => {
    await leaving()?.service.close();
    await staying()?.service.close();
    expect(await open(letters.slice(0, 3))).toEqual([
      'KEEPERS_TOO_FEW',
      'KEEPERS_TOO_FEW',
      'KEEPERS_TOO_FEW',
    ]);
    await startNewcomer({ CHARTKEY_KEEPER_HANDOVER_FILES: path('handover') });
    expect(await open(letters)).toEqual(letters.map(() => 'opened'));
    await staying()?.restart();
  });

  test('handover: a keeper does not start with shares that would be its second', async () => {
    const { operator = '', seed = '' } = staying() ?? {};
    await writeFile(
      path('staying.key'),
      await sealKeyFile(hexToBytes(seed as `0x${string}`), { passphrase: PASSPHRASE }),
      { mode: 0o600 },
    );
    const { header } = await forged(operator);
    const doctor = await chartkey(['doctor'], {
      ...newcomerEnv(),
      CHARTKEY_KEEPER_OPERATOR: operator,
      CHARTKEY_KEEPER_KEY_FILES: path('staying.key'),
      CHARTKEY_KEEPER_JOURNAL_FILE: '',
      CHARTKEY_KEEPER_HANDOVER_FILES: header,
    });
    expect(doctor.code).toBe(1);
    expect(doctor.json).toContainEqual({
      name: 'start',
      outcome: 'failed',
      says: 'handoverFiles: is of an epoch in which this keeper has a share of its own',
    });
  });

  test('rotate: a new key, a new epoch, and records of all three epochs open', async () => {
    const args = [
      'rotate',
      '--operator',
      NEWCOMER.address,
      '--out',
      path('newcomer-2.key'),
      '--register',
      ...secret(),
    ];
    const rotated = await chartkey([...args, ...onChain(), ...inStorage()], council);
    expect(rotated).toMatchObject({ code: 0, json: { epoch: { state: 'scheduled' } } });
    await later(DELAY);
    const register = ['register', '--seat', path('newcomer-2.key.seat.json'), ...onChain(), ...inStorage()];
    expect((await chartkey(register, council)).json).toMatchObject({ state: 'started', epoch: 3 });
    await startNewcomer({
      CHARTKEY_KEEPER_KEY_FILES: `${path('newcomer-2.key')},${path('newcomer.key')}`,
      CHARTKEY_KEEPER_HANDOVER_FILES: path('handover'),
    });
    letters.push(...(await writeLetters(stack, ['of the third epoch'])));
    // Without the third one, each letter needs the newcomer: with a share handed over, an old key, a new key.
    await staying()?.service.close();
    expect(await open(letters)).toEqual(letters.map(() => 'opened'));
    await staying()?.restart();
  });

  test('doctor: says what it sees, and that a key is lost', async () => {
    const well = await chartkey(['doctor'], {
      ...newcomerEnv(),
      CHARTKEY_KEEPER_JOURNAL_FILE: '',
      CHARTKEY_KEEPER_KEY_FILES: `${path('newcomer-2.key')},${path('newcomer.key')}`,
    });
    expect(well.code).toBe(0);
    expect(well.json).toContainEqual({ name: 'seat', outcome: 'ok', says: 'epoch 3, 2 of 3 keepers' });
    const ill = await chartkey(['doctor'], { ...newcomerEnv(), CHARTKEY_KEEPER_JOURNAL_FILE: '' });
    expect(ill.code).toBe(1);
    expect(JSON.stringify(ill.json)).toContain('which is not here');
  });

  test('journal: whole, and a line that is taken out is found', async () => {
    const args = [
      'journal',
      path('newcomer.jsonl'),
      '--operator',
      NEWCOMER.address,
      '--addresses',
      stack.addressesFile,
    ];
    const { code, json } = await chartkey(args);
    expect(code).toBe(0);
    expect(Number(json['sequence'])).toBeGreaterThan(1);
    const lines = (await readFile(path('newcomer.jsonl'), 'utf8')).split('\n');
    await writeFile(path('cut.jsonl'), lines.toSpliced(0, 1).join('\n'));
    const cut = await chartkey(['journal', path('cut.jsonl'), ...args.slice(2)]);
    expect(cut).toMatchObject({ code: 1, json: { error: { code: 'JOURNAL_BROKEN' } } });
  });
});

function handoverArgs(): string[] {
  const file = ['--key-file', path('leaving.key'), '--out', path('handover')];
  return ['handover', '--epoch', '1', ...file, ...onChain(), ...inStorage(), ...secret()];
}

/** The handover with another taker in its header: what somebody would make who does not ask our command. */
async function forged(operator: string): Promise<{ readonly header: string }> {
  const taker = stack.keepers.find((keeper) => keeper.operator === operator)?.publicKeyHash ?? '0x';
  const bytes = await readFile(path('handover'));
  bytes.set(hexToBytes(taker), HANDOVER_HEADER_LENGTH - 32);
  await writeFile(path('forged'), bytes);
  return { header: path('forged') };
}

async function later(seconds: number): Promise<void> {
  const chain = createTestClient({ mode: 'hardhat', transport: http(stack.rpcUrl) });
  await chain.increaseTime({ seconds });
  await chain.mine({ blocks: 1 });
}
