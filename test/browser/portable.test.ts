import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { importAge, recordsOf } from '@chartkey/sdk';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { sampleBundle, samplePdf } from '../../scripts/lib/samples.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { collect } from '../../sdk/src/envelope/testing.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { type CountingProxy, startCountingProxy } from './support/counting-proxy.ts';
import { accessibilityOf, newVisitor, settled, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 180_000;
const PASSPHRASE = 'four words are better';
const CHART = 'chart 🩺.json';
/** Long enough for several parts of an upload. */
const SCAN_BYTES = 60 * 1_048_576;
/** More than what is under way when the line breaks. */
const UNDER_WAY_BYTES = 24 * 1_048_576;

describe.skipIf(executable === undefined && !mayNotSkip)('a chart that moves', () => {
  let browser: Browser;
  let stack: Stack;
  let web: RunningWeb;
  let proxy: CountingProxy;
  let folder: string;
  let patient: Visitor;
  let second: Visitor;
  const codes = new Map<Visitor, string>();

  const visitorFor = (account: (typeof ACTORS)['patient']) => {
    const { rpcUrl, deployment } = stack;
    const wallet = new TestWallet({ account, rpcUrl, chainId: deployment.chainId });
    return newVisitor({ browser, url: web.url, wallet });
  };

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-portable-'));
    await writeFile(join(folder, CHART), JSON.stringify(sampleBundle(7)));
    await writeFile(join(folder, 'letter.pdf'), samplePdf());
    const scan = await open(join(folder, 'scan.dcm'), 'w');
    await scan.truncate(SCAN_BYTES);
    await scan.close();
    await buildWeb();
    const port = await freePort();
    stack = await startStack({ origin: `http://localhost:${port}` });
    proxy = await startCountingProxy(stack.gate.url);
    web = await startWeb({
      port,
      env: {
        CHARTKEY_RPC_URL: stack.rpcUrl,
        CHARTKEY_GATE_URL: proxy.url,
        CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      },
    });
    browser = await launchChromium(executable);
    [patient, second] = await Promise.all([visitorFor(ACTORS.patient), visitorFor(ACTORS.secondPatient)]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await proxy?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'says so when there is nothing to export',
    async () => {
      await enrol(patient, 'A-1');
      await patient.goto('/patient/portable');
      await patient.page.getByText('there is nothing to export').waitFor();
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'goes on with an upload where it stopped when the storage node was killed',
    async () => {
      const { page } = patient;
      await interrupt();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      await stack.gate.restart();
      proxy.mend();
      await patient.wallet.prompt(60_000).then((prompt) => prompt.approve());
      await page.getByText('All added.').waitFor();
      expectNoStartingOver();
    },
    STORY_MS,
  );

  it(
    'goes on where it stopped after it was cancelled, when somebody tries again',
    async () => {
      const { page } = patient;
      await interrupt();
      await patient.click('Cancel');
      await page.getByText(/· not stored$/).waitFor();
      await stack.gate.restart();
      proxy.mend();
      await patient.click('Try again');
      await patient.wallet.prompt(60_000).then((prompt) => prompt.reject());
      await page.getByText(/stored, not signed yet/).waitFor();
      expectNoStartingOver();
    },
    STORY_MS,
  );

  it(
    'exports everything, encrypted, straight into a file',
    async () => {
      const { page } = patient;
      await patient.goto('/patient/records');
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles([join(folder, CHART), join(folder, 'letter.pdf')]);
      await patient.click('Keep as one file');
      await patient.click('Encrypt and add 2 files');
      await patient.wallet.approve('signature');
      await patient.wallet.approve('transaction');
      await page.getByText('All added.').waitFor();

      await patient.goto('/patient/portable');
      await page.getByText('Unlock your chart first.').waitFor();
      await unlock(patient);
      await saveInto(page, 'export');
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
      await page.getByLabel('The same again').fill(`${PASSPHRASE}!`);
      expect(await patient.button('Export everything').isDisabled()).toBe(true);
      await page.getByLabel('The same again').fill(PASSPHRASE);
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await patient.click('Export everything');
      await page.getByText('Your chart is exported').waitFor({ timeout: 100_000 });
      expect(await page.getByLabel('Passphrase', { exact: true }).inputValue()).toBe('');
      const sealed = await savedFrom(page, 'export');
      await writeFile(join(folder, 'chart.tar.age'), sealed);
    },
    STORY_MS,
  );

  it(
    'exports what any program unpacks, with a start page that anybody can read',
    async () => {
      const sealed = await readFile(join(folder, 'chart.tar.age'));
      const archive = await collect(importAge(new Blob([sealed]).stream(), { passphrase: PASSPHRASE }));
      await writeFile(join(folder, 'chart.tar'), archive);
      await promisify(execFile)('tar', ['xf', 'chart.tar'], { cwd: folder });
      const index = JSON.parse(await readFile(join(folder, 'chart/index.json'), 'utf8'));
      expect(index.entry.length).toBeGreaterThan(10);

      const context = await browser.newContext();
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).protocol));
      await page.goto(pathToFileURL(join(folder, 'chart/index.html')).href);
      await page.getByRole('heading', { name: 'Health records', exact: true }).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      const markup = await readFile(join(folder, 'chart/index.html'), 'utf8');
      const problem = await page.evaluate(
        (text) =>
          new DOMParser().parseFromString(text, 'application/xhtml+xml').querySelector('parsererror')
            ?.textContent,
        markup,
      );
      expect(problem).toBeUndefined();
      await page.getByRole('link', { name: CHART }).click();
      await page.getByText('resourceType').first().waitFor();
      expect(new Set(asked)).toEqual(new Set(['file:']));
      await context.close();
    },
    STORY_MS,
  );

  it(
    'ends an export that is cancelled, and leaves no half file',
    async () => {
      const { page } = patient;
      await saveInto(page, 'cancelled');
      await page.getByLabel('Not encrypted').check();
      await patient.click('Export everything');
      await page.getByText(/of 3 records/).waitFor();
      await patient.click('Cancel');
      await page.getByText('The export was cancelled.').waitFor();
      expect(await savedFrom(page, 'cancelled')).toHaveLength(0);
    },
    STORY_MS,
  );

  it(
    'finds that a chart which is imported where it came from is there already',
    async () => {
      const { page } = patient;
      await page
        .getByLabel('Import', { exact: true })
        .locator('input[type=file]')
        .setInputFiles(join(folder, 'chart.tar'));
      await patient.click('See what is in it');
      await page.getByText('you have all of it already').waitFor({ timeout: 60_000 });
      expect(await patient.button(/^Import \d/).count()).toBe(0);
      await page
        .getByLabel('Import', { exact: true })
        .locator('input[type=file]')
        .setInputFiles(join(folder, 'letter.pdf'));
      await page.getByText('neither a chart export nor an .age file').waitFor();
    },
    STORY_MS,
  );

  it(
    'imports the chart for somebody else, with one signature, and only once',
    async () => {
      const { page, wallet } = second;
      await enrol(second, 'B-2');
      await second.goto('/patient/portable');
      await unlock(second);
      const input = page.getByLabel('Import', { exact: true }).locator('input[type=file]');
      await input.setInputFiles(join(folder, 'chart.tar.age'));
      await page.getByLabel('Passphrase of the file').fill('not the passphrase');
      await second.click('See what is in it');
      await page.getByText('not an age file that opens with this secret').waitFor({ timeout: 60_000 });
      await page.getByLabel('Passphrase of the file').fill(PASSPHRASE);
      await second.click('See what is in it');
      await page.getByText(/A chart with 3 records/).waitFor({ timeout: 60_000 });
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      const before = wallet.asked.length;
      await second.click('Import 3 records');
      await wallet.prompt(120_000).then((prompt) => prompt.approve());
      await page.getByText('3 records are in your chart').waitFor({ timeout: 60_000 });
      expect(wallet.asked.length).toBe(before + 1);
      const there = await recordsOf(stack.clientOf(), { patient: ACTORS.secondPatient.address });
      expect(there).toHaveLength(3);

      await input.setInputFiles(join(folder, 'chart.tar'));
      await second.click('See what is in it');
      await page.getByText('you have all of it already').waitFor({ timeout: 60_000 });
    },
    STORY_MS,
  );

  it(
    'shows the imported chart, and saves one record as .age',
    async () => {
      const { page } = second;
      await page.getByRole('link', { name: 'All records' }).click();
      await page.getByRole('link', { name: new RegExp(CHART) }).click();
      await second.heading('Lab results').waitFor();
      await page.getByRole('button', { name: 'Download as .age…' }).click();
      await saveInto(page, 'one');
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
      await page.getByLabel('The same again').fill(PASSPHRASE);
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await second.click('Encrypt and download');
      await page.getByText('Downloaded, encrypted.').waitFor();
      const file = await savedFrom(page, 'one');
      const content = await collect(importAge(new Blob([file]).stream(), { passphrase: PASSPHRASE }));
      expect(JSON.parse(new TextDecoder().decode(content))).toEqual(sampleBundle(7));
    },
    STORY_MS,
  );

  it(
    'downloads through the browser where it can’t write a file',
    async () => {
      const { page } = second;
      await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
      await page.getByLabel('The same again').fill(PASSPHRASE);
      const download = page.waitForEvent('download');
      await second.click('Encrypt and download');
      expect((await download).suggestedFilename()).toBe(`${CHART}.age`);
    },
    STORY_MS,
  );

  it('heard no complaint', () => {
    // Three requests met a node that was killed on purpose.
    const real = [...patient.complaints, ...second.complaints].filter(
      (text) => !/status of 50[24]/.test(text),
    );
    expect(real).toEqual([]);
  });

  /** Kills the storage node in the middle of an upload. */
  async function interrupt(): Promise<void> {
    const { page } = patient;
    await patient.goto('/patient/records');
    await page.locator('input[type=file]').first().setInputFiles(join(folder, 'scan.dcm'));
    proxy.reset();
    proxy.breakAfter(2, () => stack.gate.service.kill());
    await patient.click('Encrypt and add 1 file');
    // After a reload the chart is locked, so its key can't sign in to storage.
    await patient.wallet.approve('signature');
    await page.getByText(/interrupted at [1-9]\d* %, going on from there/).waitFor({ timeout: 60_000 });
  }

  /** Had it started over, what was confirmed before would have been confirmed twice. */
  function expectNoStartingOver(): void {
    expect(proxy.confirmed()).toBeGreaterThan(SCAN_BYTES);
    expect(proxy.confirmed()).toBeLessThan(SCAN_BYTES + UNDER_WAY_BYTES);
  }

  async function enrol(visitor: Visitor, number: string): Promise<void> {
    const { page } = visitor;
    await visitor.connect();
    await visitor.goto('/patient/enrol');
    await page.getByLabel('A number or name that identifies you').fill(number);
    await visitor.click('Make a kit only');
    codes.set(visitor, (await page.getByTestId('recovery-code').textContent()) ?? '');
    await page.getByLabel('I have stored the code where I will find it').check();
    await visitor.click('Register');
    await visitor.wallet.approve('transaction');
    await visitor.heading('Your chart is ready').waitFor();
  }

  async function unlock(visitor: Visitor): Promise<void> {
    await visitor.page.getByLabel('Recovery code', { exact: true }).fill(codes.get(visitor) ?? '');
    await visitor.click('Unlock');
    await visitor.heading('Your chart is locked').waitFor({ state: 'hidden' });
  }
});

/** The person chooses a file: here one on the browser's private disk, as no dialog can be clicked. */
async function saveInto(page: Page, name: string): Promise<void> {
  await page.evaluate((to) => {
    Object.assign(window, {
      showSaveFilePicker: async () =>
        (await navigator.storage.getDirectory()).getFileHandle(to, { create: true }),
    });
  }, name);
}

async function savedFrom(page: Page, name: string): Promise<Buffer<ArrayBuffer>> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(async (from) => {
      const folder = await navigator.storage.getDirectory();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await (await folder.getFileHandle(from)).getFile());
      link.download = from;
      link.click();
    }, name),
  ]);
  return Buffer.from(await readFile(await download.path()));
}

async function overflowAt360(page: Page): Promise<number> {
  await page.setViewportSize({ width: 360, height: 740 });
  await settled(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  return overflow;
}
