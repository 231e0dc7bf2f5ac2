import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  accessLogOf,
  type LogEntry,
  openRecords,
  type PurposeOfUse,
  type RecordId,
  recordsOf,
} from '@chartkey/sdk';
import { type HDAccount, sha256, toHex } from 'viem';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caughtUp } from '../../indexer/test/world.ts';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { type RunningIndexer, startIndexerNode } from '../../scripts/lib/indexer.ts';
import { seedDemoData } from '../../scripts/start/seed.ts';
import { tamper } from '../flows/support/audit-world.ts';
import { findChromium } from './support/chromium.ts';
import { type House, push, startHouse } from './support/house.ts';
import { type Switch, startSwitch } from './support/switch.ts';
import { accessibilityOf, type Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 180_000;
const PATIENT = ACTORS.patient.address;
const COMPLETE = 'This list is complete';

/* Who looked, proven: with an index that is true, one that lies, one that is gone; and the auditor's pages. */
describe.skipIf(findChromium() === undefined && !mayNotSkip)('the log and its proof', () => {
  let house: House;
  let route: Switch;
  let hook: Server;
  let folder: string;
  let liar: RunningIndexer;
  let entries: readonly LogEntry[];
  let patient: Visitor;
  let auditor: Visitor;
  /** What the webhook was sent. */
  const posted: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartkey-audit-'));
    route = await startSwitch();
    hook = createServer(async (request, response) => {
      posted.push(await text(request));
      response.end();
    });
    hook.listen(0, '127.0.0.1');
    await once(hook, 'listening');
    house = await startHouse(() => ({
      CHARTKEY_INDEX_URL: route.url,
      CHARTKEY_ALERT_ORIGINS: hookOrigin(),
    }));
    const { stack } = house;
    route.point(stack.indexer.url);
    await seedDemoData(stack);
    const [record] = await recordsOf(stack.clientOf(), { patient: PATIENT });
    if (!record) throw new Error('The seeded record is missing.');
    for (let i = 0; i < 3; ++i) await open(ACTORS.clinician, [record.recordId]);
    for (let i = 0; i < 5; ++i) await open(ACTORS.clinician, [record.recordId], 'HRESCH');
    ({ entries } = await accessLogOf(stack.clientOf(), { patient: PATIENT }));
    liar = await startLiar();
    patient = await house.visitorFor(ACTORS.patient);
    auditor = await house.visitorFor(ACTORS.auditor);
  }, 400_000);

  afterAll(async () => {
    await liar?.service.close();
    await house?.close();
    await route?.close();
    hook?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  afterEach(() => {
    route.point(house.stack.indexer.url);
    for (const { complaints } of [patient, auditor]) complaints.length = 0;
  });

  const hookOrigin = () => `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;

  let openings = 0;
  const open = (account: HDAccount, recordIds: readonly RecordId[], purpose: PurposeOfUse = 'TREAT') => {
    const keyHash = sha256(toHex(`key ${++openings}`));
    return openRecords(house.stack.clientOf(account), { recordIds, purpose, keyHash });
  };

  /** An index of a copy of the database, in which the second entry is hidden and the third one edited. */
  const startLiar = async () => {
    const { stack } = house;
    const database = join(folder, 'liar.sqlite');
    await caughtUp(stack, stack.indexer);
    await stack.indexer.service.close();
    await copyFile(stack.indexFile, database);
    await stack.indexer.restart();
    const whose = `patient = '${PATIENT.toLowerCase()}'`;
    tamper(database, `DELETE FROM entries WHERE ${whose} AND sequence = 2`);
    tamper(database, `UPDATE entries SET purpose = 3 WHERE ${whose} AND sequence = 3`);
    const { rpcUrl, addressesFile } = stack;
    return startIndexerNode({ rpcUrl, addressesFile, database, role: 'reader' });
  };

  /** The page as it is when it is loaded now: what an index told before is forgotten. */
  const load = async (visitor: Visitor, path: string) => {
    await visitor.goto('/network');
    await visitor.goto(path);
  };

  describe('the patient', () => {
    it(
      'sees that the list is complete, as a whole, of a day and of each look',
      async () => {
        const { page } = patient;
        await patient.connect();
        await patient.goto('/patient/log');
        await page.getByText(COMPLETE).waitFor();
        await page.locator('[data-proof=proven]', { hasText: COMPLETE }).waitFor();
        await page.getByLabel(`Proven: entry ${entries.length}`, { exact: true }).waitFor();
        expect(await page.getByLabel(/^Proven: \d+ \w+ \d{4}$/).count()).toBe(1);
        await patient.click('Technical details');
        await page.getByText('the index', { exact: true }).waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        expect(patient.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'is told what the index hides and changes, and reads the chain’s own list',
      async () => {
        const { page } = patient;
        route.point(liar.url);
        await load(patient, '/patient/log');
        const alert = page.locator('[data-proof=index-wrong]');
        await alert.waitFor();
        expect(await alert.getByRole('listitem').allTextContents()).toEqual([
          'It leaves out entry 2.',
          'It changes entry 3 (purpose).',
        ]);
        await page.getByText(COMPLETE).waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        expect(patient.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'sees red when the server’s node leaves the entry out as well',
      async () => {
        const { page } = patient;
        route.point(liar.url);
        const hidden = entries[1]?.transactionHash;
        await page.route('**/api/rpc', async (asked) => {
          const answer = await asked.fetch();
          const body = JSON.stringify(await answer.json(), (_, value) =>
            Array.isArray(value) ? value.filter((one) => !isLogOf(one, hidden)) : value,
          );
          await asked.fulfill({ response: answer, body });
        });
        await load(patient, '/patient/log');
        const banner = page.locator('[data-proof=wrong][role=alert]');
        await banner.waitFor();
        expect(await banner.textContent()).toContain(`Entry 2 of ${entries.length} is missing.`);
        await page.getByLabel('Not proven: entry 1', { exact: true }).waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        await page.unroute('**/api/rpc');
        expect(patient.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'has every list without an index too, and a clean console',
      async () => {
        const { page } = patient;
        route.point(undefined);
        await load(patient, '/patient/log');
        await page.getByText(COMPLETE).waitFor();
        await patient.click('Technical details');
        await page.getByText('the chain', { exact: true }).waitFor();
        await load(patient, '/patient/sharing');
        await patient.button('Stop sharing').waitFor();
        await load(patient, '/patient/records');
        await page.getByText('Locked record').first().waitFor();
        await load(auditor, '/auditor/log');
        await auditor.page.locator('[data-source=chain]').waitFor();
        await auditor.button(/^Check this entry: 9 of/).waitFor();
        await load(auditor, '/auditor/watching');
        await auditor.heading('There is nothing to watch').waitFor();
        expect(patient.complaints).toEqual([]);
        expect(auditor.complaints).toEqual([]);
      },
      STORY_MS,
    );
  });

  describe('the auditor, without a wallet', () => {
    it(
      'sees counts, refusals and who was refused, and goes from there to the entries',
      async () => {
        const { page } = auditor;
        await load(auditor, '/auditor');
        await page.locator('[data-source=index]').waitFor();
        expect(await page.getByTestId('figure-Opened').textContent()).toBe('4');
        expect(await page.getByTestId('figure-Refused').textContent()).toBe('5');
        await page.getByText('refused 5 times').waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        await page.getByRole('link', { name: 'Refused', exact: true }).click();
        await auditor.heading('Log').waitFor();
        await page.getByText('Tried to open a record of patient').first().waitFor();
        expect(new URL(page.url()).hash).toMatch(/^#outcome=refused&from=\d{4}-\d\d-\d\d$/);
        expect(await page.getByRole('listitem').count()).toBe(5);
      },
      STORY_MS,
    );

    it(
      'filters, keeps that in the address, and opens the proof of a row',
      async () => {
        const { page } = auditor;
        await page.getByLabel('Who opened').fill('Dr Lee');
        await page.getByText('This is no account').waitFor();
        await page.getByLabel('Who opened').fill(ACTORS.clinician.address);
        await page.getByLabel('Outcome', { exact: true }).and(page.locator('input')).click();
        await page.getByRole('option', { name: 'Permitted', exact: true }).click();
        await auditor.click('Show these');
        await auditor.button(/^Check this entry: 4 of/).waitFor();
        expect(await page.getByRole('listitem').count()).toBe(4);
        const { hash } = new URL(page.url());
        expect(hash).toContain(`accessor=${ACTORS.clinician.address}`);
        await page.reload();
        await auditor.button(/^Check this entry: 4 of/).click();
        await page.getByText('This entry stands on the chain just like this').waitFor();
        await page.getByLabel('Proven: entry 4', { exact: true }).waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        await page.setViewportSize({ width: 360, height: 740 });
        expect.soft(await accessibilityOf(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
        await page.setViewportSize({ width: 1280, height: 900 });
        expect(auditor.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'sees a row red that the index has edited, and which logs it lies about',
      async () => {
        const { page } = auditor;
        route.point(liar.url);
        await load(auditor, '/auditor/log');
        await auditor.button(/^Check this entry: 3 of/).click();
        await page.getByText('the index changes entry 3 (purpose)').waitFor();
        await page.getByLabel('Wrong: entry 3', { exact: true }).waitFor();
        await load(auditor, '/auditor/integrity');
        await auditor.click('Check against the chain');
        await page.getByText(/^1 of \d+ logs are not proven$/).waitFor();
        const broken = page.getByRole('region', { name: `Log of ${PATIENT}` });
        const findings = (await broken.getByRole('listitem').allTextContents()).map(
          (one) => one.split(' · ')[0],
        );
        expect(findings).toEqual(['leaves out entry 2', 'changes entry 3 (purpose)']);
        expect.soft(await accessibilityOf(page)).toEqual([]);
        route.point(house.stack.indexer.url);
        await load(auditor, '/auditor/integrity');
        await page.getByLabel('Patient (empty: everybody)').fill(PATIENT);
        await auditor.click('Check against the chain');
        await page.getByText('The log is proven').waitFor();
        expect(auditor.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'exports CSV, FHIR and a report that says what is proven first',
      async () => {
        const { page } = auditor;
        await load(auditor, `/auditor/export#patient=${PATIENT}`);
        const csv = (await exported('CSV')).trim().split('\r\n');
        expect(csv[0]).toMatch(/^patient,sequence,openedAt,/);
        expect(csv).toHaveLength(1 + entries.length);
        const events = (await exported('FHIR AuditEvent')).trim().split('\n');
        expect(events.map((line) => JSON.parse(line).resourceType)).toEqual(entries.map(() => 'AuditEvent'));
        const report = await exported('Report (HTML)');
        expect(report).toContain('Complete, in order and unedited');
        await page.getByText('The report says: complete, in order and unedited.').waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        route.point(liar.url);
        await load(auditor, '/auditor/export');
        expect(await exported('Report (HTML)')).toContain('Not proven');
        await page.getByText('The report says: not proven.').waitFor();
        expect(auditor.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'turns a rule on, sees a finding, and a webhook gets nobody’s address',
      async () => {
        const { page } = auditor;
        await load(auditor, '/auditor/watching');
        const refusals = page.locator('[data-finding=many-refusals]');
        await refusals.waitFor();
        await page.getByLabel('Many refusals').click();
        await refusals.waitFor({ state: 'detached' });
        await page.getByLabel('Many refusals').click();
        await refusals.waitFor();
        await page.getByLabel('Address').fill('https://elsewhere.example/hook');
        await page.getByText('This server does not post there.').waitFor();
        await page.getByLabel('Address').fill(`${hookOrigin()}/hook`);
        await auditor.click('Send findings there');
        await page.getByText('One finding sent.').waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        expect(posted.map((body) => JSON.parse(body))).toMatchObject([
          { format: 'chartkey-alert', rule: 'many-refusals', count: 5 },
        ]);
        expect(posted.join()).not.toMatch(/0x[0-9a-f]/i);
        await page.reload();
        await refusals.waitFor();
        expect(auditor.complaints).toEqual([]);
      },
      STORY_MS,
    );

    it('asks for other lists, other places or too much in vain', async () => {
      const { request } = auditor.page;
      const ask = async (path: string, data: object) => {
        const answer = await request.post(`${house.web.url}${path}`, { data });
        return answer.status();
      };
      expect(await ask('/index/v1/entries', { limit: 1 })).toBe(200);
      expect(await ask('/index/v1/metrics', {})).toBe(404);
      expect(await ask('/index/v1/entries', { patient: 'x'.repeat(9_000) })).toBe(413);
      const alert = { rule: 'many-refusals', at: 1, count: 1, blockNumber: 1 };
      expect(await ask('/api/alerts', { url: 'http://127.0.0.1:1/', alert })).toBe(403);
      expect(await ask('/api/alerts', { url: hookOrigin(), alert: { ...alert, patient: PATIENT } })).toBe(
        400,
      );
      expect(posted.join()).not.toContain('0x');
    });

    const exported = async (format: string): Promise<string> => {
      const { page } = auditor;
      // Without a picker it is a download, which the test can read.
      await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      await page.getByLabel(format, { exact: true }).check();
      const [download] = await Promise.all([page.waitForEvent('download'), auditor.click('Export')]);
      return readFile(await download.path(), 'utf8');
    };
  });

  it(
    'tells a manager how far the index is',
    async () => {
      const manager = await house.visitorFor(ACTORS.manager);
      await manager.connect();
      await push(manager, '/manager/system');
      const service = manager.page.getByTestId('service-Index');
      await service.getByText('Up', { exact: true }).waitFor();
      await service.getByText(/Up to the newest block · version \d/).waitFor();
      expect(manager.complaints).toEqual([]);
    },
    STORY_MS,
  );
});

function isLogOf(one: unknown, transactionHash: string | undefined): boolean {
  return (
    typeof one === 'object' &&
    one !== null &&
    'topics' in one &&
    'transactionHash' in one &&
    one.transactionHash === transactionHash
  );
}
