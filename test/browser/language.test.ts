import { grantConsent } from '@chartkey/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { enrol } from '../../scripts/start/seed.ts';
import { findChromium } from './support/chromium.ts';
import { addRecordAs, type House, push, startHouse } from './support/house.ts';
import { accessibilityOf, type Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 240_000;

/** Words that no German page has, whatever is on it. Names of contracts and units are no words. */
const ENGLISH =
  /\b(the|and|your|you|with|records?|who|what|nobody|access|sharing|until|by type|open(ed)?|share|sign|wallet will|folder|loading|cancel|search)\b/gi;

describe.skipIf(findChromium() === undefined && !mayNotSkip)('the language of pages', () => {
  let house: House;
  let guest: Visitor;
  let patient: Visitor;
  let recoveryCode: string;

  const language = (visitor: Visitor) => visitor.page.evaluate(() => document.documentElement.lang);

  /** English among what can be read on the page or heard from a screen reader. */
  const english = async ({ page }: Visitor) => {
    const text = await page.evaluate(() => {
      const words = [document.title];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.parentElement?.closest('script, style, code')) words.push(node.textContent ?? '');
      }
      for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
        for (const name of ['aria-label', 'placeholder', 'title']) words.push(one.getAttribute(name) ?? '');
      }
      return words.join('\n');
    });
    return text.match(ENGLISH) ?? [];
  };

  const germanPage = async (visitor: Visitor, path: string, heading: string) => {
    await visitor.heading(heading).first().waitFor();
    expect.soft(await language(visitor), path).toBe('de');
    expect.soft(await english(visitor), path).toEqual([]);
    expect.soft(await accessibilityOf(visitor.page), path).toEqual([]);
  };

  beforeAll(async () => {
    house = await startHouse((stack) => ({ CHARTKEY_RELAY_URL: stack.relay.url }));
    ({ recoveryCode } = await enrol(house.stack, ACTORS.patient));
    await addRecordAs(house.stack, ACTORS.patient, {
      ...{ title: 'Arztbrief.txt', mediaType: 'text/plain', content: 'Alles in Ordnung.' },
    });
    await grantConsent(house.stack.clientOf(ACTORS.patient), {
      accessor: ACTORS.clinician.address,
      consent: {
        ...{ compartments: [0], purposes: ['TREAT'], mayWrite: false, startsAt: 0 },
        expiresAt: Math.floor(Date.now() / 1000) + 90 * 86_400,
      },
    });
    guest = await house.visitorFor(ACTORS.outsider);
    patient = await house.visitorFor(ACTORS.patient, { locale: 'de-AT' });
  }, 400_000);

  afterAll(() => house?.close(), 60_000);

  it(
    'is English until German is chosen in the menu, and stays German',
    async () => {
      const { page } = guest;
      await guest.goto('/');
      expect(await language(guest)).toBe('en');
      await guest.heading('Your health records. Your key.').waitFor();

      await guest.click('Language: English');
      await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
      await guest.heading('Ihre Gesundheitsakte. Ihr Schlüssel.').waitFor();
      expect(await language(guest)).toBe('de');

      await page.reload();
      await germanPage(guest, '/', 'Ihre Gesundheitsakte. Ihr Schlüssel.');
      await page.getByRole('link', { name: 'Mit Beispieldaten ausprobieren' }).click();
      await guest.heading('Eine Beispielakte').waitFor();
      await guest.heading('Laborwerte').waitFor();
      expect.soft(await accessibilityOf(page)).toEqual([]);

      await guest.click('Sprache: Deutsch');
      await page.getByRole('menuitemradio', { name: 'English' }).click();
      await guest.heading('Lab results').waitFor();
      expect(await language(guest)).toBe('en');
    },
    STORY_MS,
  );

  it(
    'is that of the browser when none was chosen',
    async () => {
      await patient.goto('/connect');
      await germanPage(patient, '/connect', 'Verbinden');
      await patient.click('Mit Test Wallet verbinden');
      await patient.wallet.approve('connect');
      await patient.heading('Verbunden').waitFor();
    },
    STORY_MS,
  );

  it(
    'is German on every page that a patient sees',
    async () => {
      const { page } = patient;
      await patient.goto('/patient');
      await germanPage(patient, '/patient', '1 Person kann Ihre Unterlagen lesen');

      await page.getByLabel('Wiederherstellungscode', { exact: true }).fill(recoveryCode);
      await patient.click('Entsperren');
      await page.getByText('Arztbrief.txt').waitFor();
      for (const [path, heading] of [
        ['/patient/records', 'Unterlagen'],
        ['/patient/sharing', 'Freigaben'],
        ['/patient/requests', 'Anfragen'],
        ['/patient/log', 'Wer eingesehen hat'],
        ['/patient/keys', 'Mein Schlüssel'],
        ['/patient/portable', 'Exportieren und importieren'],
        ['/patient/guardians', 'Vertrauenspersonen'],
        ['/patient/representatives', 'Vertretung'],
        ['/patient/wallet', 'Meine Wallet'],
        ['/guardian', 'Wem ich helfe'],
        ['/acting', 'Für wen ich handle'],
        ['/settings', 'Einstellungen'],
        ['/network', 'Netz'],
        ['/verify', 'Dokument prüfen'],
      ] as const) {
        await push(patient, path);
        await germanPage(patient, path, heading);
      }
    },
    STORY_MS,
  );

  it(
    'is German in errors too',
    async () => {
      const { page } = patient;
      await patient.goto('/patient');
      const code = page.getByLabel('Wiederherstellungscode', { exact: true });
      await code.fill(`${recoveryCode.slice(0, -1)}${recoveryCode.endsWith('0') ? '1' : '0'}`);
      await patient.click('Entsperren');
      await page.getByText('Vergleichen Sie ihn Zeichen für Zeichen').waitFor();
      await code.fill('');

      await push(patient, '/patient/sharing');
      await patient.click('Freigabe beenden');
      await page.getByRole('dialog').getByRole('button', { name: 'Freigabe beenden' }).click();
      await patient.wallet.reject('signature');
      await page.getByText('Sie haben das in Ihrer Wallet abgelehnt').waitFor();
    },
    STORY_MS,
  );

  it('breaks no rule of the policy on the way', () => {
    for (const visitor of [guest, patient]) expect(visitor.complaints).toEqual([]);
  });
});
