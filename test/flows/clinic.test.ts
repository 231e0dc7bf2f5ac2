import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawCid } from '@chartkey/sdk';
import { type Hex, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { chartkey, type RunOptions } from './chartkey.ts';

/*
 * A clinic's own program drives everything through `chartkey`, each call a process of its own, told
 * in order: patient and clinician hold no ether, so what they sign goes through the relay.
 */

const PASSPHRASE = 'rain on a tin roof';
const REPORT = randomBytes(700_000);

type Actor = 'patient' | 'clinician';

let stack: Stack;
let folder: string;
const address: Record<Actor, string> = { patient: '', clinician: '' };
let recordId: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'chartkey-clinic-'));
  await writeFile(path('passphrase'), PASSPHRASE, { mode: 0o600 });
  await writeFile(path('identifier'), 'made up 17', { mode: 0o600 });
  await writeFile(path('report.bin'), REPORT);
  for (const actor of ['patient', 'clinician'] as const) {
    await writeFile(path(`${actor}.json`), JSON.stringify(configOf(actor)));
  }
});

afterAll(async () => {
  await stack?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Paths in it count from where it lies. */
function configOf(actor: Actor) {
  return {
    addresses: stack.addressesFile,
    rpcUrl: stack.rpcUrl,
    storage: [{ rpcUrl: stack.storageUrl, gatewayUrl: stack.gatewayUrl }],
    relayUrl: stack.relay.url,
    walletFile: `${actor}.wallet.json`,
    walletPassphraseFile: 'passphrase',
  };
}

const as = (actor: Actor, args: readonly string[], options: RunOptions = {}) =>
  chartkey([...args, '--config', path(`${actor}.json`)], options);

function asManager(args: readonly string[]) {
  const key = Buffer.from(ACTORS.manager.getHdKey().privateKey ?? []).toString('hex');
  const env = {
    CHARTKEY_WALLET_KEY: `0x${key}`,
    CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
    CHARTKEY_RPC_URL: stack.rpcUrl,
  };
  return chartkey(args, { env });
}

const open = (...more: readonly string[]) =>
  as('clinician', ['record', 'open', recordId, '--purpose', 'TREAT', ...more]);

describe('a clinic’s program', () => {
  test.each(['patient', 'clinician'] as const)(
    'wallet create: the %s’s, which is never written over',
    async (actor) => {
      const args = ['wallet', 'create', '--out', path(`${actor}.wallet.json`), '--json'];
      const env = { CHARTKEY_WALLET_PASSPHRASE: PASSPHRASE };
      const made = await chartkey(args, { env });
      expect(made).toMatchObject({
        code: 0,
        json: { address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/) },
      });
      address[actor] = (made.json as { address: string }).address;
      const again = await chartkey(args, { env });
      expect(again).toMatchObject({ code: 2, error: { code: 'INPUT_INVALID' } });
      const short = await chartkey([...args.slice(0, 3), path('short'), '--json'], {
        env: { CHARTKEY_WALLET_PASSPHRASE: 'short' },
      });
      expect(short.error?.message).toBe('A passphrase has at least 12 characters.');
    },
  );

  test('participant show: nobody is there before anybody registered', async () => {
    const shown = await as('patient', ['participant', 'show', '--json']);
    expect(shown).toMatchObject({ code: 1, json: { patient: null, provider: null } });
  });

  test('record list, record add: whoever is not registered is told so', async () => {
    const listed = await as('patient', ['record', 'list', '--json']);
    expect(listed).toMatchObject({ code: 2, error: { code: 'INPUT_INVALID' } });
    const added = await as('patient', ['record', 'add', path('report.bin'), '--json']);
    expect(added.code).toBe(2);
    expect(added.error?.message).toBe('This wallet is not registered as a patient.');
  });

  test('participant register: a patient, and the kit that nobody else can read', async () => {
    const args = ['participant', 'register', '--area', '1', '--kit', path('kit'), '--json'];
    const done = await as('patient', [...args, '--identifier-file', path('identifier')]);
    expect(done).toMatchObject({ code: 0, json: { patient: address.patient, area: 1 } });
    const kit = await readFile(path('kit'), 'utf8');
    expect(kit).toMatch(/^Recovery code: ([0-9A-Z]{5}-){6}[0-9A-Z]{5}$/m);
    expect(kit).not.toContain('made up 17');
    const again = ['participant', 'register', '--area', '1', '--kit', path('kit-2'), '--json'];
    const refused = await as('patient', [...again, '--identifier-file', path('identifier')]);
    expect(refused).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
  });

  test('participant apply, verify: only a manager verifies', async () => {
    const applied = await as('clinician', [
      'participant',
      'apply',
      '--role',
      'clinician',
      '--area',
      '1',
      '--json',
    ]);
    expect(applied).toMatchObject({ code: 0, json: { provider: address.clinician } });
    const verify = ['participant', 'verify', address.clinician, '--until', '30d', '--json'];
    expect(await as('clinician', verify)).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
    const unknown = await asManager([
      'participant',
      'verify',
      ACTORS.outsider.address,
      '--until',
      '1d',
      '--json',
    ]);
    expect(unknown).toMatchObject({
      code: 2,
      error: { message: expect.stringMatching(/^PROVIDER: nobody/) },
    });
    expect(await asManager(verify)).toMatchObject({ code: 0, json: { status: 'Verified' } });
    const listed = await asManager(['participant', 'list', '--status', 'verified', '--json']);
    expect(listed.json).toMatchObject([{ provider: address.clinician, standing: { role: 'Clinician' } }]);
  });

  test('record add: a file is on the chain and in storage', async () => {
    const added = await as('patient', ['record', 'add', path('report.bin'), '--compartment', '3', '--json']);
    expect(added).toMatchObject({ code: 0, json: [{ bytes: REPORT.length }] });
    recordId = (added.json as { recordId: string }[])[0]?.recordId ?? '';
    const listed = await as('patient', ['record', 'list', '--ndjson']);
    expect(listed.json).toMatchObject({
      recordId,
      status: 'Active',
      compartment: 3,
      patient: address.patient,
    });
  });

  test('record open: refused before there is a consent, with the decision in front', async () => {
    const refused = await open('--json', '--out', path('early'));
    expect(refused).toMatchObject({ code: 3, error: { code: 'OPENING_REFUSED' } });
    expect(refused.error?.message).toMatch(/^ConsentMissing: /);
    await expect(readFile(path('early'))).rejects.toThrow('ENOENT');
  });

  test('consent request, answer: what was asked for is granted, and once', async () => {
    const scope = ['--compartments', '3', '--purposes', 'TREAT', '--until', '7d'];
    expect((await as('clinician', ['consent', 'request', address.patient, ...scope])).code).toBe(0);
    const asked = await as('patient', ['consent', 'list', '--requests', '--json']);
    expect(asked.json).toMatchObject([{ accessor: address.clinician, state: 'pending', compartments: [3] }]);
    const grant = ['consent', 'answer', address.clinician, '--grant', '--json'];
    expect(await as('patient', grant)).toMatchObject({ code: 0, json: { state: 'granted' } });
    expect(await as('patient', grant)).toMatchObject({ code: 2, error: { code: 'INPUT_INVALID' } });
    const held = await as('clinician', ['consent', 'list', '--json']);
    expect(held.json).toMatchObject([{ patient: address.patient, consent: { purposes: ['TREAT'] } }]);
  });

  test('record open: the clinician gets the bytes, on stdout and in a file', async () => {
    const piped = await open();
    expect(piped.code).toBe(0);
    expect(piped.stdout.equals(REPORT)).toBe(true);
    const filed = await open('--json', '--out', path('opened'));
    expect(filed).toMatchObject({ code: 0, json: { title: 'report.bin', bytes: REPORT.length } });
    expect((await readFile(path('opened'))).equals(REPORT)).toBe(true);
    expect(await open('--json', '--out', path('opened'))).toMatchObject({ code: 2 });
  });

  test('record open: a purpose that was not consented to', async () => {
    const refused = await as('clinician', [
      'record',
      'open',
      recordId,
      '--purpose',
      'HRESCH',
      '--json',
      '--out',
      path('x'),
    ]);
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.error?.message).toMatch(/^PurposeNotConsented: /);
  });

  test('record open: the patient opens with the kit, and leaves no entry', async () => {
    const before = await entries();
    const env = { CHARTKEY_RECOVERY_CODE_FILE: path('kit') };
    const own = await as('patient', ['record', 'open', recordId], { env });
    expect(own.stdout.equals(REPORT)).toBe(true);
    expect(await entries()).toEqual(before);
  });

  test('record export, import: an .age file opens without us, and comes back as a record', async () => {
    const env = {
      CHARTKEY_AGE_PASSPHRASE: 'old boots and new laces',
      CHARTKEY_RECOVERY_CODE_FILE: path('kit'),
    };
    const exported = await as('patient', ['record', 'export', recordId, '--out', path('r.age'), '--json'], {
      env,
    });
    expect(exported.code).toBe(0);
    const wrong = { CHARTKEY_AGE_PASSPHRASE: 'new boots and old laces' };
    const args = ['record', 'import', path('r.age'), '--compartment', '4', '--json'];
    expect(await as('patient', args, { env: wrong })).toMatchObject({
      code: 2,
      error: { code: 'SEAL_BROKEN' },
    });
    const imported = await as('patient', args, { env });
    expect(imported).toMatchObject({ code: 0, json: [{ compartment: 4, bytes: REPORT.length }] });
  });

  test('audit log: every try stands there, and filters find it', async () => {
    const all = await as('patient', ['audit', 'log', '--patient', address.patient, '--json']);
    const decisions = ['ConsentMissing', 'Permit', 'Permit', 'Permit', 'PurposeNotConsented'];
    expect((all.json as { decision: string }[]).map(({ decision }) => decision)).toEqual(decisions);
    const found = async (...filters: readonly string[]) =>
      (await as('patient', ['audit', 'log', ...filters, '--ndjson'])).stdout.toString().split('\n').length -
      1;
    expect(await found('--outcome', 'denied')).toBe(2);
    expect(await found('--outcome', 'ConsentMissing', '--accessor', address.clinician)).toBe(1);
    expect(await found('--purpose', 'HRESCH')).toBe(1);
    expect(await found('--accessor', address.patient)).toBe(0);
    expect(await found('--since', '1d')).toBe(5);
    expect(await found('--until', '1d')).toBe(0);
  });

  test('participant suspend: opens nothing more, until reinstated', async () => {
    expect((await asManager(['participant', 'suspend', address.clinician])).code).toBe(0);
    const refused = await open('--json', '--out', path('x'));
    expect(refused).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
    expect(refused.error?.message).toContain('not suspended');
    expect((await asManager(['participant', 'reinstate', address.clinician])).code).toBe(0);
    expect((await open()).code).toBe(0);
  });

  test('consent revoke: the next opening is refused', async () => {
    expect((await as('patient', ['consent', 'revoke', address.clinician])).code).toBe(0);
    const refused = await open();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/^ConsentMissing: /m);
    expect(refused.stdout.length).toBe(0);
    const again = await as('patient', ['consent', 'revoke', address.clinician, '--json']);
    expect(again).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
  });

  test('record add --submit: waits for the patient, who accepts or rejects', async () => {
    const submit = ['record', 'add', path('report.bin'), '--patient', address.patient, '--json'];
    expect(await as('clinician', submit)).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
    const submitted = await as('clinician', [...submit, '--submit']);
    expect(submitted.code).toBe(0);
    const id = (submitted.json as { recordId: string }[])[0]?.recordId ?? '';
    expect(await as('clinician', ['record', 'accept', id, '--compartment', '1', '--json'])).toMatchObject({
      code: 3,
    });
    expect((await as('patient', ['record', 'accept', id, '--compartment', '1'])).code).toBe(0);
    const pending = await as('patient', ['record', 'list', '--status', 'pending', '--json']);
    expect(pending.json).toEqual([]);
  });

  test('storage audit: a lost pin is found, mended, and gone; so much is told on stderr', async () => {
    const envelope = rawCid(hexToBytes(recordId as Hex));
    await fetch(`${stack.storageUrl}/api/v0/pin/rm?arg=${envelope}`, { method: 'POST' });
    const lost = { finding: 'unpinned', label: recordId };
    const audit = (...more: readonly string[]) => as('patient', ['storage', 'audit', '--json', ...more]);
    expect(await audit()).toMatchObject({ code: 1, json: { findings: [{ ...lost, repaired: false }] } });
    expect(await audit('--repair')).toMatchObject({
      code: 1,
      json: { findings: [{ ...lost, repaired: true }] },
    });
    const sampled = await audit('--sample', '1');
    expect(sampled).toMatchObject({ code: 0, json: { clean: true, blocksPerRecord: 1 } });
    expect(sampled.stderr).toMatch(/^\d of 3 records$/m);
    expect(await audit('--sample', 'all')).toMatchObject({ code: 2, error: { code: 'INPUT_INVALID' } });
    const shown = await as('patient', ['storage', 'audit']);
    expect(shown.stdout.toString()).toMatch(/^3 records to keep, 0 ended\. Clean\.$/m);
    expect(await as('patient', ['storage', 'status', '--json'])).toMatchObject({
      code: 0,
      json: [{ bytes: expect.any(Number) }],
    });
  });

  test('record retire, storage: what ended is told, erased and gone', async () => {
    expect(await as('clinician', ['record', 'retire', recordId, '--json'])).toMatchObject({ code: 3 });
    const early = await as('patient', ['storage', 'erase', recordId, '--json']);
    expect(early).toMatchObject({ code: 3, error: { code: 'CONTRACT_REFUSED' } });
    expect((await as('patient', ['record', 'retire', recordId])).code).toBe(0);
    const audit = await as('patient', ['storage', 'audit', '--json']);
    expect(audit).toMatchObject({
      code: 1,
      json: { findings: [{ finding: 'still-there', label: recordId }] },
    });
    const erased = await as('patient', ['storage', 'erase', recordId, '--json']);
    expect(erased).toMatchObject({ code: 0, json: { complete: true } });
    expect(await as('patient', ['storage', 'audit', '--json'])).toMatchObject({
      code: 0,
      json: { clean: true },
    });
    expect((await open()).code).toBe(3);
  });
});

describe('error: what can’t run says why, with code 2', () => {
  test('a field that is no setting, and one that is not what it should be, are named', async () => {
    const told = async (config: unknown) => {
      await writeFile(path('bad.json'), JSON.stringify(config));
      const { code, error } = await chartkey(['audit', 'log', '--config', path('bad.json'), '--json']);
      return `${code} ${error?.message}`;
    };
    expect(await told({ rpcURL: 'http://x' })).toMatch(
      /^2 --config: rpcURL is no setting; settings are addresses, rpcUrl/,
    );
    expect(await told({ rpcUrl: 'ftp://x' })).toBe('2 --config: rpcUrl: must be an http or https url.');
    expect(await told({ minReplicas: 'two' })).toMatch(/^2 --config: minReplicas/);
    expect(await told({ storage: [{ url: 'http://x' }] })).toMatch(
      /^2 --config: storage\.0 must be \{ "rpcUrl"/,
    );
    expect(await told({})).toMatch(/^2 addresses: it is not said/);
  });

  test('an id that is none, and one that nobody has', async () => {
    const short = await as('clinician', ['record', 'open', '0x12', '--purpose', 'TREAT']);
    expect(short).toMatchObject({ code: 2, stderr: expect.stringMatching(/^RECORD: must be a record’s id/) });
    const unknown = `0x${'ab'.repeat(32)}`;
    const nobody = await as('clinician', [
      'record',
      'open',
      unknown,
      '--purpose',
      'TREAT',
      '--json',
      '--out',
      path('x'),
    ]);
    expect(nobody).toMatchObject({ code: 2, error: { code: 'RECORD_UNKNOWN' } });
  });

  test('another passphrase, and a file that others may read', async () => {
    await writeFile(path('wrong'), 'rain on a tin rood', { mode: 0o600 });
    const consent = ['consent', 'revoke', address.clinician, '--json', '--wallet-passphrase-file'];
    const wrong = await as('patient', [...consent, path('wrong')]);
    expect(wrong).toMatchObject({
      code: 2,
      error: { message: '--wallet-file: does not open with this passphrase.' },
    });
    expect(wrong.stderr).not.toContain('rain');
    await chmod(path('wrong'), 0o644);
    const open = await as('patient', [...consent, path('wrong')]);
    expect(open.error).toMatchObject({
      message: '--wallet-passphrase-file: others may read this file.',
      advice: 'Give it the mode 0600.',
    });
    await chmod(path('clinician.wallet.json'), 0o640);
    const wallet = await as('clinician', ['consent', 'list', '--json']);
    expect(wallet).toMatchObject({
      code: 2,
      error: { message: '--wallet-file: others may read this file.' },
    });
    await chmod(path('clinician.wallet.json'), 0o600);
  });

  test('a kit of another chart, and one without a code', async () => {
    const withKit = (kit: string) =>
      as(
        'patient',
        ['record', 'export', recordId, '--recovery-code-file', kit, '--json', '--out', path('x')],
        {
          env: { CHARTKEY_AGE_PASSPHRASE: PASSPHRASE },
        },
      );
    const code = /([0-9A-Z]{5}-){6}[0-9A-Z]{5}/.exec(await readFile(path('kit-2'), 'utf8'))?.[0] ?? '';
    await writeFile(path('other-kit'), code, { mode: 0o600 });
    expect((await withKit(path('other-kit'))).error?.message).toBe('This code belongs to another chart.');
    await writeFile(path('no-kit'), 'nothing here', { mode: 0o600 });
    expect((await withKit(path('no-kit'))).error?.message).toMatch(
      /^--recovery-code-file: there is no recovery code/,
    );
  });

  test('a chain that does not answer, and contracts that are not there', async () => {
    const away = await as('patient', ['audit', 'log', '--rpc-url', 'http://127.0.0.1:9', '--json']);
    expect(away).toMatchObject({ code: 2, error: { code: 'CHAIN_UNREACHABLE' } });
    const elsewhere = { ...stack.deployment, participants: ACTORS.outsider.address };
    await writeFile(path('elsewhere.json'), JSON.stringify(elsewhere));
    const wrong = await as('patient', ['audit', 'log', '--addresses', path('elsewhere.json'), '--json']);
    expect(wrong).toMatchObject({ code: 2, error: { code: 'CHAIN_WRONG' } });
  });

  test('storage that does not answer', async () => {
    const args = ['storage', 'audit', '--storage-url', 'http://127.0.0.1:9', '--json'];
    expect(await as('patient', args)).toMatchObject({ code: 2, json: { clean: false } });
    const status = await as('patient', [
      'storage',
      'status',
      '--storage-url',
      'http://127.0.0.1:9',
      '--json',
    ]);
    expect(status).toMatchObject({ code: 1, json: [{ fault: 'unreachable' }] });
  });

  test('no wallet where one must sign', async () => {
    await writeFile(path('bare.json'), JSON.stringify({ ...configOf('patient'), walletFile: undefined }));
    const bare = await chartkey(['consent', 'revoke', '--all', '--json', '--config', path('bare.json')]);
    expect(bare).toMatchObject({ code: 2, error: { code: 'WALLET_MISSING' } });
  });
});

async function entries(): Promise<unknown> {
  return (await as('patient', ['audit', 'log', '--json'])).json;
}
