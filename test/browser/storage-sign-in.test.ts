import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suspendProvider } from '@chartkey/sdk';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { openWard } from '../../scripts/lib/ward.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { accessibilityOf, newVisitor, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 120_000;
const WAITING = 'Waiting for your wallet: sign in to storage.';

describe.skipIf(executable === undefined && !mayNotSkip)('signing in to storage', () => {
  let browser: Browser;
  let stack: Stack;
  let web: RunningWeb;
  let folder: string;
  let patient: Visitor;
  let clinician: Visitor;

  const visitorFor = (account: (typeof ACTORS)['patient']) => {
    const { rpcUrl, deployment } = stack;
    const wallet = new TestWallet({ account, rpcUrl, chainId: deployment.chainId });
    return newVisitor({ browser, url: web.url, wallet });
  };

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-sign-in-'));
    for (const name of ['one.txt', 'two.txt', 'three.txt']) await writeFile(join(folder, name), name);
    await buildWeb();
    const port = await freePort();
    stack = await startStack({ folder: join(folder, 'stack'), origin: `http://localhost:${port}` });
    web = await startWeb({
      port,
      env: {
        CHARTKEY_RPC_URL: stack.rpcUrl,
        CHARTKEY_GATE_URL: stack.gate.url,
        CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      },
    });
    await openWard(stack, [ACTORS.clinician]);
    browser = await launchChromium(executable);
    [patient, clinician] = await Promise.all([visitorFor(ACTORS.patient), visitorFor(ACTORS.clinician)]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** What only time, or whoever runs the gate, does to its ledger. */
  const inLedger = (statement: string) => {
    const db = new DatabaseSync(join(folder, 'stack/gate/gate.sqlite'), { timeout: 5_000 });
    db.exec(statement);
    db.close();
  };

  const choose = async ({ page }: Visitor, name: string) =>
    page.locator('input[type=file]').first().setInputFiles(join(folder, name));

  it(
    'asks at the click, says what for, and can be waited for no longer',
    async () => {
      await patient.connect();
      await patient.goto('/patient/records');
      await choose(patient, 'one.txt');
      expect(patient.wallet.signed).toEqual([]);
      await patient.click('Encrypt and add 1 file');
      await patient.page.getByText(WAITING).waitFor();
      const prompt = await patient.wallet.prompt();
      expect(prompt.kind).toBe('signature');
      const [text = ''] = patient.wallet.signed;
      expect(text).toContain(`${new URL(web.url).host} wants you to sign in with your Ethereum account`);
      expect(text).toContain('This moves nothing, costs nothing, and opens no record.');
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);
      await patient.click('Stop waiting');
      await patient.page.getByText('You stopped waiting for your wallet.').waitFor();
    },
    STORY_MS,
  );

  it(
    'says that it was declined, and stores nothing',
    async () => {
      await patient.click('Encrypt and add 1 file');
      await patient.wallet.reject('signature');
      await patient.page.getByText('You declined this in your wallet').waitFor();
      await patient.heading('one.txt').waitFor();
    },
    STORY_MS,
  );

  it(
    'is one signature for a session, and one more for each list of files',
    async () => {
      await patient.click('Encrypt and add 1 file');
      await patient.wallet.approve('signature');
      await patient.wallet.approve('transaction');
      await patient.page.getByText('All added.').waitFor();
      const before = patient.wallet.asked.length;
      await choose(patient, 'two.txt');
      await patient.click('Encrypt and add 1 file');
      await patient.wallet.approve('transaction');
      await patient.page.getByText('two.txt').first().waitFor();
      await patient.page.getByText('All added.').waitFor();
      expect(patient.wallet.asked.slice(before)).toEqual(['eth_sendTransaction']);
      const kept = await patient.page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      );
      expect(kept).not.toMatch(/[\w-]{43}/);
    },
    STORY_MS,
  );

  it(
    'says so when the session ended, and goes on after another sign-in',
    async () => {
      inLedger('DELETE FROM sessions');
      await choose(patient, 'three.txt');
      await patient.click('Encrypt and add 1 file');
      await patient.page.getByText('Your sign-in to storage is over').waitFor();
      expect.soft(await accessibilityOf(patient.page)).toEqual([]);
      await patient.click('Try again');
      await patient.wallet.approve('signature');
      await patient.wallet.approve('transaction');
      await patient.page.getByText('All added.').waitFor();
    },
    STORY_MS,
  );

  it(
    'says when the room is used up, and when storage is down',
    async () => {
      inLedger('UPDATE usage SET bytes = 1000000000000');
      await choose(patient, 'one.txt');
      await patient.click('Encrypt and add 1 file');
      await patient.page.getByText('Your room in storage is used up').waitFor();
      inLedger('UPDATE usage SET bytes = 0');
      await stack.gate.service.close();
      await patient.click('Try again');
      await patient.page.getByText('Storage does not answer').waitFor();
      await stack.gate.restart();
      await patient.click('Try again');
      await patient.wallet.approve('transaction');
      await patient.page.getByText('All added.').waitFor();
    },
    STORY_MS,
  );

  it(
    'says to a provider that was suspended meanwhile why nothing is taken',
    async () => {
      await clinician.connect();
      await clinician.goto(`/clinician/chart/${ACTORS.patient.address}`);
      await clinician.click('Add to chart');
      await choose(clinician, 'one.txt');
      await clinician.click('Encrypt and send 1 file');
      const prompt = await clinician.wallet.prompt();
      await suspendProvider(stack.clientOf(ACTORS.manager), { provider: ACTORS.clinician.address });
      prompt.approve();
      await clinician.page
        .getByText('Storage takes nothing from this account')
        .or(clinician.page.getByText(/suspended/i))
        .first()
        .waitFor();
    },
    STORY_MS,
  );
});
