import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { devAccount } from '../../scripts/lib/accounts.ts';
import { ROOT } from '../../scripts/lib/process.ts';
import {
  decline,
  declinedBy,
  enrolPatient,
  nonceOf,
  post,
  runRelay,
  sign,
  startWorld,
  until,
  type World,
} from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

async function chartkey(env: Record<string, string>, ...args: readonly string[]) {
  const program = join(ROOT, 'cli/src/main.ts');
  const options = { env: { PATH: process.env.PATH ?? '', ...env } };
  try {
    return {
      code: 0,
      ...(await promisify(execFile)(process.execPath, [program, 'relay', ...args], options)),
    };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** A relay that can't pay, with three requests of one person; stopped. */
async function stoppedWithThree() {
  const honest = await runRelay(world);
  const { account } = await enrolPatient(world, honest);
  await honest.service.close();
  const key = generatePrivateKey();
  const poor = await runRelay(world, { account: key });
  onTestFinished(() => poor.service.close());
  const first = await nonceOf(world, account.address);
  const own = [0n, 1n, 2n].map((i) => sign(world, account, { data: decline(Number(i)), nonce: first + i }));
  expect((await post(poor, await Promise.all(own))).status).toBe(200);
  await until(async () => (await fetch(`${poor.url}/readyz`)).status === 503);
  return { account, key, poor };
}

describe('chartkey relay', () => {
  test('default: a key, a look before the start, and a queue that is drained', async () => {
    const { account, key, poor } = await stoppedWithThree();
    const running = await chartkey({}, 'status', poor.url, '--json');
    expect(running.code).toBe(1);
    expect(JSON.parse(running.stdout)).toMatchObject({ ready: false, problem: 'FUNDS_LOW', waiting: 3 });
    const locked = await chartkey(poor.env, 'queue');
    expect(locked).toMatchObject({ code: 2, stderr: expect.stringContaining('another relay may have it') });
    await poor.service.close();

    const sick = await chartkey(poor.env, 'doctor', '--json');
    expect(sick.code).toBe(1);
    const checks = JSON.parse(sick.stdout) as { name: string; outcome: string; says: string }[];
    expect(checks.filter(({ outcome }) => outcome !== 'ok')).toMatchObject([
      { name: 'ether', outcome: 'failed' },
    ]);
    expect(checks.map(({ name }) => name)).toEqual([
      'settings',
      'contracts',
      'clock',
      'fees',
      'ether',
      'queue',
    ]);

    const waits = await chartkey(poor.env, 'queue', '--json');
    expect(waits.code).toBe(1);
    expect(JSON.parse(waits.stdout)).toMatchObject({
      counts: { waiting: 3 },
      underWay: [{}, {}, { tries: 0 }],
    });
    expect(waits.stdout.toLowerCase()).not.toContain(account.address.slice(2).toLowerCase());

    const left = await chartkey(poor.env, 'drain', '--seconds', '1', '--json');
    expect(left.code).toBe(1);
    expect(JSON.parse(left.stdout)).toEqual({ before: 3, left: 3, trouble: 'FUNDS_LOW' });
    const rich = world.clientOf(devAccount(17)).walletClient;
    await rich?.sendTransaction({ to: privateKeyToAddress(key), value: 10n ** 19n, chain: null });
    const drained = await chartkey(poor.env, 'drain');
    expect(drained).toMatchObject({ code: 0, stdout: '3 of 3 came to an end.\n' });
    expect(await declinedBy(world, account.address)).toEqual([0, 1, 2]);
    expect(await chartkey(poor.env, 'queue')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 done'),
    });
    expect(await chartkey(poor.env, 'doctor')).toMatchObject({ code: 0 });
  }, 180_000);

  test('behavior: init makes a key that nobody else may read, and never over another', async () => {
    const out = join(world.folder, 'relay.key');
    const made = await chartkey({}, 'init', '--out', out, '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({ keyFile: out, address: expect.stringMatching(/^0x/) });
    expect(made.stdout).not.toMatch(/0x[0-9a-f]{64}/);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await chartkey({}, 'init', '--out', out)).toMatchObject({ code: 2, stdout: '' });
  });

  test('error: what is wrong is named, and no secret is repeated', async () => {
    const typed = await chartkey({ CHARTKEY_RELAY_KEY: 'hunter2' }, 'doctor');
    expect(typed.code).toBe(1);
    expect(typed.stdout).toBe('✗ settings: CHARTKEY_RELAY_KEY: must be 0x and 64 hex digits\n');
    expect((await chartkey({}, 'queue')).stderr).toMatch(/^CHARTKEY_RELAY_\w+: must be set/);
    expect(await chartkey({}, 'drain', '--seconds', 'x')).toMatchObject({ code: 2 });
    expect(await chartkey({}, 'status')).toMatchObject({ code: 2 });
    expect(await chartkey({}, 'status', 'http://127.0.0.1:9')).toMatchObject({ code: 2 });
    for (const verb of ['init', 'doctor', 'status', 'queue', 'drain']) {
      expect((await chartkey({}, verb, '--help')).stdout).toMatch(/chartkey relay/);
    }
  }, 120_000);
});
