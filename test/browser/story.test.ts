import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { sampleBundle, samplePdf } from '../../scripts/lib/samples.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { accessibilityOf, newVisitor, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';

/** What the sample bundle says, as the page must show it. */
const FHIR_FILE = 'chart 🩺.json';
const STORY_MS = 120_000;
/** JavaScript of the first page, gzip. */
const FIRST_PAGE_BYTES = 350 * 1024;

describe.skipIf(executable === undefined && !mayNotSkip)('the story in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let web: RunningWeb;
  let folder: string;
  let patient: Visitor;
  let clinician: Visitor;
  let manager: Visitor;
  let recoveryCode = '';
  let patientNumber = '';

  const webEnv = () => ({
    CHARTKEY_RPC_URL: stack.rpcUrl,
    CHARTKEY_GATE_URL: stack.gate.url,
    CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
  });

  const visitorFor = (account: (typeof ACTORS)['patient'], startOn?: number, url = web.url) =>
    newVisitor({
      browser,
      url,
      wallet: new TestWallet({
        account,
        rpcUrl: stack.rpcUrl,
        chainId: stack.deployment.chainId,
        ...(startOn === undefined ? {} : { startOn }),
      }),
    });

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-browser-'));
    await writeFile(join(folder, FHIR_FILE), JSON.stringify(sampleBundle(7)));
    await writeFile(join(folder, 'letter.pdf'), samplePdf());
    await writeFile(join(folder, 'empty.txt'), '');
    await buildWeb();
    const port = await freePort();
    stack = await startStack({ origin: `http://localhost:${port}` });
    web = await startWeb({ port, env: webEnv() });
    browser = await launchChromium(executable);
    [patient, clinician, manager] = await Promise.all([
      visitorFor(ACTORS.patient),
      visitorFor(ACTORS.clinician),
      visitorFor(ACTORS.manager),
    ]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'shows what it is, and a sample chart, before any wallet',
    async () => {
      await patient.goto('/');
      await patient.heading('Your health records. Your key.').waitFor();
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);

      const scripts = await patient.page.evaluate(() =>
        [...document.querySelectorAll<HTMLScriptElement>('script[src]:not([nomodule])')].map(
          ({ src }) => src,
        ),
      );
      const bodies = await Promise.all(scripts.map((src) => patient.page.request.get(src)));
      let bytes = 0;
      for (const body of bodies) bytes += gzipSync(await body.body()).length;
      expect.soft(bytes).toBeLessThan(FIRST_PAGE_BYTES);

      await patient.page.getByRole('link', { name: 'Try with sample data' }).click();
      await patient.heading('Lab results').waitFor();
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);
      expect(patient.wallet.asked).toEqual([]);
    },
    STORY_MS,
  );

  it('sets a policy that lets nothing else in', async () => {
    const response = await patient.page.request.get(`${web.url}/`);
    const policy = response.headers()['content-security-policy'] ?? '';
    for (const part of [
      "default-src 'none'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).toMatch(/script-src 'nonce-[\w+/=]+' 'strict-dynamic';/);
  });

  it('is no open proxy', async () => {
    const { request } = patient.page;
    const rpc = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: ['0x'] };
    expect((await request.post(`${web.url}/api/rpc`, { data: rpc })).status()).toBe(403);
    expect((await request.post(`${web.url}/api/rpc`, { data: [] })).status()).toBe(400);
    for (const command of ['add', 'pin/rm', 'dag/import', 'block/put', 'repo/gc', 'config/show']) {
      expect((await request.post(`${web.url}/storage/api/v0/${command}`)).status()).toBe(404);
    }
    expect((await request.get(`${web.url}/storage/..%2fhealthz`)).status()).toBe(404);
    expect((await request.get(`${web.url}/keepers/${ACTORS.outsider.address}/healthz`)).status()).toBe(404);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await request.post(`${web.url}/storage/auth/nonce`, { headers: elsewhere })).status()).toBe(403);
  });

  it(
    'connects after a rejection, and asks nothing on load',
    async () => {
      await patient.goto('/connect');
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);
      await patient.click('Connect with Test Wallet');
      await patient.wallet.reject('connect');
      await patient.page.getByText('You declined to connect').waitFor();
      await patient.connect();
    },
    STORY_MS,
  );

  it(
    'enrols a patient, with a recovery kit and one signature',
    async () => {
      const { page } = patient;
      await page
        .getByRole('button', { name: 'I am a patient' })
        .or(page.getByRole('link', { name: 'I am a patient' }))
        .click();
      await page.getByLabel('A number or name that identifies you').fill('A-123-456');
      await patient.click('Make a kit only');
      recoveryCode = (await page.getByTestId('recovery-code').textContent()) ?? '';
      expect(recoveryCode).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){6}$/);
      await page.getByLabel('I have stored the code where I will find it').check();
      expect.soft(await accessibilityOf(page)).toEqual([]);

      await patient.click('Register');
      await patient.wallet.reject('transaction');
      await page.getByText('You declined this in your wallet').waitFor();
      await patient.click('Register');
      await patient.wallet.approve('transaction');
      await patient.heading('Your chart is ready').waitFor();
      patientNumber = (await page.getByTestId('patient-number').textContent()) ?? '';
      expect(patientNumber).toMatch(/^<1, 0x[0-9a-f]{64}>$/);
    },
    STORY_MS,
  );

  it(
    'adds files, an empty one too, and keeps them when the wallet rejects',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Add my first record' }).click();
      await patient.heading('No records yet').waitFor();
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles([join(folder, FHIR_FILE), join(folder, 'empty.txt')]);
      await patient.click('Keep as one file');
      // The key that was just made is unlocked: storage needs no signature, and both files need one.
      await patient.click('Encrypt and add 2 files');
      await patient.wallet.reject('transaction');
      await page.getByText('You declined this in your wallet').first().waitFor();
      await page.getByText('stored, not signed yet').first().waitFor();

      await patient.click('Try again');
      await patient.wallet.approve('transaction');
      await page.getByText('All added.').waitFor();
      await page.getByRole('link', { name: new RegExp(FHIR_FILE) }).waitFor();
      // For a moment after the last signature the drop zone is disabled still, and pale.
      await page.locator('.mantine-Dropzone-root[data-disabled]').waitFor({ state: 'detached' });
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'opens the own record readably, with no signature and no entry',
    async () => {
      const { page } = patient;
      const before = patient.wallet.asked.length;
      await page.getByRole('link', { name: new RegExp(FHIR_FILE) }).click();
      await patient.heading('Lab results').waitFor();
      await page.getByText('Type 2 diabetes').waitFor();
      await page.getByText('Nobody yet.').waitFor();
      expect(patient.wallet.asked.length).toBe(before);
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'stays locked after a reload until the code is entered, and then shows titles again',
    async () => {
      const { page } = patient;
      await patient.goto('/patient/records');
      await page.getByText('Locked record').first().waitFor();
      await page.getByLabel('Recovery code', { exact: true }).fill('00000-11111');
      await patient.click('Unlock');
      await page.getByText(/A recovery code has 35 characters/).waitFor();
      await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode.toLowerCase());
      await patient.click('Unlock');
      await page.getByRole('link', { name: new RegExp(FHIR_FILE) }).waitFor();
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      expect(kept).not.toContain(recoveryCode.slice(0, 11));
    },
    STORY_MS,
  );

  it(
    'registers a clinician, whom the manager verifies',
    async () => {
      await clinician.connect();
      await clinician.page.getByRole('link', { name: 'I am a provider' }).click();
      await clinician.page.getByLabel('Licence number').fill('L-42');
      expect.soft(await accessibilityOf(clinician.page)).toEqual([]);
      await clinician.click('Register');
      await clinician.wallet.approve('transaction');
      await clinician.heading('Waiting to be verified').waitFor();

      await manager.connect();
      await manager.page.getByRole('link', { name: 'Go to the providers' }).click();
      await manager.page.getByText('You cannot open any patient’s record').waitFor();
      expect.soft(await accessibilityOf(manager.page)).toEqual([]);
      await manager.page.getByLabel('I compared the licence that they showed me').check();
      await manager.click('Verify');
      await manager.wallet.approve('transaction');
      await manager.heading('Nobody is waiting').waitFor();
    },
    STORY_MS,
  );

  it(
    'lets the clinician ask',
    async () => {
      const { page } = clinician;
      await clinician.goto('/clinician/ask');
      await page.getByLabel('Patient number').fill(patientNumber);
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await clinician.click('Ask');
      await clinician.wallet.approve('transaction');
      await clinician.heading('Request sent').waitFor();
    },
    STORY_MS,
  );

  it(
    'lets the patient answer in place, on the right network only',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Home', exact: true }).click();
      await patient.heading('One request for you').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);

      await patient.wallet.switchTo(1);
      await page.getByText('Your wallet is on another network.').first().waitFor();
      await page
        .getByRole('main')
        .getByRole('button', { name: /^Switch to/ })
        .first()
        .click();
      await patient.wallet.approve('switch-chain');

      await patient.click('Give access');
      await patient.wallet.approve('transaction');
      await patient.heading('1 person can read your records').waitFor();
    },
    STORY_MS,
  );

  it(
    'opens for the clinician, as a page and not as JSON',
    async () => {
      const { page } = clinician;
      await clinician.goto('/clinician');
      await page.getByRole('link', { name: 'Open chart' }).click();
      await clinician.click('Open 2 records');
      await clinician.wallet.approve('transaction');
      await page.getByText(/[23] of 3 keepers answered/).waitFor();
      await clinician.heading('Lab results').waitFor();
      // biome-ignore lint/performance/useDomNodeTextContent: what a person sees, not what is hidden.
      const text = await page.getByRole('main').innerText();
      for (const words of [
        'Type 2 diabetes',
        'Metformin 500 mg tablet',
        'Allergic to Penicillin',
        'Hemoglobin A1c',
        'Influenza, seasonal',
      ]) {
        expect(text).toContain(words);
      }
      expect(text).not.toContain('resourceType');
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'sends a record that the patient accepts',
    async () => {
      const { page } = clinician;
      await clinician.click('Add to chart');
      await page.locator('input[type=file]').first().setInputFiles(join(folder, 'letter.pdf'));
      await clinician.click('Encrypt and send 1 file');
      await clinician.wallet.approve('signature');
      await clinician.wallet.approve('transaction');
      await page.getByText('Sent. The patient has to accept.').waitFor();

      await patient.page.getByRole('link', { name: 'Records', exact: true }).click();
      await patient.heading('Waiting for you').waitFor();
      await patient.click('Accept');
      await patient.wallet.approve('transaction');
      await patient.page.getByRole('link', { name: /letter\.pdf/ }).click();
      await patient.page.locator('canvas[data-drawn=true]').waitFor();
      await patient.click('The words on this page');
      await patient.page.getByText('Discharge letter').waitFor();
    },
    STORY_MS,
  );

  it(
    'shows the patient who looked, and that the list is complete',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Who looked' }).click();
      await page.getByText('This list is complete').waitFor();
      await page.getByText(/Opened 2 records/).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'refuses the clinician after the patient stopped sharing',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Sharing', exact: true }).click();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await patient.click('Stop sharing');
      await page
        .getByRole('dialog')
        .getByText(/What they already saw can’t be taken back/)
        .waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Stop sharing' }).click();
      await patient.wallet.approve('transaction');
      await page.getByText('Sharing stopped').waitFor();

      await clinician.goto(`/clinician/chart/${ACTORS.patient.address}`);
      await clinician.heading('This patient does not share with you').waitFor();
      await clinician.click('Try to open');
      await clinician.wallet.approve('transaction');
      await clinician.page.getByText('One record was refused').waitFor();

      await page.getByRole('link', { name: 'Who looked' }).click();
      await page.getByText('Refused', { exact: true }).waitFor();
    },
    STORY_MS,
  );

  it(
    'says when too few keepers answer, and opens without a second signature once they do',
    async () => {
      const accessor = await visitorFor(ACTORS.patient);
      await accessor.connect();
      const [first, second] = stack.keepers;
      await Promise.all([first?.service.close(), second?.service.close()]);
      await accessor.goto('/patient/records');
      await accessor.page
        .getByRole('link', { name: /Locked record/ })
        .last()
        .click();
      await accessor.click('Open through the keepers');
      await accessor.wallet.approve('transaction');
      await accessor.page.getByText('Too few keepers answered').waitFor();

      await Promise.all([first?.restart(), second?.restart()]);
      const signatures = accessor.wallet.asked.length;
      await accessor.click('Try again');
      await accessor.heading('Lab results').waitFor();
      expect(accessor.wallet.asked.length).toBe(signatures);
      expect(accessor.complaints.filter((line) => !isBackendDown(line))).toEqual([]);
      await accessor.context.close();
    },
    STORY_MS,
  );

  it(
    'keeps a file when storage is down, and says so',
    async () => {
      const cut = await startWeb({ env: { ...webEnv(), CHARTKEY_GATE_URL: 'http://127.0.0.1:9' } });
      try {
        const sender = await visitorFor(ACTORS.patient, undefined, cut.url);
        await sender.connect();
        await sender.goto('/patient/records');
        await sender.page.locator('input[type=file]').first().setInputFiles(join(folder, FHIR_FILE));
        await sender.click('Keep as one file');
        await sender.click('Encrypt and add 1 file');
        await sender.page.getByText('Storage does not answer').waitFor();
        await sender.heading(FHIR_FILE).waitFor();
        await sender.button('Encrypt and add 1 file').waitFor();
        expect(sender.wallet.asked).toEqual(['wallet_requestPermissions']);
        expect(sender.complaints.filter((line) => !isBackendDown(line))).toEqual([]);
        await sender.context.close();
      } finally {
        await cut.close();
      }
    },
    STORY_MS,
  );

  it(
    'lets go of a wallet that never answers',
    async () => {
      const { page, wallet } = patient;
      await page.getByRole('link', { name: 'Sharing', exact: true }).click();
      await patient.click('Give access');
      await page.getByRole('combobox', { name: 'Who' }).fill(ACTORS.clinician.address);
      await patient.click('Give access');
      const prompt = await wallet.prompt();
      await page.getByText('Waiting for your wallet.').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await patient.click('Stop waiting');
      await page.getByText('You stopped waiting for your wallet.').waitFor();

      // What is approved after all counts, and the page finds out by itself.
      prompt.approve();
      await patient.button('Stop sharing').waitFor();
    },
    STORY_MS,
  );

  it(
    'locks the chart when the wallet is locked',
    async () => {
      const { page, wallet } = patient;
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('link', { name: new RegExp(FHIR_FILE) }).waitFor();
      await wallet.lock();
      await patient.heading('Connect your wallet').waitFor();
      await patient.click('Connect with Test Wallet');
      await wallet.approve('connect');
      await page.getByText('Locked record').first().waitFor();
    },
    STORY_MS,
  );

  it(
    'brings a wallet that never heard of the network onto it',
    async () => {
      const newcomer = await visitorFor(ACTORS.secondPatient, 1);
      await newcomer.goto('/connect');
      await newcomer.click('Connect with Test Wallet');
      await newcomer.wallet.approve('connect');
      await newcomer.page.getByText(/Your wallet is on another network/).waitFor();
      await newcomer.page
        .getByRole('main')
        .getByRole('button', { name: /^Switch to/ })
        .click();
      await newcomer.wallet.approve('add-chain');
      await newcomer.heading('Connected').waitFor();
      expect(newcomer.complaints).toEqual([]);
      await newcomer.context.close();
    },
    STORY_MS,
  );

  it('heard no complaint: no console error, no policy violation, no request to anybody else', () => {
    expect({
      patient: patient.complaints,
      clinician: clinician.complaints,
      manager: manager.complaints,
    }).toEqual({
      patient: [],
      clinician: [],
      manager: [],
    });
  });
});

/** The browser itself writes a line for each answer like 502: that is what these tests provoke. */
function isBackendDown(line: string): boolean {
  return /Failed to load resource.* 50[24] .*\/(keepers|storage)\//.test(line);
}
