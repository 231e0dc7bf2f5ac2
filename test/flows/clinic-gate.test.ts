import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GateServer, startGate } from '@chartkey/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { chartkey } from './chartkey.ts';

/* Where uploads go through a gate, `chartkey` signs in at it with the wallet. */

const ORIGIN = 'https://chartkey.example';

let stack: Stack;
let gate: GateServer;
let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'chartkey-clinic-gate-'));
  await writeFile(path('note.txt'), 'made up');
  gate = await startGate({
    ...{ dir: path('gate'), port: 0, origin: ORIGIN, minFreeBytes: 0 },
    ...{ rpcUrl: stack.rpcUrl, addressesFile: stack.addressesFile, nodeRpcUrls: [stack.storageUrl] },
  });
  const config = { addresses: stack.addressesFile, rpcUrl: stack.rpcUrl, storage: [{ gateUrl: gate.url }] };
  await writeFile(path('config.json'), JSON.stringify(config));
});

afterAll(async () => {
  await gate?.close();
  await stack?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

function as(actor: 'patient' | 'outsider', args: readonly string[], origin = ORIGIN) {
  const key = Buffer.from(ACTORS[actor].getHdKey().privateKey ?? []).toString('hex');
  const env = { CHARTKEY_WALLET_KEY: `0x${key}`, CHARTKEY_ORIGIN: origin, CHARTKEY_PATIENT_IDENTIFIER: 'x' };
  return chartkey([...args, '--json', '--config', path('config.json')], { env });
}

describe('chartkey through a gate', () => {
  test('participant register: who is not known yet registers first, then stores the key', async () => {
    const done = await as('patient', ['participant', 'register', '--area', '1', '--kit', path('kit')]);
    expect(done).toMatchObject({ code: 0, json: { patient: ACTORS.patient.address } });
    const shown = await as('patient', ['participant', 'show']);
    const { publicKeyHash } = done.json as { publicKeyHash: string };
    expect(shown.json).toMatchObject({ patient: { publicKeyHash } });
  });

  test('record add, record open: up through the gate, and down', async () => {
    const added = await as('patient', ['record', 'add', path('note.txt')]);
    expect(added).toMatchObject({ code: 0, json: [{ bytes: 7 }] });
    const { recordId } = (added.json as { recordId: string }[])[0] ?? { recordId: '' };
    const opened = await as('patient', ['record', 'open', recordId, '--out', path('opened')]);
    expect(opened).toMatchObject({ code: 0, json: { bytes: 7, title: 'note.txt' } });
  });

  test('error: whoever is not registered, and a sign-in for another site, are refused', async () => {
    const args = ['record', 'add', path('note.txt'), '--patient', ACTORS.patient.address];
    expect(await as('outsider', args)).toMatchObject({ code: 3, error: { code: 'STORAGE_NOT_ADMITTED' } });
    const elsewhere = await as('patient', args, 'https://evil.example');
    expect(elsewhere).toMatchObject({ code: 3, error: { code: 'STORAGE_SIGNED_OUT' } });
  });

  test('error: no site for the sign-in; an audit of a gate', async () => {
    const nowhere = await as('patient', ['record', 'add', path('note.txt')], '');
    expect(nowhere.code).toBe(2);
    expect(nowhere.error?.message).toMatch(/^origin: /);
    const audit = await as('patient', ['storage', 'audit']);
    expect(audit).toMatchObject({ code: 2, error: { message: expect.stringMatching(/^storage: a gate/) } });
    expect(await as('patient', ['storage', 'status'])).toMatchObject({ code: 0 });
  });
});
