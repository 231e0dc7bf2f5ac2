import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeRecoveryCode,
  encodeRecoveryCode,
  parseKeyBlock,
  patientKeyBlock,
  recipientOf,
  recordsOf,
} from '@chartkey/sdk';
import type { Browser, CDPSession, Page, Worker } from 'playwright-core';
import { bytesToHex, sha256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { sampleBundle } from '../../scripts/lib/samples.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { seedsIn } from '../../sdk/src/keyring/testing.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { accessibilityOf, newVisitor, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 90_000;
const IDLE_SECONDS = 4;
const FILE = 'chart.json';

describe.skipIf(executable === undefined && !mayNotSkip)('keys in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let web: RunningWeb;
  let folder: string;
  let patient: Visitor;
  let authenticator: CDPSession;
  let firstCode = '';
  /** Everything that any page wrote to its console, or sent. */
  const heard: string[] = [];
  const codes: string[] = [];

  const env = () => ({
    CHARTKEY_RPC_URL: stack.rpcUrl,
    CHARTKEY_GATE_URL: stack.gate.url,
    CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
  });
  const visitorFor = async (
    account: (typeof ACTORS)['patient'],
    on: { readonly browser?: Browser; readonly url?: string } = {},
  ) => {
    const { rpcUrl, deployment } = stack;
    const wallet = new TestWallet({ account, rpcUrl, chainId: deployment.chainId });
    const visitor = await newVisitor({ browser, url: web.url, wallet, ...on });
    visitor.context.on('console', (message) => heard.push(message.text()));
    visitor.context.on('request', (request) =>
      heard.push(request.url(), request.postDataBuffer()?.toString('latin1') ?? ''),
    );
    return visitor;
  };

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-keys-'));
    await writeFile(join(folder, FILE), JSON.stringify(sampleBundle(7)));
    await buildWeb();
    const port = await freePort();
    stack = await startStack({ origin: `http://localhost:${port}` });
    web = await startWeb({ port, env: env() });
    browser = await launchChromium(executable);
    patient = await visitorFor(ACTORS.patient);
    authenticator = await addAuthenticator(patient, { hasPrf: true });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'enrols with a passkey and a kit that is printed alone, with its code to scan',
    async () => {
      const { page } = patient;
      await patient.connect();
      await enrol(patient, 'Make a passkey and a kit');
      await page.getByText('Your passkey is made, and so is your kit.').waitFor();
      firstCode = await readCode(patient);
      const qr = page.getByRole('img', { name: 'The recovery code to scan' });
      await qr.waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);

      await page.emulateMedia({ media: 'print' });
      expect.soft(await qr.isVisible()).toBe(true);
      expect.soft(await page.getByTestId('recovery-code').isVisible()).toBe(true);
      expect.soft(await page.getByLabel('A number or name that identifies you').isVisible()).toBe(false);
      expect.soft(await patient.button('Copy the code').isVisible()).toBe(false);
      await page.emulateMedia({ media: null });

      await register(patient);
    },
    STORY_MS,
  );

  it(
    'unlocks by passkey after a reload, and opens a record without a signature',
    async () => {
      const { page, wallet } = patient;
      await addRecord(patient, join(folder, FILE));
      await patient.goto('/patient/records');
      await page.getByText('Locked record').first().waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      const before = wallet.asked.length;
      await patient.click('Unlock with a passkey');
      await page.getByRole('link', { name: new RegExp(FILE) }).click();
      await patient.heading('Lab results').waitFor();
      expect(wallet.asked.length).toBe(before);
    },
    STORY_MS,
  );

  it(
    'is unlocked in a second page of the same browser, and locked in both at once',
    async () => {
      const second = await patient.context.newPage();
      await second.goto(`${web.url}/patient/records`);
      await second.getByRole('link', { name: new RegExp(FILE) }).waitFor();
      await second.getByRole('button', { name: 'Lock', exact: true }).click();
      await patient.page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor();
      await second.close();
    },
    STORY_MS,
  );

  it(
    'unlocks by the code on paper, and says so when it is another’s',
    async () => {
      const { page } = patient;
      const field = page.getByLabel('Recovery code', { exact: true });
      await field.fill(encodeRecoveryCode(new Uint8Array(20).fill(1)));
      await patient.click('Unlock');
      await page.getByText('This code belongs to another chart').waitFor();
      await field.fill(`${firstCode.slice(0, -1)}${firstCode.endsWith('2') ? '3' : '2'}`);
      await patient.click('Unlock');
      const slip = page.getByRole('alert').filter({ hasText: 'has a slip in it' });
      expect(await slip.textContent()).not.toContain(firstCode.slice(0, 5));
      await field.fill(firstCode.toLowerCase().replaceAll('-', ' '));
      await patient.click('Unlock');
      await patient.heading('Lab results').waitFor();
    },
    STORY_MS,
  );

  it(
    'says so when no passkey is there',
    async () => {
      const { page } = patient;
      await patient.goto('/patient/records');
      await authenticator.send('WebAuthn.disable');
      const other = await addAuthenticator(patient, { hasPrf: true, hasUserVerification: false });
      await patient.click('Unlock with a passkey');
      await page.getByText('No passkey was used').waitFor();
      await other.send('WebAuthn.disable');
      authenticator = await addAuthenticator(patient, { hasPrf: true });
    },
    STORY_MS,
  );

  it(
    'makes a new key under the same kit, and moves the records to it with progress',
    async () => {
      const { page, wallet } = patient;
      await page.getByLabel('Recovery code', { exact: true }).fill(firstCode);
      await patient.click('Unlock');
      await page.getByRole('link', { name: 'My key' }).click();
      await page.getByText('All your records are under your newest key.').waitFor();
      const before = await keyOfTheOneRecord();

      await patient.click('New key, same kit');
      await patient.click('Make it');
      await patient.click('Use the new key');
      await wallet.approve('transaction');
      await page.getByText('Your new key is in use').waitFor();
      await page.getByText(/2 records are not under your newest key yet/).waitFor();
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await patient.click('Move 2 records');
      await page.getByText('0 of 2 moved').waitFor();
      await wallet.approve('transaction');
      await wallet.approve('transaction');
      await page.getByText('All your records are under your newest key.').waitFor();

      const after = await keyOfTheOneRecord();
      expect(after).not.toBe(before);
      expect(after).toBe(await keyOnChain());
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('link', { name: new RegExp(FILE) }).click();
      await patient.heading('Lab results').waitFor();
    },
    STORY_MS,
  );

  it(
    'still opens with the first kit',
    async () => {
      await patient.goto('/patient/records');
      await patient.page.getByLabel('Recovery code', { exact: true }).fill(firstCode);
      await patient.click('Unlock');
      await patient.page.getByRole('link', { name: new RegExp(FILE) }).waitFor();
    },
    STORY_MS,
  );

  it(
    'gets everything back with nothing but the wallet: a new key, through the keepers',
    async () => {
      const { page, wallet } = patient;
      await patient.goto('/patient/keys');
      await patient.heading('I have neither passkey nor kit').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await patient.click('Start with a new key');
      await patient.click('Make a passkey and a kit');
      const code = await readCode(patient);
      await page.getByLabel('I have stored the code where I will find it').check();
      await patient.click('Use the new key');
      await wallet.approve('transaction');
      await page.getByText(/2 of them must be opened by the keepers first/).waitFor();
      await patient.click('Move 2 records');
      await wallet.approve('transaction');
      await wallet.approve('transaction');
      await wallet.approve('transaction');
      await page.getByText('All your records are under your newest key.').waitFor();
      expect(await keyOfTheOneRecord()).toBe(await keyOnChain());

      await patient.goto('/patient/records');
      const field = page.getByLabel('Recovery code', { exact: true });
      await field.fill(firstCode);
      await patient.click('Unlock');
      await page.getByText('This code belongs to another chart').waitFor();
      await field.fill(code);
      await patient.click('Unlock');
      await page.getByRole('link', { name: new RegExp(FILE) }).click();
      await patient.heading('Lab results').waitFor();
    },
    STORY_MS,
  );

  it(
    'makes a new key with a new kit: the old kit opens no more, older records do',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'My key' }).click();
      await patient.click('New key and new kit');
      await patient.click('Make a passkey and a kit');
      const code = await readCode(patient);
      expect(await patient.button('Use the new key').isDisabled()).toBe(true);
      await page.getByLabel('I have stored the code where I will find it').check();
      await patient.click('Use the new key');
      await patient.wallet.approve('transaction');
      await page.getByText('Your new key is in use').waitFor();

      await patient.goto('/patient/records');
      const field = page.getByLabel('Recovery code', { exact: true });
      await field.fill(codes.at(-2) ?? '');
      await patient.click('Unlock');
      await page.getByText('This code belongs to another chart').waitFor();
      await field.fill(code);
      await patient.click('Unlock');
      await page.getByRole('link', { name: new RegExp(FILE) }).waitFor();
    },
    STORY_MS,
  );

  it(
    'adds a passkey without a new kit, for whoever has the code',
    async () => {
      const { page } = patient;
      const code = codes.at(-1) ?? '';
      // A new device, which has none of the passkeys that were made before.
      await authenticator.send('WebAuthn.disable');
      authenticator = await addAuthenticator(patient, { hasPrf: true });
      const before = await keyOnChain();
      await page.getByRole('link', { name: 'My key' }).click();
      await patient.click('Add a passkey');
      const field = page.getByLabel('Code on your recovery kit', { exact: true });
      await field.fill(codes.at(-2) ?? '');
      await patient.click('Make the passkey');
      await page.getByText('This code belongs to another chart').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await authenticator.send('WebAuthn.disable');
      authenticator = await addAuthenticator(patient, { hasPrf: true });
      await field.fill(code);
      await patient.click('Make the passkey');
      await page.getByText('Your passkey is made.').waitFor();
      await patient.click('Use the passkey');
      await patient.wallet.approve('transaction');
      await page.getByText('Your new passkey opens your chart').waitFor();
      expect(await keyOnChain()).toBe(before);

      await patient.goto('/patient/records');
      await patient.click('Unlock with a passkey');
      await page.getByRole('link', { name: new RegExp(FILE) }).waitFor();
      await patient.click('Lock');
      await page.getByLabel('Recovery code', { exact: true }).fill(code);
      await patient.click('Unlock');
      await page.getByRole('link', { name: new RegExp(FILE) }).waitFor();
    },
    STORY_MS,
  );

  it(
    'says so when the passkey can’t keep a key, and goes on with the kit alone',
    async () => {
      const second = await visitorFor(ACTORS.secondPatient);
      await addAuthenticator(second, { hasPrf: false });
      await second.connect();
      await enrol(second, 'Make a passkey and a kit');
      await second.page.getByText(/can’t keep a key with it.*Your recovery kit alone opens/).waitFor();
      const code = await readCode(second);
      await register(second);
      await second.goto('/patient/keys');
      await second.page.getByLabel('Recovery code', { exact: true }).fill(code);
      await second.click('Unlock');
      await second.heading('Make a new key').waitFor();
      expect(second.complaints).toEqual([]);
      await second.context.close();
    },
    STORY_MS,
  );

  it(
    'locks itself when nobody is there, and not while somebody is',
    async () => {
      const impatient = await startWeb({
        env: { ...env(), CHARTKEY_IDLE_LOCK_SECONDS: String(IDLE_SECONDS) },
      });
      const visitor = await visitorFor(ACTORS.patient, { url: impatient.url });
      try {
        const { page } = visitor;
        await visitor.connect();
        await visitor.goto('/patient/keys');
        const unlock = async () => {
          const code = page.getByLabel('Recovery code', { exact: true });
          // On a busy machine the page can be drawn anew after the first letters, and forget them.
          for (let tries = 0; tries < 20 && !(await visitor.button('Unlock').isEnabled()); tries++) {
            await code.fill(codes.at(-2) ?? '');
            await page.waitForTimeout(500);
          }
          await visitor.click('Unlock');
        };
        await unlock();
        await visitor.heading('Make a new key').waitFor();
        for (let second = 0; second < IDLE_SECONDS + 2; second++) {
          await page.waitForTimeout(1_000);
          await page.keyboard.press('Shift');
        }
        expect(await visitor.heading('Make a new key').isVisible()).toBe(true);
        await visitor.heading('Your chart is locked').waitFor({ timeout: (IDLE_SECONDS + 4) * 1_000 });

        // What was on the screen goes with the key.
        await visitor.goto('/patient/records');
        await page.getByRole('link', { name: /Locked record/ }).click();
        await unlock();
        await visitor.heading('Lab results').waitFor();
        await visitor.heading('Lab results').waitFor({ state: 'hidden', timeout: 15_000 });

        // So does what the keepers opened, though there was no key to lock.
        await visitor.click('Open through the keepers');
        await visitor.wallet.approve('transaction');
        await visitor.heading('Lab results').waitFor();
        await visitor.heading('Lab results').waitFor({ state: 'hidden', timeout: 15_000 });
        await visitor.button('Open through the keepers').waitFor();
        expect(visitor.complaints).toEqual([]);
      } finally {
        await visitor.context.close();
        await impatient.close();
      }
    },
    STORY_MS,
  );

  it(
    'works with keys that nothing in its worker could read out',
    async () => {
      const visitor = await visitorFor(ACTORS.patient);
      const { page } = visitor;
      // A dedicated worker does the same work and can be looked into.
      await visitor.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
      const workers: Worker[] = [];
      page.on('worker', (worker) => {
        workers.push(worker);
        void worker.evaluate(rememberKeys);
      });
      await visitor.connect();
      await visitor.goto('/patient/records');
      await page.getByLabel('Recovery code', { exact: true }).fill(codes.at(-2) ?? '');
      await visitor.click('Unlock');
      await page.getByRole('link', { name: new RegExp(FILE) }).click();
      await visitor.heading('Lab results').waitFor();
      const made = (await workers.at(-1)?.evaluate(rememberedKeys)) ?? [];

      await visitor.goto('/patient/records');
      await page.getByRole('link', { name: /Locked record/ }).click();
      await visitor.click('Open through the keepers');
      await visitor.wallet.approve('transaction');
      await visitor.heading('Lab results').waitFor();
      made.push(...((await workers.at(-1)?.evaluate(rememberedKeys)) ?? []));

      const secret = made.filter(({ type }) => type !== 'public');
      expect(secret.filter(({ extractable }) => extractable)).toEqual([]);
      const names = new Set(secret.map(({ type, name }) => `${type} ${name}`));
      expect([...names]).toEqual(expect.arrayContaining(['private MLKEM768-X25519', 'secret AES-GCM']));
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    },
    STORY_MS,
  );

  it(
    'opens without native ML-KEM too, with the KEM in JavaScript and a dedicated worker',
    async () => {
      if (executable === undefined) return;
      const plain = await launchChromium(executable, [
        '--disable-features=WebCryptoPQC,SharedWorker',
        '--disable-blink-features=WebCryptoPQC,SharedWorker',
      ]);
      try {
        const visitor = await visitorFor(ACTORS.patient, { browser: plain });
        const { page } = visitor;
        await visitor.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
        await visitor.connect();
        const has = await page.evaluate(() => [
          'encapsulateBits' in SubtleCrypto.prototype,
          'SharedWorker' in self,
        ]);
        expect(has).toEqual([false, false]);
        await visitor.goto('/patient/records');
        await page.getByLabel('Recovery code', { exact: true }).fill(codes.at(-2) ?? '');
        await visitor.click('Unlock');
        await page.getByRole('link', { name: new RegExp(FILE) }).click();
        await visitor.heading('Lab results').waitFor();

        await visitor.goto('/patient/records');
        await page.getByRole('link', { name: /Locked record/ }).click();
        await visitor.click('Open through the keepers');
        await visitor.wallet.approve('transaction');
        await visitor.heading('Lab results').waitFor();
        expect(visitor.complaints).toEqual([]);
      } finally {
        await plain.close();
      }
    },
    STORY_MS,
  );

  it(
    'left no secret behind: not in storage of the browser, not in its console, not in what was sent',
    async () => {
      const { page } = patient;
      const block = await patientKeyBlock(stack.clientOf(), { ...stack, patient: ACTORS.patient.address });
      const code = codes.at(-2) ?? '';
      // The newest kit really opens it, so what is looked for is what was used.
      const seeds = seedsIn(Buffer.from(block ?? []), { kind: 'code', code });
      expect(seeds).toHaveLength(2);
      const prf = await page.evaluate(async () => {
        const got = (await navigator.credentials.get({
          publicKey: {
            challenge: new Uint8Array(32),
            userVerification: 'required',
            extensions: { prf: { eval: { first: new TextEncoder().encode('chartkey/1 passkey') } } },
          },
        })) as PublicKeyCredential;
        const first = got.getClientExtensionResults().prf?.results?.first as ArrayBuffer;
        return [...new Uint8Array(first)];
      });
      expect(prf).toHaveLength(32);
      const secrets = [
        Uint8Array.from(prf),
        ...codes.map(decodeRecoveryCode),
        ...seeds.map((seed) => Buffer.from(seed, 'hex')),
      ];
      const needles = [
        ...codes.flatMap((text) => [text, text.replaceAll('-', ''), text.replaceAll('-', ' ')]),
        ...secrets.flatMap(spellings),
      ].map((needle) => needle.toLowerCase());

      const kept = await page.evaluate(everythingKept);
      const haystack = [kept, ...heard, ...patient.complaints].join('\n').toLowerCase();
      expect(haystack.length).toBeGreaterThan(10);
      expect(needles.filter((needle) => haystack.includes(needle))).toEqual([]);
    },
    STORY_MS,
  );

  it('gives its worker a policy of its own, so that it too can ask nobody else', async () => {
    const scripts = await patient.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(({ name }) => (/_next.*[.]js/.test(name) ? [name] : [])),
    );
    expect(scripts.length).toBeGreaterThan(0);
    const { headers } = await patient.page.request
      .get(scripts[0] ?? '')
      .then((response) => ({ headers: response.headers() }));
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    );
  });

  it('heard no complaint', () => {
    expect(patient.complaints).toEqual([]);
  });

  async function enrol(visitor: Visitor, how: string): Promise<void> {
    await visitor.goto('/patient/enrol');
    await visitor.page.getByLabel('A number or name that identifies you').fill('A-123-456');
    await visitor.click(how);
  }

  async function readCode({ page }: Visitor): Promise<string> {
    const code = (await page.getByTestId('recovery-code').textContent()) ?? '';
    expect(code).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){6}$/);
    codes.push(code);
    return code;
  }

  async function register(visitor: Visitor): Promise<void> {
    await visitor.page.getByLabel('I have stored the code where I will find it').check();
    await visitor.click('Register');
    await visitor.wallet.approve('transaction');
    await visitor.heading('Your chart is ready').waitFor();
  }

  async function addRecord(visitor: Visitor, path: string): Promise<void> {
    await visitor.page.getByRole('link', { name: 'Add my first record' }).click();
    await visitor.page.locator('input[type=file]').first().setInputFiles(path);
    await visitor.click('Keep as one file');
    await visitor.click('Encrypt and add 1 file');
    await visitor.wallet.approve('transaction');
    await visitor.page.getByText('All added.').waitFor();
  }

  async function keyOfTheOneRecord() {
    const [record] = await recordsOf(stack.clientOf(), { patient: ACTORS.patient.address });
    if (!record) throw new Error('There is no record.');
    return recipientOf(stack.clientOf(), { ...stack, recordId: record.recordId });
  }

  async function keyOnChain() {
    const block = await patientKeyBlock(stack.clientOf(), { ...stack, patient: ACTORS.patient.address });
    return sha256(parseKeyBlock(block ?? new Uint8Array()).publicKey);
  }
});

/** A platform authenticator in Chromium itself, which says yes at once. */
async function addAuthenticator(
  { context, page }: Visitor,
  options: { readonly hasPrf: boolean; readonly hasUserVerification?: boolean },
): Promise<CDPSession> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const hasUserVerification = options.hasUserVerification ?? true;
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification,
      isUserVerified: hasUserVerification,
      automaticPresenceSimulation: true,
      hasPrf: options.hasPrf,
    },
  });
  return session;
}

async function overflowAt360(page: Page): Promise<number> {
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  return overflow;
}

function spellings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [
    bytesToHex(bytes).slice(2),
    // Without the ends, which depend on what stands around them.
    buffer.toString('base64').slice(0, 20),
    buffer.toString('base64url').slice(0, 20),
    buffer.toString('latin1'),
    [...bytes].join(','),
    base32(bytes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
    base32(bytes, '0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  ];
}

function base32(bytes: Uint8Array, alphabet: string): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

type RememberedKey = { readonly type: string; readonly name: string; readonly extractable: boolean };

/** Runs in the worker: notes every key that WebCrypto makes from now on. */
function rememberKeys(): void {
  const seen: RememberedKey[] = [];
  Object.assign(globalThis, { seenKeys: seen });
  const note = (made: unknown) => {
    const keys = made instanceof CryptoKey ? [made] : Object.values((made ?? {}) as object);
    for (const key of keys) {
      if (!(key instanceof CryptoKey)) continue;
      seen.push({ type: key.type, name: key.algorithm.name, extractable: key.extractable });
    }
    return made;
  };
  const methods = SubtleCrypto.prototype as unknown as Record<string, unknown>;
  for (const name of [
    'generateKey',
    'importKey',
    'deriveKey',
    'unwrapKey',
    'decapsulateKey',
    'encapsulateKey',
  ]) {
    const original = methods[name];
    if (typeof original !== 'function') continue;
    methods[name] = async function remembering(this: unknown, ...parameters: unknown[]) {
      return note(await original.apply(this, parameters));
    };
  }
}

/** Runs in the worker. */
function rememberedKeys(): RememberedKey[] {
  return (globalThis as unknown as { seenKeys?: RememberedKey[] }).seenKeys ?? [];
}

/** Runs in the page: every place where a browser keeps things for a site, as text. */
async function everythingKept(): Promise<string> {
  const found: unknown[] = [
    { ...localStorage },
    { ...sessionStorage },
    document.cookie,
    location.href,
    window.name,
  ];
  for (const key of await caches.keys()) {
    const cache = await caches.open(key);
    for (const request of await cache.keys()) {
      found.push(request.url, await (await cache.match(request))?.text());
    }
  }
  const plain = (value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
    if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer)];
    if (typeof value === 'bigint') return value.toString();
    return value;
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name ?? '');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise<unknown[]>((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      found.push(name, store, rows);
    }
    database.close();
  }
  return JSON.stringify(found, (_, value) => plain(value));
}
