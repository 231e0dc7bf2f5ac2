import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addRecord,
  type ChartkeyClient,
  commitPid,
  describeFile,
  generatePidSalt,
  grantConsent,
  keyPairFromSeed,
  publishPublicKey,
  registerPatient,
  registerProvider,
  sealRecord,
} from '@chartkey/sdk';
import type { Browser } from 'playwright-core';
import { type Address, type LocalAccount, zeroAddress, zeroHash } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { accessibilityOf, newVisitor, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';

const CHARTS = 20;
const AT_ONCE = 5;
const DAY = 86_400;
const STEP_MS = 180_000;
const IN_WORDS = /^\d{1,2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2} UTC$/;

describe.skipIf(executable === undefined && !mayNotSkip)('people without ether, and a shift', () => {
  const people = {
    patient: privateKeyToAccount(generatePrivateKey()),
    clinician: privateKeyToAccount(generatePrivateKey()),
    lab: privateKeyToAccount(generatePrivateKey()),
  };
  const charts: Address[] = [people.patient.address];
  let browser: Browser;
  let stack: Stack;
  let web: RunningWeb;
  let folder: string;
  let patient: Visitor;
  let clinician: Visitor;
  let manager: Visitor;

  const visitorFor = (account: LocalAccount) =>
    newVisitor({
      browser,
      url: web.url,
      wallet: new TestWallet({ account, rpcUrl: stack.rpcUrl, chainId: stack.deployment.chainId }),
    });
  const clientOf = (account: LocalAccount): ChartkeyClient => ({
    ...stack.clientOf(account),
    relay: stack.relay,
  });
  const link = ({ page }: Visitor, name: string) => page.getByRole('link', { name, exact: true });

  /** Opens the chart of the patient at this place; what it asks of the wallet is the caller's. */
  const openChart = async (at: number, meanwhile: () => Promise<unknown> = async () => undefined) => {
    const { page } = clinician;
    await goToChart(at);
    await clinician.click('Open the record');
    await meanwhile();
    await page.getByText(/[23] of 3 keepers answered/).waitFor();
  };

  /** The list holds only what is on screen, so whoever is looked for is typed. */
  const goToChart = async (at: number) => {
    const { page } = clinician;
    await link(clinician, 'Today').click();
    await page.getByRole('textbox', { name: 'Find a patient' }).fill(charts[at] ?? '');
    await page.locator(`a[href="/clinician/chart/${charts[at]}"]`).first().click();
  };

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-shift-'));
    await writeFile(join(folder, 'note.txt'), 'A note.');
    await buildWeb();
    const port = await freePort();
    stack = await startStack({
      origin: `http://localhost:${port}`,
      env: { CHARTKEY_RELAY_RATE_PER_PERSON: '0' },
    });
    web = await startWeb({
      port,
      env: {
        CHARTKEY_RPC_URL: stack.rpcUrl,
        CHARTKEY_GATE_URL: stack.gate.url,
        CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
        CHARTKEY_RELAY_URL: stack.relay.url,
      },
    });
    browser = await launchChromium(executable);
    [patient, clinician, manager] = await Promise.all([
      visitorFor(people.patient),
      visitorFor(people.clinician),
      visitorFor(ACTORS.manager),
    ]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('leads to the relay, and to nothing else of it', async () => {
    const { request } = patient.page;
    expect((await request.get(`${web.url}/relay/v1/info`)).status()).toBe(200);
    for (const path of [
      'metrics',
      'healthz',
      'openapi.json',
      'v1/requests/..%2f..%2fmetrics',
      'v1/requests/0x12',
    ]) {
      expect((await request.get(`${web.url}/relay/${path}`)).status(), path).toBe(404);
    }
    expect((await request.post(`${web.url}/relay/v1/info`)).status()).toBe(404);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    const post = { headers: elsewhere, data: { requests: [] } };
    expect((await request.post(`${web.url}/relay/v1/requests`, post)).status()).toBe(403);
  });

  it(
    'registers a clinician with one signature, in words',
    async () => {
      await clinician.connect();
      await clinician.goto('/clinician/register');
      await clinician.page.getByText('Signing costs nothing.').waitFor();
      await clinician.click('Register');
      const { typed } = await clinician.wallet.approve('signature');
      expect(typed?.primaryType).toBe('RegisterProvider');
      expect(typed?.message).toMatchObject({ action: 'Apply as a provider.', roleName: 'Clinician' });
      expect(typed?.message['request']).toMatchObject({ validUntil: expect.stringMatching(IN_WORDS) });
      await clinician.heading('Waiting to be verified').waitFor();
      expect(clinician.wallet.signatures).toBe(1);
    },
    STEP_MS,
  );

  it(
    'lets the manager verify two providers with one signature, which lists both',
    async () => {
      await registerProvider(clientOf(people.lab), application('Lab'));
      await manager.connect();
      await manager.goto('/manager');
      await manager.page.getByLabel('All 2').check();
      expect.soft(await accessibilityOf(manager.page)).toEqual([]);
      await manager.click('Verify 2');
      const { typed } = await manager.wallet.approve('signature');
      const verified = typed?.message['verifications'] as {
        provider: Address;
        roleName: string;
        until: string;
      }[];
      expect(verified.map(({ roleName }) => roleName).toSorted()).toEqual(['Clinician', 'Laboratory']);
      for (const { until } of verified) expect(until).toMatch(IN_WORDS);
      await manager.heading('Nobody is waiting').waitFor();
      expect(manager.wallet.signatures).toBe(1);
    },
    STEP_MS,
  );

  it(
    'lets a patient register, add a record and give access: three signatures, no ether',
    async () => {
      const { page } = patient;
      await patient.connect();
      await patient.goto('/patient/enrol');
      await page.getByLabel('A number or name that identifies you').fill('A-123-456');
      await patient.click('Make a kit only');
      await page.getByLabel('I have stored the code where I will find it').check();
      await patient.click('Register');
      expect((await patient.wallet.approve('signature')).typed?.primaryType).toBe('RegisterPatient');
      await link(patient, 'Add my first record').click();
      await patient.heading('No records yet').waitFor();
      await page.locator('input[type=file]').first().setInputFiles(join(folder, 'note.txt'));
      await patient.click('Encrypt and add 1 file');
      const { typed: added } = await patient.wallet.approve('signature');
      // The folder's own, and the one that pages keep folders' names in.
      expect(added?.message['folders']).toMatch(/^1(, 64)?$/);
      await page.getByText('All added.').waitFor();

      await link(patient, 'Sharing').click();
      await patient.click('Give access');
      await page.getByRole('combobox', { name: 'Who' }).fill(people.clinician.address);
      await page
        .getByRole('region', { name: 'Give access' })
        .getByRole('button', { name: 'Give access' })
        .click();
      const { typed } = await patient.wallet.approve('signature');
      expect(typed?.primaryType).toBe('GrantConsent');
      expect(typed?.message).toMatchObject({
        action: 'Let this accessor read your records.',
        folders: '1',
        why: 'Treatment',
        from: 'at once',
        until: expect.stringMatching(IN_WORDS),
      });
      await patient.button('Stop sharing').waitFor();
      expect(patient.wallet.signatures).toBe(3);
    },
    STEP_MS,
  );

  it(
    'starts a shift after one prompt without an answer and one refusal',
    async () => {
      const others = Array.from({ length: CHARTS - 1 }, () => privateKeyToAccount(generatePrivateKey()));
      for (let i = 0; i < others.length; i += AT_ONCE) {
        await Promise.all(others.slice(i, i + AT_ONCE).map((other) => sharedChart(other)));
      }
      charts.push(...others.map(({ address }) => address));
      const { page, wallet } = clinician;
      await clinician.goto('/clinician');
      await clinician.heading(`Shared with me (${CHARTS})`).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);

      await clinician.click('Start shift');
      await wallet.prompt();
      await page.getByText('Waiting for your wallet.').waitFor();
      await clinician.click('Stop waiting');
      await page.getByText('You stopped waiting for your wallet.').waitFor();
      await clinician.click('Start shift');
      await wallet.reject('signature');
      await page.getByText('You declined this in your wallet').waitFor();

      const before = wallet.signatures;
      await clinician.click('Start shift');
      const { typed } = await wallet.approve('signature');
      expect(typed?.primaryType).toBe('StartSession');
      expect(typed?.message['until']).toMatch(IN_WORDS);
      await page.getByText(/^Shift until \d\d:\d\d$/).waitFor();
      expect(wallet.signatures).toBe(before + 1);
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STEP_MS,
  );

  it(
    'opens twenty charts with no further prompt, and keeps no key anywhere',
    async () => {
      const { page, wallet } = clinician;
      const before = wallet.asked.length;
      for (let at = 0; at < CHARTS; ++at) await openChart(at);
      expect(wallet.asked.length).toBe(before);
      await page.getByText(/^Shift until \d\d:\d\d$/).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      const kept = await page.evaluate(async () => ({
        stored: Object.entries({ ...localStorage, ...sessionStorage }),
        databases: (await indexedDB.databases()).length,
      }));
      expect(kept.databases).toBe(0);
      for (const [name, value] of kept.stored) {
        if (name.startsWith('wagmi') || name.startsWith('mantine')) continue;
        // How far the inbox was read: a number.
        expect(name).toMatch(/^chartkey\.seen\./);
        expect(value).toMatch(/^\d*$/);
      }
    },
    STEP_MS * 2,
  );

  it(
    'ends the shift from another device; the next opening asks the wallet again',
    async () => {
      const elsewhere = await visitorFor(people.clinician);
      await elsewhere.connect();
      await elsewhere.goto('/clinician/shift');
      await elsewhere.heading(/^A shift is open until/).waitFor();
      await elsewhere.page.getByText(/Its key is not in this browser/).waitFor();
      expect.soft(await accessibilityOf(elsewhere.page)).toEqual([]);
      await elsewhere.click('End it everywhere');
      expect((await elsewhere.wallet.approve('signature')).typed?.primaryType).toBe('EndSession');
      await elsewhere.heading('No shift is open').waitFor();
      expect(elsewhere.wallet.signatures).toBe(1);
      expect(elsewhere.complaints).toEqual([]);
      await elsewhere.context.close();

      await clinician.page.getByText('Your shift was ended').waitFor();
      expect.soft(await accessibilityOf(clinician.page)).toEqual([]);
      const before = clinician.wallet.signatures;
      await openChart(0, async () => {
        const { typed } = await clinician.wallet.approve('signature');
        expect(typed?.message).toMatchObject({ why: 'Treatment' });
      });
      expect(clinician.wallet.signatures).toBe(before + 1);
    },
    STEP_MS,
  );

  it(
    'ends a shift here at a click, without any signature',
    async () => {
      const { page, wallet } = clinician;
      await startShift();
      const before = wallet.signatures;
      await openChart(1);
      await clinician.click('End shift');
      await page.getByText('Your shift has ended').waitFor();
      await page.getByText(/The chain lists it until/).waitFor();
      expect(wallet.signatures).toBe(before);
      await openChart(2, () => wallet.approve('signature'));
      expect(wallet.signatures).toBe(before + 1);
    },
    STEP_MS,
  );

  it(
    'goes round a relay that is down, if the wallet has ether; a suspension ends the shift',
    async () => {
      await startShift();
      await stack.relay.service.kill();
      const { page } = clinician;
      await goToChart(3);
      await clinician.click('Open the record');
      await page.getByText('The relay can’t send this now').waitFor();
      await page.getByText(/this wallet has none/).waitFor();
      expect(await clinician.button('Send it myself').isDisabled()).toBe(true);
      expect.soft(await accessibilityOf(page)).toEqual([]);

      await manager.goto('/manager/people');
      await manager.page.getByLabel('Search').fill(people.clinician.address);
      await manager.click('Suspend…');
      await manager.click('Suspend now');
      await manager.wallet.approve('signature');
      await manager.page.getByText('The relay can’t send this now').waitFor();
      await manager.click('Send it myself');
      await manager.wallet.approve('transaction');
      await manager.button('Reinstate').waitFor();

      await page.getByText('A manager suspended this account. It can open nothing').first().waitFor();
      await page.getByText('Your shift was ended').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
    },
    STEP_MS,
  );

  it(
    'sends by itself where that is set, and through the relay again afterwards',
    async () => {
      await stack.relay.restart();
      const { page, wallet } = manager;
      const set = async (name: string) => {
        const { address } = ACTORS.manager;
        await manager.click(`${address.slice(0, 6)}…${address.slice(-4)}`);
        await page.getByRole('menuitemradio', { name }).click();
      };
      await set('My wallet: needs ether');
      await page.getByText('You send it yourself and pay the fee in ether.').first().waitFor();
      await manager.click('Reinstate');
      await wallet.approve('transaction');
      await manager.button('Reinstate').waitFor({ state: 'detached' });
      await set('The relay: free');
      await page.getByText('Signing costs nothing.').first().waitFor({ state: 'detached' });
      await link(clinician, 'Today').click();
      await clinician.button('Start shift').waitFor();
    },
    STEP_MS,
  );

  it('cost neither of them any ether, and upset no browser', async () => {
    const { publicClient } = stack.clientOf();
    for (const { address } of Object.values(people)) {
      expect(await publicClient.getBalance({ address })).toBe(0n);
    }
    for (const { complaints } of [patient, clinician, manager]) {
      // While it was down.
      expect(complaints.filter((line) => !/502.*\/relay\//.test(line))).toEqual([]);
    }
  });

  async function startShift(): Promise<void> {
    await link(clinician, 'Today').click();
    await clinician.click('Start shift');
    await clinician.wallet.approve('signature');
    await clinician.page.getByText(/^Shift until \d\d:\d\d$/).waitFor();
  }

  /** A patient without ether who shares one record with the clinician. */
  async function sharedChart(account: LocalAccount): Promise<void> {
    const client = clientOf(account);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const publicKeyHash = await publishPublicKey(stack.storage, (await keyPairFromSeed(key)).publicKey);
    const pid = commitPid({ area: LOCAL_AREA, identifier: 'test patient', salt: generatePidSalt() });
    await registerPatient(client, { area: LOCAL_AREA, pid, publicKeyHash });
    const source = new Blob(['{"resourceType":"Bundle","type":"collection"}'], { type: 'application/json' });
    const { recordId } = await sealRecord(client, {
      ...{ storage: stack.storage, network: stack.network, source },
      ...{ patient: account.address, author: account.address },
      metadata: await describeFile(source, 'chart.json'),
    });
    await addRecord(client, { recordId, patient: account.address, compartment: 0 });
    const expiresAt = Math.floor(Date.now() / 1000) + 90 * DAY;
    await grantConsent(client, {
      accessor: people.clinician.address,
      consent: { compartments: [0], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
    });
  }
});

function application(role: 'Lab') {
  return { role, area: LOCAL_AREA, organisation: zeroAddress, credentialHash: zeroHash };
}
