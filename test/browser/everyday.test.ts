import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consentsOf, openThroughKeepers, recordsOf } from '@chartkey/sdk';
import type { Browser, Page } from 'playwright-core';
import type { HDAccount } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../scripts/lib/web.ts';
import { type SeededPatient, seedDemoData } from '../../scripts/start/seed.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { findings } from './support/findings.ts';
import { push } from './support/house.ts';
import { pressOn, tabTo } from './support/keyboard.ts';
import { writeQrVideo } from './support/qr-video.ts';
import { newVisitor, type Visitor, type VisitorOptions } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 180_000;

describe.skipIf(executable === undefined && !mayNotSkip)('every day', () => {
  let folder: string;
  let stack: Stack;
  let web: RunningWeb;
  let browser: Browser;
  let patients: readonly SeededPatient[];

  beforeAll(async () => {
    if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
    folder = await mkdtemp(join(tmpdir(), 'chartkey-everyday-'));
    await writeFile(join(folder, 'letter.txt'), 'Made up.');
    await buildWeb();
    const port = await freePort();
    stack = await startStack({ origin: `http://localhost:${port}` });
    patients = await seedDemoData(stack);
    web = await startWeb({
      port,
      env: {
        CHARTKEY_RPC_URL: stack.rpcUrl,
        CHARTKEY_GATE_URL: stack.gate.url,
        CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      },
    });
    const video = join(folder, 'code.y4m');
    await writeQrVideo(video, numberOf(patients[0]));
    browser = await launchChromium(executable, [
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${video}`,
    ]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.close();
    await stack?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const visitorFor = (account: HDAccount, context?: VisitorOptions['context'], of = browser) =>
    newVisitor({
      ...{ browser: of, url: web.url, context },
      wallet: new TestWallet({ account, rpcUrl: stack.rpcUrl, chainId: stack.deployment.chainId }),
    });

  describe('a patient’s code', () => {
    it(
      'is shown by the patient, and found by the clinician in a picture of it',
      async () => {
        const patient = await visitorFor(ACTORS.patient);
        await patient.connect();
        await patient.goto('/patient');
        await patient.click('Show it as a code');
        const code = patient.page.getByRole('img', { name: 'Your patient number as a QR code' });
        await code.waitFor();
        expect.soft(await findings(patient.page)).toEqual([]);
        const picture = await code.screenshot();

        const clinician = await visitorFor(ACTORS.clinician);
        await clinician.connect();
        await clinician.goto('/clinician');
        await clinician.click('Scan a code');
        // Nobody allowed the camera here.
        await clinician.page.getByText('The camera is not allowed here').waitFor();
        expect.soft(await findings(clinician.page)).toEqual([]);
        const files = clinician.page.locator('input[type=file]');
        await files.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: BLANK });
        await clinician.page.getByText(/No code could be read in this picture/).waitFor();
        await files.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture });
        await clinician.page.getByRole('dialog').waitFor({ state: 'detached' });
        const field = clinician.page.getByLabel('Find a patient');
        expect(await field.inputValue()).toBe(numberOf(patients[0]));
        await clinician.page.getByRole('link', { name: 'Open chart' }).first().waitFor();
        expect.soft(await findings(clinician.page)).toEqual([]);
        expect(complaintsOf(patient, clinician)).toEqual([]);
        await patient.context.close();
        await clinician.context.close();
      },
      STORY_MS,
    );

    it(
      'is seen by the camera, which starts upon a click and stops afterwards',
      async () => {
        const clinician = await visitorFor(ACTORS.clinician, { permissions: ['camera'] });
        await clinician.context.addInitScript(countCameras);
        await clinician.connect();
        await clinician.goto('/clinician');
        await clinician.button('Scan a code').waitFor();
        expect(await camerasOf(clinician.page)).toEqual({ asked: 0, live: 0 });
        await clinician.click('Scan a code');
        await clinician.page.getByRole('link', { name: 'Open chart' }).nth(1).waitFor();
        expect(await clinician.page.getByLabel('Find a patient').inputValue()).toBe(numberOf(patients[0]));
        expect(await camerasOf(clinician.page)).toEqual({ asked: 1, live: 0 });
        expect(complaintsOf(clinician)).toEqual([]);
        await clinician.context.close();
      },
      STORY_MS,
    );

    it(
      'error: no camera, a number of nobody, and a patient who does not share',
      async () => {
        const clinician = await visitorFor(ACTORS.clinician, { permissions: ['camera'] });
        await clinician.context.addInitScript(() => {
          navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
        });
        await clinician.connect();
        await clinician.goto('/clinician');
        await clinician.click('Scan a code');
        await clinician.page.getByText('No camera found').waitFor();
        await clinician.page.keyboard.press('Escape');
        const field = clinician.page.getByLabel('Find a patient');
        await field.fill(`<1, 0x${'0'.repeat(64)}>`);
        await clinician.page.getByText('No patient has this number here.').waitFor();
        await field.fill(ACTORS.thirdPatient.address);
        await clinician.page.getByText('does not share with you').waitFor();
        await clinician.page.getByRole('status').getByRole('link', { name: 'Ask for access' }).click();
        await clinician.heading('Ask for access').waitFor();
        expect(await clinician.page.getByLabel('Patient number').inputValue()).toBe(
          ACTORS.thirdPatient.address,
        );
        expect(complaintsOf(clinician)).toEqual([]);
        await clinician.context.close();
      },
      STORY_MS,
    );
  });

  it(
    'the inbox says what waits, leads there, and forgets looks that were seen',
    async () => {
      const patient = await visitorFor(ACTORS.patient);
      await patient.connect();
      await patient.goto('/patient');
      await patient.click(/^Inbox, 2 new/);
      const inbox = patient.page.getByRole('dialog', { name: 'Inbox' });
      await inbox.getByText('1 record waits to be accepted into your chart').waitFor();
      await inbox.getByText('1 opening by others since you last looked here').waitFor();
      expect.soft(await findings(patient.page)).toEqual([]);
      await inbox.getByRole('link', { name: /1 opening/ }).click();
      await patient.heading('Who looked').waitFor();
      await patient.button(/^Inbox, 1 new/).waitFor();

      const manager = await visitorFor(ACTORS.manager);
      await manager.connect();
      await manager.goto('/manager/system');
      await manager.click(/^Inbox, 1 new/);
      await manager.page.getByRole('link', { name: /1 provider waits to be verified/ }).click();
      await manager.page.getByText('You cannot open any patient’s record').waitFor();

      const clinician = await visitorFor(ACTORS.clinician);
      await clinician.connect();
      await clinician.goto('/clinician');
      await clinician.click('Inbox, nothing new');
      await clinician.page.getByText('Nothing waits for you').waitFor();
      expect(complaintsOf(patient, manager, clinician)).toEqual([]);
      for (const { context } of [patient, manager, clinician]) await context.close();
    },
    STORY_MS,
  );

  it(
    'a look that is not recognised: marked, told, and no longer possible',
    async () => {
      const patient = await visitorFor(ACTORS.patient);
      await patient.connect();
      // One of the patient's own, without their key: it stands in the log like any other.
      const [own] = await recordsOf(stack.clientOf(), { patient: ACTORS.patient.address });
      if (!own) throw new Error('The seeded record is missing.');
      await openThroughKeepers(stack.clientOf(ACTORS.patient), {
        ...stack,
        recordIds: [own.recordId],
        purpose: 'PATRQT',
      });
      await patient.goto('/patient/log');
      await patient.page.getByText('This list is complete').waitFor();
      await patient.page.getByText('You', { exact: false }).first().waitFor();
      expect(await patient.button('I don’t recognise this').count()).toBe(1);
      await patient.click('I don’t recognise this');
      const dialog = patient.page.getByRole('dialog');
      await dialog.getByText(`On the network: ${ACTORS.manager.address}`).waitFor();
      expect.soft(await findings(patient.page)).toEqual([]);
      await patient.click('Mark this entry for me');
      await dialog.getByRole('button', { name: 'Stop sharing' }).click();
      await patient.wallet.reject('transaction');
      await dialog.getByText('You declined this in your wallet').waitFor();
      await dialog.getByRole('button', { name: 'Stop sharing' }).click();
      await patient.wallet.approve('transaction');
      await dialog.getByText(/You share nothing with this person now/).waitFor();
      expect(await consentsOf(stack.clientOf(), { patient: ACTORS.patient.address })).toEqual([]);
      await patient.page.keyboard.press('Escape');
      await patient.goto('/patient/log');
      await patient.page.getByText('Marked by you').waitFor();
      expect.soft(await findings(patient.page)).toEqual([]);
      expect(complaintsOf(patient)).toEqual([]);
      await patient.context.close();
    },
    STORY_MS,
  );

  it(
    'by keyboard alone: a patient adds and gives access, a clinician opens',
    async () => {
      const patient = await visitorFor(ACTORS.secondPatient);
      await patient.connect();
      const { page } = patient;
      await patient.goto('/patient/records');
      await page.getByText('Locked record').first().waitFor();
      await tabTo(page, /^Recovery code/);
      await page.keyboard.type(patients[1]?.recoveryCode ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: /Harbour/ }).waitFor();
      const chosen = page.waitForEvent('filechooser');
      await page.locator('body').focus();
      await pressOn(page, /^Drop|choose files|Choose files/i);
      await (await chosen).setFiles(join(folder, 'letter.txt'));
      await pressOn(page, /^Encrypt and add 1 file/);
      await patient.wallet.approve('transaction');
      await page.getByText('All added.').waitFor();
      await pressOn(page, /^Requests$/);
      await patient.heading('Requests').waitFor();
      await pressOn(page, /^Give access$/);
      await patient.wallet.approve('transaction');
      await page.getByText('Nothing to answer').waitFor();

      const clinician = await visitorFor(ACTORS.clinician);
      await clinician.connect();
      await clinician.goto('/clinician');
      await clinician.page.getByRole('link', { name: 'Open chart' }).waitFor();
      await pressOn(clinician.page, /^Open chart$/);
      await clinician.button('Open 2 records').waitFor();
      await pressOn(clinician.page, /^Open 2 records$/, 'Space');
      await clinician.wallet.approve('transaction');
      await clinician.heading('Lab results').waitFor();
      expect(complaintsOf(patient, clinician)).toEqual([]);
      for (const { context } of [patient, clinician]) await context.close();
    },
    STORY_MS,
  );

  it(
    'what is being added goes on while its person is on another page, which shows it',
    async () => {
      const patient = await visitorFor(ACTORS.secondPatient);
      await patient.connect();
      const { page } = patient;
      const link = (name: string) => page.getByRole('link', { name, exact: true });
      await patient.goto('/patient/records');
      await page.getByLabel(/^Recovery code/).fill(patients[1]?.recoveryCode ?? '');
      await page.keyboard.press('Enter');
      await page.getByText('Locked record').first().waitFor({ state: 'detached' });
      await page.locator('input[type=file]').first().setInputFiles(join(folder, 'letter.txt'));
      await patient.click('Encrypt and add 1 file');
      await link('Sharing').click();
      await patient.heading('Sharing').waitFor();
      await patient.click('1 file is not added yet');
      const tray = page.getByRole('dialog', { name: '1 file is not added yet' });
      await tray.getByText('letter.txt').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await tray.getByText('stored, waiting for your signature').waitFor();
      await patient.wallet.approve('transaction');
      await tray.waitFor({ state: 'detached' });
      await link('Records').click();
      await page.getByText('All added.').waitFor();
      await patient.click('Clear the list');
      expect(complaintsOf(patient)).toEqual([]);
      await patient.context.close();
    },
    STORY_MS,
  );

  it(
    'a slow network is said, and one that does not answer can be tried again, and is by itself',
    async () => {
      const patient = await visitorFor(ACTORS.thirdPatient);
      await patient.connect();
      let hold = true;
      const held: (() => void)[] = [];
      await patient.page.route('**/api/rpc', async (route) => {
        if (hold) await new Promise<void>((resolve) => held.push(resolve));
        await route.continue();
      });
      await patient.goto('/patient');
      await patient.page.getByText('This takes longer than usual.').waitFor();
      expect.soft(await findings(patient.page)).toEqual([]);
      hold = false;
      for (const go of held) go();
      await patient.heading('Nobody else can read your records').waitFor();
      await patient.page.unroute('**/api/rpc');

      await patient.page.route('**/api/rpc', (route) => route.fulfill({ status: 502, body: '{}' }));
      await patient.goto('/patient');
      await patient.page.getByText('The network does not answer').waitFor({ timeout: 60_000 });
      expect.soft(await findings(patient.page)).toEqual([]);
      await patient.button('Try again').waitFor();
      // Whether somebody clicks there or not: it goes on as soon as there is an answer.
      await patient.page.unroute('**/api/rpc');
      await patient.heading('Nobody else can read your records').waitFor();
      await patient.context.close();
    },
    STORY_MS,
  );

  describe('installed', () => {
    it(
      'has a manifest whose icons are what it says',
      async () => {
        const guest = await visitorFor(ACTORS.outsider);
        await guest.goto('/');
        const href = await guest.page.locator('link[rel=manifest]').getAttribute('href');
        const manifest = await (await guest.page.request.get(`${web.url}${href}`)).json();
        expect(manifest).toMatchObject({ name: 'Chartkey', start_url: '/', display: 'standalone' });
        for (const { src, sizes } of manifest.icons as readonly { src: string; sizes: string }[]) {
          const size = await guest.page.evaluate(async (from) => {
            const image = new Image();
            image.src = from;
            await image.decode();
            return `${image.naturalWidth}x${image.naturalHeight}`;
          }, src);
          if (sizes !== 'any') expect(size).toBe(sizes);
        }
        expect(complaintsOf(guest)).toEqual([]);
        await guest.context.close();
      },
      STORY_MS,
    );

    it(
      'shows its own page without a network, keeps nothing else, and goes on where it was',
      async () => {
        const patient = await visitorFor(ACTORS.patient);
        await patient.connect();
        const { page, context } = patient;
        await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
        await patient.goto('/patient/records');
        await page.getByLabel('Recovery code', { exact: true }).fill(patients[0]?.recoveryCode ?? '');
        await patient.click('Unlock');
        await page.getByRole('link', { name: /Northport/ }).click();
        await patient.heading('Lab results').waitFor();
        await push(patient, '/patient/log');
        await patient.heading('Who looked').waitFor();
        const kept = await page.evaluate(async () => {
          const names = await caches.keys();
          const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return requests.flat().map(({ url }) => new URL(url).pathname);
        });
        expect(kept.sort()).toEqual(['/icon.svg', '/offline.css', '/offline.html']);

        await context.setOffline(true);
        await page.getByText('You are offline').waitFor();
        const complaints = patient.complaints.splice(0);
        expect(complaintsOf({ ...patient, complaints })).toEqual([]);
        await page.goto(`${web.url}/patient/records`);
        await patient.heading('You are offline').waitFor();
        expect(page.url()).toBe(`${web.url}/patient/records`);
        expect.soft(await findings(page)).toEqual([]);
        patient.complaints.splice(0);
        await context.setOffline(false);
        await page.getByRole('link', { name: 'Try again' }).click();
        await page.getByText('Locked record').first().waitFor();
        expect(complaintsOf(patient)).toEqual([]);
        await context.close();
      },
      STORY_MS,
    );
  });
});

/** What the browser itself writes when it can't reach something is no fault of the page. */
function complaintsOf(...visitors: readonly Pick<Visitor, 'complaints'>[]): readonly string[] {
  return visitors.flatMap(({ complaints }) =>
    complaints.filter((text) => !/net::ERR_(INTERNET_DISCONNECTED|FAILED|NETWORK_CHANGED)/.test(text)),
  );
}

function numberOf(patient: SeededPatient | undefined): string {
  return `<${LOCAL_AREA}, ${patient?.pid}>`;
}

type Cameras = { asked: number; live: number };

function camerasOf(page: Page): Promise<Cameras> {
  return page.evaluate(() => {
    const { __tracks, __asked } = globalThis as unknown as { __tracks: MediaStreamTrack[]; __asked: number };
    return { asked: __asked, live: __tracks.filter(({ readyState }) => readyState === 'live').length };
  });
}

/** Runs in the page: how often the camera was asked for, and what is left running. */
function countCameras(): void {
  const page = globalThis as unknown as { __tracks: MediaStreamTrack[]; __asked: number };
  Object.assign(page, { __tracks: [], __asked: 0 });
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    page.__asked++;
    const stream = await ask(wanted);
    page.__tracks.push(...stream.getTracks());
    return stream;
  };
}

/** A white picture. */
const BLANK = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);
