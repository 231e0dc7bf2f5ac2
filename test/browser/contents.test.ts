import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordId } from '@chartkey/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { ROOT } from '../../scripts/lib/process.ts';
import { sampleBundle, samplePdf } from '../../scripts/lib/samples.ts';
import { enrol } from '../../scripts/start/seed.ts';
import { findChromium } from './support/chromium.ts';
import { madeScan } from './support/dicom.ts';
import { addRecordAs, type House, push, startHouse } from './support/house.ts';
import { accessibilityOf, type Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 120_000;
/** A picture is drawn anew after each key. */
const SOON = { timeout: 15_000 };
const REAL_SCANS = join(ROOT, '../shared/data/dicom');

/** Says so where a test can see it, in every way that a document has to run something. */
const SCRIPT = 'globalThis.pwned=1;alert(1)';
const MARKUP = `"><img src=x onerror="${SCRIPT}"><script>${SCRIPT}</script><svg onload="${SCRIPT}">`;
const ELSEWHERE = '<img src="https://elsewhere.example/a.png"><link rel=stylesheet href=//elsewhere.example>';

describe.skipIf(findChromium() === undefined && !mayNotSkip)('contents of records', () => {
  let house: House;
  let patient: Visitor;
  const dialogs: string[] = [];

  const add = (record: Parameters<typeof addRecordAs>[2]) => addRecordAs(house.stack, ACTORS.patient, record);

  const save = () => patient.page.getByRole('link', { name: /^Save the original/ });

  const show = async (recordId: RecordId) => {
    await push(patient, `/patient/records/${recordId}`);
    await patient.page.getByText(recordId).first().waitFor({ state: 'attached' });
    await save().waitFor();
  };

  /** Nothing ran, nothing was asked elsewhere, and the page still works. */
  const expectHarmless = async () => {
    const ran = await patient.page.evaluate(() => 'pwned' in globalThis);
    expect(ran).toBe(false);
    expect(dialogs).toEqual([]);
    expect(patient.complaints.splice(0)).toEqual([]);
    await patient.button('Use dark colours').or(patient.button('Use light colours')).waitFor();
  };

  beforeAll(async () => {
    house = await startHouse();
    const { recoveryCode } = await enrol(house.stack, ACTORS.patient);
    patient = await house.visitorFor(ACTORS.patient);
    patient.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await patient.connect();
    await add({ title: 'First', content: 'first', mediaType: 'text/plain' });
    await patient.goto('/patient/records');
    await patient.page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode);
    await patient.click('Unlock');
    await patient.page.getByRole('link', { name: /First/ }).waitFor();
  }, 400_000);

  afterAll(async () => {
    await house?.close();
  }, 60_000);

  describe('DICOM', () => {
    it(
      'is drawn, with window/level, zoom and frames, by keyboard too',
      async () => {
        const { page } = patient;
        await show(
          await add({
            title: 'knee.dcm',
            mediaType: 'application/dicom',
            content: madeScan({ frames: '3', text: 'Knee' }),
          }),
        );
        await page.locator('[data-testid=scan][data-drawn=true]').waitFor();
        const middle = () => grey(patient);
        const before = await middle();
        expect(before).toBeGreaterThan(60);
        expect(before).toBeLessThan(190);

        await page.getByRole('slider', { name: 'Brightness' }).focus();
        await page.keyboard.press('End');
        await expect.poll(middle, SOON).toBeGreaterThan(before + 20);
        await patient.click('As it came');
        await expect.poll(middle, SOON).toBe(before);

        await patient.click('Zoom in');
        await expect.poll(() => page.getByTestId('scan-zoom').textContent(), SOON).toBe('125 %');
        await page.getByRole('slider', { name: 'Picture' }).focus();
        await page.keyboard.press('End');
        await page.getByText('Picture 3 of 3').waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        await expectHarmless();
      },
      STORY_MS,
    );

    it.skipIf(!existsSync(REAL_SCANS) && !mayNotSkip)(
      'real files are drawn, compressed ones and colour too (skipped without the shared data)',
      async () => {
        for (const name of readdirSync(REAL_SCANS).filter((file) => file.endsWith('.dcm'))) {
          const content = new Uint8Array(readFileSync(join(REAL_SCANS, name)));
          await show(await add({ title: name, mediaType: 'application/dicom', content }));
          await patient.page.locator('[data-testid=scan][data-drawn=true]').waitFor();
          expect(await colours(patient), name).toBeGreaterThan(8);
          await expectHarmless();
        }
      },
      STORY_MS,
    );

    it(
      'with a hostile header does nothing, and is drawn or refused in words',
      async () => {
        const { page } = patient;
        const few = new Uint8Array(64);
        await show(
          await add({
            title: MARKUP.slice(0, 200),
            mediaType: 'application/dicom',
            content: madeScan({ text: MARKUP }),
          }),
        );
        await page.locator('[data-testid=scan][data-drawn=true]').waitFor();
        await page.getByRole('main').getByRole('button', { name: 'Technical details' }).first().click();
        await page.getByText('<img src=x').first().waitFor();
        await expectHarmless();

        const refused = {
          'more rows than any': madeScan({ rows: 65_535, columns: 65_535, pixels: few }),
          'more frames than its bytes': madeScan({ frames: '999999999', pixels: few }),
          'frames below zero': madeScan({ frames: '-1', pixels: few }),
          'no end to its sequences': madeScan({ depth: 200_000 }),
          'cut in its header': madeScan().slice(0, 300),
          'a picture that is none': madeScan({
            transferSyntax: '1.2.840.10008.1.2.4.90',
            pixels: few.fill(0xff),
          }),
          'fewer pixels than rows': madeScan({ rows: 512, columns: 512, pixels: few }),
          'a coding nobody knows': madeScan({ transferSyntax: '1.2.3.4.5' }),
        };
        for (const [name, content] of Object.entries(refused)) {
          await show(await add({ title: name, mediaType: 'application/dicom', content }));
          // A decoder that says nothing is given up after 20 s.
          await patient.heading('This scan is not drawn here').waitFor({ timeout: 40_000 });
          // What a decoder says when it gives up is no news.
          const complaints = patient.complaints.splice(0);
          expect(complaints.filter((text) => !text.startsWith('console: '))).toEqual([]);
          await expectHarmless();
        }
      },
      STORY_MS,
    );
  });

  describe('PDF', () => {
    it(
      'is drawn page by page, with its words for those who can’t see it',
      async () => {
        const { page } = patient;
        await show(await add({ title: 'letter.pdf', mediaType: 'application/pdf', content: pdf() }));
        await page.locator('canvas[data-drawn=true]').waitFor();
        expect(await dark(patient)).toBeGreaterThan(20);
        await patient.click('The words on this page');
        await page.getByText('Nobody real is described.').waitFor();
        expect.soft(await accessibilityOf(page)).toEqual([]);
        await expectHarmless();
      },
      STORY_MS,
    );

    it(
      'with a script in it runs nothing; a damaged one is refused in words',
      async () => {
        const scripted = new TextDecoder('latin1')
          .decode(pdf())
          .replace(
            '/Type /Catalog',
            `/Type /Catalog /OpenAction << /S /JavaScript /JS (${SCRIPT.replace(/[()]/g, '\\$&')}) >>`,
          );
        await show(await add({ title: 'a.pdf', mediaType: 'application/pdf', content: scripted }));
        await patient.page.locator('canvas[data-drawn=true]').waitFor();
        await expectHarmless();

        await show(
          await add({ title: 'b.pdf', mediaType: 'application/pdf', content: `%PDF-1.7 ${MARKUP}` }),
        );
        await patient.heading('This PDF is not shown here').waitFor();
        await expectHarmless();
      },
      STORY_MS,
    );
  });

  describe('everything else', () => {
    it(
      'SVG and HTML are shown as their own text',
      async () => {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${SCRIPT}"><script>${SCRIPT}</script></svg>`;
        await show(await add({ title: 'a.svg', mediaType: 'image/svg+xml', content: svg }));
        await patient.page.getByText('<svg xmlns=').waitFor();
        await expectHarmless();

        const html = `<!doctype html><html><body onload="${SCRIPT}">${MARKUP}${ELSEWHERE}</body></html>`;
        await show(await add({ title: 'a.html', mediaType: 'text/html', content: html }));
        await patient.page.getByText('<!doctype html>').waitFor();
        await expectHarmless();
      },
      STORY_MS,
    );

    it(
      'an image is drawn; what only claims to be one is refused in words',
      async () => {
        await show(await add({ title: 'dot.png', mediaType: 'image/png', content: DOT }));
        const image = patient.page.getByRole('img', { name: 'dot.png' });
        await image.waitFor();
        expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(1);
        await expectHarmless();

        await show(await add({ title: 'b.png', mediaType: 'image/png', content: MARKUP }));
        await patient.heading('This image can’t be drawn').waitFor();
        await expectHarmless();
      },
      STORY_MS,
    );

    it(
      'what has no view says that it is a download',
      async () => {
        const recordId = await add({
          title: 'a.bin',
          mediaType: 'application/x-msdownload',
          content: MARKUP,
        });
        await show(recordId);
        await patient.heading('No preview for this kind of file').waitFor();
        expect.soft(await accessibilityOf(patient.page)).toEqual([]);
        const [download] = await Promise.all([patient.page.waitForEvent('download'), save().click()]);
        expect(download.suggestedFilename()).toBe('a.bin');
        await expectHarmless();
      },
      STORY_MS,
    );

    it(
      'FHIR with a script in every string runs nothing',
      async () => {
        const bundle = withMarkup(sampleBundle(3), (key) => key !== 'resourceType');
        const readable = withMarkup(sampleBundle(3), (key) => PROSE.has(key));
        for (const content of [bundle, readable].map((value) => JSON.stringify(value))) {
          await show(
            await add({
              title: MARKUP.slice(0, 200),
              mediaType: 'application/fhir+json',
              fhirType: 'Bundle',
              content,
            }),
          );
          await patient.page.getByText(SCRIPT).first().waitFor();
          await expectHarmless();
        }
        expect(await patient.page.locator('main a[href^="javascript:"]').count()).toBe(0);
      },
      STORY_MS,
    );
  });
});

/** Strings that people read; the codes beside them keep a resource what it is. */
const PROSE = new Set([
  'display',
  'text',
  'title',
  'given',
  'family',
  'line',
  'city',
  'div',
  'url',
  'description',
]);

/** The same value with markup in its strings, as far as a key allows it. */
function withMarkup(value: unknown, changes: (key: string) => boolean, key = ''): unknown {
  if (typeof value === 'string') {
    if (!changes(key)) return value;
    return key === 'url' || key === 'reference' ? `javascript:${SCRIPT}` : `${value}${MARKUP}`;
  }
  if (Array.isArray(value)) return value.map((item) => withMarkup(item, changes, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withMarkup(inner, changes, name)] as const),
  );
}

function pdf(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samplePdf());
}

/** A red dot, one pixel large. */
const DOT = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** How bright the middle of a scan is, 0 to 255. */
function grey({ page }: Visitor): Promise<number> {
  return page.locator('[data-testid=scan] canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const context = canvas.getContext('2d');
    const middle = context?.getImageData(Math.floor(canvas.width / 2), Math.floor(canvas.height / 2), 1, 1);
    return middle?.data[0] ?? -1;
  });
}

/** How many different colours a scan has on screen. */
function colours({ page }: Visitor): Promise<number> {
  return page.locator('[data-testid=scan] canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const seen = new Set<string>();
    for (let at = 0; at < data.length; at += 4) seen.add(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
    return seen.size;
  });
}

/** How many pixels of a PDF's page are written on. */
function dark({ page }: Visitor): Promise<number> {
  return page.getByTestId('pdf-page').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if ((data[at] ?? 255) < 128 && (data[at + 3] ?? 0) > 128) count++;
    return count;
  });
}
