import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf, recordsOf, splitBundle } from '@chartkey/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { samplePdf } from '../../scripts/lib/samples.ts';
import type { Stack } from '../../scripts/lib/stack.ts';
import { findChromium } from './support/chromium.ts';
import { type House, startHouse } from './support/house.ts';
import { accessibilityOf, settled, type Visitor } from './support/visitor.ts';

const executable = findChromium();
const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 180_000;
const BUNDLE = 'hospital.json';

describe.skipIf(executable === undefined && !mayNotSkip)('records out of a FHIR file', () => {
  let house: House;
  let stack: Stack;
  let folder: string;
  let patient: Visitor;
  let recoveryCode = '';
  const parts = splitBundle(hospitalBundle());
  const mine = () => recordsOf(stack.clientOf(), { patient: ACTORS.patient.address });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartkey-records-'));
    await writeFile(join(folder, BUNDLE), JSON.stringify(hospitalBundle()));
    await writeFile(join(folder, 'broken.json'), JSON.stringify(brokenBundle()));
    await writeFile(join(folder, 'blood test 2024-02-03.pdf'), samplePdf());
    house = await startHouse();
    ({ stack } = house);
    patient = await house.visitorFor(ACTORS.patient);
    await enrol();
  }, 300_000);

  afterAll(async () => {
    await house?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'shows what a bundle holds, and which file can only be added as one, and why',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Add my first record' }).click();
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles([join(folder, BUNDLE), join(folder, 'broken.json')]);
      await page
        .getByText('This file holds 3 visits, 6 lab results, 1 problem, 1 immunisation and 1 bill.')
        .waitFor();
      await page.getByText('Entry 2 (Observation): "status" has a code that R4 does not know.').waitFor();
      await patient.click('See them');
      await page.getByText('Lipid panel').first().waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await patient.click('Remove broken.json');
    },
    STORY_MS,
  );

  it(
    'adds every record and the names of the folders with one signature, each in its folder',
    async () => {
      const { page, wallet } = patient;
      await page.locator('input[type=file]').first().setInputFiles(join(folder, 'blood test 2024-02-03.pdf'));
      await page.getByText(/^Lab results ·/).waitFor();
      await patient.click('Change the details of blood test 2024-02-03.pdf');
      expect(await page.getByLabel('Date').inputValue()).toBe('2024-02-03');
      await page.getByLabel('Title').fill('Blood test');
      const before = wallet.asked.length;
      await patient.click(`Encrypt and add ${parts.length + 1} records`);
      await wallet.prompt(60_000).then((prompt) => prompt.approve());
      await page.getByText('All added.').waitFor();
      expect(wallet.asked.length).toBe(before + 1);

      const records = await mine();
      expect(records).toHaveLength(parts.length + 2);
      // What is apart for the patient is apart on the chain, under numbers that say nothing.
      const apart = parts.filter(({ suggestion }) => suggestion === 'mental-health').length;
      const sizes = [...Map.groupBy(records, ({ compartment }) => compartment).values()].map(
        (of) => of.length,
      );
      expect(apart).toBeGreaterThan(0);
      expect(sizes).toContain(apart);
    },
    STORY_MS,
  );

  it(
    'lists what it can see of the chain as the contract has it',
    async () => {
      for (const record of await mine()) {
        expect(await recordOf(stack.clientOf(), record)).toEqual(record);
      }
    },
    STORY_MS,
  );

  it(
    'shows them by visit, by type, and finds them',
    async () => {
      const { page } = patient;
      await page.getByRole('listitem').filter({ hasText: 'Emergency' }).waitFor();
      await page.getByRole('heading', { name: '2024', exact: true }).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await page.getByText('By type', { exact: true }).click();
      await page.getByRole('heading', { name: 'Immunisations', exact: true }).waitFor();
      await page.getByLabel('Find').fill('lab blood');
      await page.getByText(`1 of ${parts.length + 1} records`).waitFor();
      await page.getByLabel('Find').fill('nothing like it');
      await page.getByText(/Nothing matches/).waitFor();
      await page.getByLabel('Find').fill('');
    },
    STORY_MS,
  );

  it(
    'draws trends across records with their range',
    async () => {
      const { page } = patient;
      await page.getByText('Trends', { exact: true }).click();
      await patient.heading('Lab results').waitFor();
      await patient.click('LDL cholesterol');
      await page
        .getByRole('img', { name: /LDL cholesterol: 3 values over time, with the normal range/ })
        .waitFor();
      await page.getByText('The band is the normal range').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
    },
    STORY_MS,
  );

  it(
    'keeps the patient’s own names after a lock, and shows none while it is locked',
    async () => {
      const { page, wallet } = patient;
      await patient.click('Name folders');
      const field = page.getByLabel('Your folders').getByRole('textbox').last();
      expect(await field.inputValue()).toBe('Mental health');
      await field.fill('Lab results');
      await page.getByText('Two folders have the same name.').waitFor();
      await field.fill('Between us');
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
      await patient.click('Save names');
      await wallet.prompt(60_000).then((prompt) => prompt.approve());
      await page.getByLabel('Your folders').waitFor({ state: 'hidden' });
      await page.getByText('By visit', { exact: true }).click();
      await page
        .getByText(/Between us/)
        .first()
        .waitFor();

      await patient.goto('/patient/records');
      await page.getByText('Locked record').first().waitFor();
      expect(await page.getByText(/Between us/).count()).toBe(0);
      await unlock();
      await page
        .getByText(/Between us/)
        .first()
        .waitFor();
    },
    STORY_MS,
  );

  it(
    'shares by those names, and leaves what is apart to a tick by hand',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Sharing', exact: true }).click();
      await patient.click('Give access');
      await patient.click('My doctor: all but Between us');
      expect(await page.getByLabel('Between us').isChecked()).toBe(false);
      expect(await page.getByLabel('Lab results').isChecked()).toBe(true);
      await patient.click('An insurer: bills only');
      expect(await page.getByLabel('General').isChecked()).toBe(false);
      await page.getByRole('combobox', { name: 'Who' }).fill(ACTORS.clinician.address);
      await page.locator('form, section').getByRole('button', { name: 'Give access' }).last().click();
      await patient.wallet.approve('transaction');
      await patient.heading('Who sees what').waitFor();
      await page.getByText(/Only you: General, .*Between us/).waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);
      expect.soft(await overflowAt360(page)).toBeLessThanOrEqual(0);
    },
    STORY_MS,
  );

  it(
    'exports one FHIR bundle that holds the same records',
    async () => {
      const { page } = patient;
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('link', { name: 'Export or import' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        patient.click(`Save ${parts.length} records as FHIR`),
      ]);
      const stream = await download.createReadStream();
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const again = splitBundle(JSON.parse(Buffer.concat(chunks).toString()));
      const asSet = (some: typeof parts) => some.map((part) => JSON.stringify(part)).sort();
      expect(asSet(again)).toEqual(asSet(parts));
    },
    STORY_MS,
  );

  it('heard no complaint', () => {
    expect(patient.complaints).toEqual([]);
  });

  async function enrol(): Promise<void> {
    const { page } = patient;
    await patient.connect();
    await patient.goto('/patient/enrol');
    await page.getByLabel('A number or name that identifies you').fill('R-1');
    await patient.click('Make a kit only');
    recoveryCode = (await page.getByTestId('recovery-code').textContent()) ?? '';
    await page.getByLabel('I have stored the code where I will find it').check();
    await patient.click('Register');
    await patient.wallet.approve('transaction');
    await patient.heading('Your chart is ready').waitFor();
  }

  async function unlock(): Promise<void> {
    await patient.page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode);
    await patient.click('Unlock');
    await patient.heading('Your chart is locked').waitFor({ state: 'hidden' });
  }
});

async function overflowAt360(page: Page): Promise<number> {
  await page.setViewportSize({ width: 360, height: 740 });
  await settled(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  return overflow;
}

/** Made up: three visits, three lipid panels, a vaccination, a bill, and one visit that is nobody's business. */
function hospitalBundle() {
  const subject = { reference: 'urn:uuid:p' };
  const days = ['2022-05-04', '2023-05-10', '2024-05-08'];
  const entry = (id: string, resource: object) => ({
    fullUrl: `urn:uuid:${id}`,
    resource: { id, ...resource },
  });
  const visits = days.flatMap((day, at) => [
    entry(`v${at}`, {
      ...{ resourceType: 'Encounter', status: 'finished', subject, period: { start: `${day}T09:00:00Z` } },
      ...{ class: { code: at === 2 ? 'EMER' : 'AMB' }, type: [{ text: 'Check-up' }] },
    }),
    entry(`o${at}`, {
      ...{ resourceType: 'Observation', status: 'final', subject, effectiveDateTime: day },
      ...{ encounter: { reference: `urn:uuid:v${at}` }, category: [{ coding: [{ code: 'laboratory' }] }] },
      code: { coding: [{ system: 'http://loinc.org', code: '13457-7' }], text: 'LDL cholesterol' },
      valueQuantity: { value: 3.9 - at * 0.4, unit: 'mmol/L' },
      referenceRange: [{ low: { value: 1.2 }, high: { value: 3 } }],
    }),
    entry(`r${at}`, {
      ...{ resourceType: 'DiagnosticReport', status: 'final', subject, effectiveDateTime: day },
      ...{ encounter: { reference: `urn:uuid:v${at}` }, category: [{ coding: [{ code: 'LAB' }] }] },
      ...{ code: { text: 'Lipid panel' }, result: [{ reference: `urn:uuid:o${at}` }] },
    }),
  ]);
  return {
    ...{ resourceType: 'Bundle', type: 'collection' },
    entry: [
      entry('p', { resourceType: 'Patient', name: [{ family: 'Sample', given: ['Robin'] }] }),
      ...visits,
      entry('i', {
        ...{ resourceType: 'Immunization', status: 'completed', patient: subject },
        ...{ vaccineCode: { text: 'Influenza' }, occurrenceDateTime: '2023-10-01' },
      }),
      entry('b', { resourceType: 'Claim', patient: subject, created: '2024-05-09' }),
      entry('c', {
        ...{ resourceType: 'Condition', subject, recordedDate: '2023-08-01' },
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F32.1' }], text: 'Depression' },
      }),
    ],
  };
}

function brokenBundle() {
  const { entry, ...bundle } = hospitalBundle();
  const observation = { resourceType: 'Observation', status: 'finished', code: { text: 'x' } };
  return { ...bundle, entry: [entry[0], { resource: observation }] };
}
