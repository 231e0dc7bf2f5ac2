/**
 * Saves the main pages, light and dark, 360 and 1280 px wide, for people to look at.
 *
 * Usage: npm run screens -- FOLDER [--language de] [PAGE …]
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { providers, type RecordId, registerProvider, requestConsent, verifyProvider } from '@chartkey/sdk';
import type { Browser, Page } from 'playwright-core';
import { type HDAccount, zeroAddress, zeroHash } from 'viem';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { sampleBundle, samplePdf } from '../../scripts/lib/samples.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { buildWeb, startWeb } from '../../scripts/lib/web.ts';
import { type SeededPatient, seedDemoData } from '../../scripts/start/seed.ts';
import { isLanguage } from '../../web/i18n/languages.ts';
import { findChromium, launchChromium } from './support/chromium.ts';
import { madeScan } from './support/dicom.ts';
import { makeEmergencies, shootEmergencies } from './support/emergency-screens.ts';
import { addRecordAs, push } from './support/house.ts';
import { prepareStandingIn, shootStandingIn } from './support/standing-in-screens.ts';
import { newVisitor, settled, type Visitor } from './support/visitor.ts';
import { TestWallet } from './support/wallet.ts';

const options = { language: { type: 'string', default: 'en' } } as const;
const {
  values: { language },
  positionals: [folder, ...wanted],
} = parseArgs({ options, allowPositionals: true });
const executable = findChromium();
if (!folder || !executable || !isLanguage(language)) {
  console.error(
    'Usage: npm run screens -- FOLDER [--language de] [PAGE …]; it needs a Chromium (CHROME_PATH).',
  );
  process.exit(1);
}

type Look = { readonly colorScheme: 'light' | 'dark'; readonly width: number };
const LOOKS: readonly Look[] = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
];

await mkdir(folder, { recursive: true });
await buildWeb({ onStep: console.log });
const port = await freePort();
const stack = await startStack({ origin: `http://localhost:${port}` });
const web = await startWeb({
  port,
  env: {
    CHARTKEY_RPC_URL: stack.rpcUrl,
    CHARTKEY_GATE_URL: stack.gate.url,
    CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
    CHARTKEY_RELAY_URL: stack.relay.url,
    CHARTKEY_INDEX_URL: stack.indexer.url,
    CHARTKEY_ALERT_ORIGINS: 'https://alerts.example',
  },
});
const browser = await launchChromium(executable);
try {
  const patients = await seedDemoData(stack);
  await secondApplicant(stack);
  await prepareStandingIn(stack);
  const scan = await addRecordAs(stack, ACTORS.patient, {
    title: 'Knee.dcm',
    mediaType: 'application/dicom',
    content: madeScan({ rows: 256, columns: 256, frames: '4', text: 'Knee' }),
  });
  const letter = await addRecordAs(stack, ACTORS.patient, {
    title: 'Letter.pdf',
    mediaType: 'application/pdf',
    content: new Uint8Array(samplePdf()),
  });
  const looks = wanted.join() === 'readme' ? [] : LOOKS;
  for (const look of looks) await shootAll({ browser, stack, patients, records: { scan, letter } }, look);
  if (looks.length > 0) await makeEmergencies(stack);
  for (const look of looks) {
    await shootEmergencies({
      visit: (account) => visitorFor(browser, stack, account, look),
      shoot: (visitor, name) => shoot(visitor, name, look),
    });
  }
  await shootForReadme(browser, stack, patients);
} finally {
  await browser.close();
  await web.close();
  await stack.close();
}

type Scene = {
  readonly browser: Browser;
  readonly stack: Stack;
  readonly patients: readonly SeededPatient[];
  readonly records: { readonly scan: RecordId; readonly letter: RecordId };
};

async function shootAll({ browser, stack, patients, records }: Scene, look: Look): Promise<void> {
  const visit = (account: HDAccount) => visitorFor(browser, stack, account, look);

  const guest = await visit(ACTORS.outsider);
  await guest.goto('/');
  await shoot(guest, 'start', look);
  await guest.goto('/demo');
  await guest.heading('Lab results').waitFor();
  await shoot(guest, 'demo', look);
  await guest.goto('/network');
  await guest.page.getByText('A patient added a record').first().waitFor();
  await guest.page.getByText('Records can be shared and opened').waitFor();
  await shoot(guest, 'network', look);
  await guest.goto('/verify');
  await shoot(guest, 'verify', look);
  await guest.page.getByLabel('Or a record id').fill(records.letter);
  await guest.click('Look it up');
  await guest.page.getByText('in storage, whole and unaltered').waitFor();
  await shoot(guest, 'verify-record', look);
  await guest.goto('/connect');
  await guest.button('Connect with Test Wallet').waitFor();
  await shoot(guest, 'connect', look);
  await guest.connect();
  await guest.goto('/patient/enrol');
  await guest.page.getByLabel('A number or name that identifies you').fill('A-123-456');
  await guest.click('Make a kit only');
  await guest.heading('3. Register').waitFor();
  await shoot(guest, 'enrol', look);
  await guest.context.close();

  const patient = await visit(ACTORS.patient);
  await patient.connect();
  await patient.goto('/patient/records');
  await patient.page.getByText('Locked record').first().waitFor();
  await shoot(patient, 'records-locked', look);
  await patient.page.getByLabel('Recovery code', { exact: true }).fill(patients[0]?.recoveryCode ?? '');
  await patient.click('Unlock');
  const chart = patient.page.getByRole('link', { name: /Northport/ });
  await chart.waitFor();
  await shoot(patient, 'records', look);
  await patient.page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      ...{ name: 'hospital.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(sampleBundle(4))),
    });
  await patient.click('See them');
  await shoot(patient, 'add-bundle', look);
  await patient.click('Remove hospital.json');
  await patient.click('Name folders');
  await shoot(patient, 'folders', look);
  await patient.click('Name folders');
  await patient.page.getByText('Trends', { exact: true }).click();
  await patient.heading('Lab results').waitFor();
  await shoot(patient, 'trends', look);
  await patient.page.getByText('By visit', { exact: true }).click();
  await chart.click();
  await patient.heading('Lab results').waitFor();
  await shoot(patient, 'record', look);
  await patient.page.getByRole('button', { name: 'Download as .age…' }).click();
  await patient.page.getByLabel('The same again').waitFor();
  await shoot(patient, 'save-as-age', look);
  await push(patient, `/patient/records/${records.letter}`);
  await patient.page.locator('canvas[data-drawn=true]').waitFor();
  await shoot(patient, 'pdf', look);
  await push(patient, `/patient/records/${records.scan}`);
  await patient.page.locator('[data-testid=scan][data-drawn=true]').waitFor();
  await shoot(patient, 'scan', look);
  await push(patient, '/patient/portable');
  await patient.heading('Export everything').waitFor();
  await shoot(patient, 'portable', look);
  await push(patient, '/patient/keys');
  await patient.click('Add a passkey');
  await shoot(patient, 'add-passkey', look);
  await push(patient, '/patient');
  await patient.heading('Who looked last').waitFor();
  await patient.page
    .getByText(/^Opened|· Opened/)
    .first()
    .waitFor();
  await patient.page.getByText('Knee.dcm').waitFor();
  await patient.button('Copy patient number').waitFor();
  await shoot(patient, 'home', look);
  await patient.click('Show it as a code');
  await patient.page.getByRole('img', { name: 'Your patient number as a QR code' }).waitFor();
  await shoot(patient, 'home-code', look);
  await patient.click(/^Inbox,/);
  await patient.page.getByText('1 record waits to be accepted into your chart').waitFor();
  await shoot(patient, 'inbox', look);
  await patient.page.keyboard.press('Escape');
  await push(patient, '/patient/sharing');
  await patient.button('Stop sharing').waitFor();
  await shoot(patient, 'sharing', look);
  await patient.click('Give access');
  await shoot(patient, 'give-access', look);
  await push(patient, '/patient/log');
  await patient.page.getByText('This list is complete').waitFor();
  await shoot(patient, 'who-looked', look);
  await patient.button('I don’t recognise this').first().click();
  await patient.page.getByText(/^On the network:/).waitFor();
  await shoot(patient, 'not-recognised', look);
  await patient.page.keyboard.press('Escape');
  await shootOffline(patient, look);
  await patient.context.close();

  const second = await visit(ACTORS.secondPatient);
  await second.connect();
  await second.goto('/patient');
  await second.heading('One request for you').waitFor();
  await shoot(second, 'request', look);
  await second.click('Give access');
  await second.wallet.prompt();
  await shoot(second, 'waiting-for-wallet', look);
  await second.context.close();

  const clinician = await visit(ACTORS.clinician);
  await clinician.connect();
  await clinician.goto('/clinician');
  await clinician.page.getByRole('link', { name: 'Open chart' }).waitFor();
  await shoot(clinician, 'today', look);
  await clinician.page.getByLabel('Find a patient').fill(ACTORS.thirdPatient.address);
  await clinician.page.getByText('does not share with you').waitFor();
  await shoot(clinician, 'find-patient', look);
  await clinician.click('Scan a code');
  await clinician.page.getByText(/^(No camera found|The camera is not allowed here)$/).waitFor();
  await shoot(clinician, 'scan-code', look);
  await clinician.page.keyboard.press('Escape');
  await clinician.page.getByLabel('Find a patient').fill('');
  await clinician.click('Start shift');
  await clinician.wallet.approve('signature');
  await clinician.page.getByText(/^Shift until/).waitFor();
  await shoot(clinician, 'today-on-shift', look);
  await clinician.page.getByRole('link', { name: 'Open chart' }).click();
  await clinician.button(/^Open \d+ records$/).waitFor();
  await shoot(clinician, 'chart-on-shift', look);
  await clinician.button(/^Open \d+ records$/).click();
  await clinician.heading('Lab results').waitFor();
  await shoot(clinician, 'chart', look);
  await push(clinician, '/clinician/shift');
  await clinician.heading(/^A shift is open until/).waitFor();
  await shoot(clinician, 'shift', look);
  await clinician.click('End shift');
  await clinician.page.getByText('Your shift has ended').waitFor();
  await shoot(clinician, 'shift-ended', look);
  await clinician.context.route('**/relay/v1/requests', (route) => route.fulfill({ status: 502 }));
  await clinician.click('Start shift');
  await clinician.wallet.approve('signature');
  await clinician.page.getByText(/Sending it yourself needs ether/).waitFor();
  await shoot(clinician, 'relay-down', look);
  await clinician.click('Leave it');
  await clinician.context.unroute('**/relay/v1/requests');
  await clinician.context.route('**/relay/v1/requests', () => undefined);
  await clinician.click('Start shift');
  await clinician.wallet.approve('signature');
  await clinician.page.getByText('The relay is slow').waitFor();
  await shoot(clinician, 'relay-slow', look);
  await clinician.context.unroute('**/relay/v1/requests');
  await push(clinician, '/clinician/ask');
  await clinician.heading('Ask for access').waitFor();
  await shoot(clinician, 'ask', look);
  await clinician.context.close();

  const manager = await visit(ACTORS.manager);
  await manager.connect();
  await manager.goto('/manager');
  await manager.page.getByLabel('I compared the licence that they showed me').first().check();
  await shoot(manager, 'manager', look);
  await manager.goto('/manager/people');
  await manager.button('Suspend…').first().waitFor();
  await shoot(manager, 'manager-people', look);
  await manager.goto('/manager/system');
  await manager.page.getByText('Records can be shared and opened').waitFor();
  await shoot(manager, 'manager-system', look);
  await manager.context.close();

  await shootAuditor(browser, stack, look);
  await shootStandingIn({ visit, shoot: (visitor, name) => shoot(visitor, name, look) });

  const lost = await visitorFor(browser, stack, ACTORS.patient, look, 1);
  await lost.goto('/connect');
  await lost.click('Connect with Test Wallet');
  await lost.wallet.approve('connect');
  await lost.page.getByText(/Your wallet is on another network/).waitFor();
  await shoot(lost, 'wrong-network', look);
  await lost.context.close();
}

/** No wallet is needed there; an auditor's is connected all the same, as it would be. */
async function shootAuditor(browser: Browser, stack: Stack, look: Look): Promise<void> {
  const auditor = await visitorFor(browser, stack, ACTORS.auditor, look);
  await auditor.connect();
  await auditor.goto('/auditor');
  await auditor.heading('Each day').waitFor();
  await shoot(auditor, 'auditor', look);
  await auditor.goto('/auditor/log');
  await auditor
    .button(/^Check this entry: 1 of/)
    .first()
    .click();
  await auditor.page.getByText('This entry stands on the chain just like this').waitFor();
  await shoot(auditor, 'auditor-log', look);
  await auditor.goto('/auditor/integrity');
  await auditor.click('Check against the chain');
  await auditor.page.getByText(/^All \d+ logs are proven$/).waitFor();
  await shoot(auditor, 'auditor-integrity', look);
  await auditor.goto('/auditor/export');
  await auditor.button('Export').waitFor();
  await shoot(auditor, 'auditor-export', look);
  await auditor.goto('/auditor/watching');
  await auditor.page.getByText(/^Looked at/).waitFor();
  await auditor.page.getByLabel('Outside usual hours').click();
  await auditor.page.getByLabel('Usual until (UTC)').fill('6');
  await auditor.page.locator('[data-finding=outside-hours]').waitFor();
  await shoot(auditor, 'auditor-watching', look);
  await auditor.context.close();
}

/** So that the manager has several to verify. */
async function secondApplicant(stack: Stack): Promise<void> {
  await registerProvider(stack.clientOf(ACTORS.auditor), {
    role: 'Insurer',
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: zeroHash,
  });
}

async function shootOffline(patient: Visitor, look: Look): Promise<void> {
  await patient.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await patient.context.setOffline(true);
  await patient.page.goto(`${web.url}/patient`);
  await patient.heading('You are offline').waitFor();
  patient.complaints.splice(0);
  await shoot(patient, 'offline', look);
  await patient.context.setOffline(false);
}

/** A home page with something of everything on it. */
async function shootForReadme(
  browser: Browser,
  stack: Stack,
  patients: readonly SeededPatient[],
): Promise<void> {
  const look: Look = { colorScheme: 'light', width: 1280 };
  const expiresAt = Math.floor(Date.now() / 1000) + 90 * 86_400;
  const [lab] = (await providers(stack.clientOf())).filter(({ standing }) => standing.status === 'Applied');
  if (!lab) throw new Error('The seeded lab is missing.');
  await verifyProvider(stack.clientOf(ACTORS.manager), { ...lab, expiresAt });
  await requestConsent(stack.clientOf(ACTORS.lab), {
    patient: ACTORS.patient.address,
    compartments: [0],
    purposes: ['TREAT'],
    expiresAt,
  });
  const patient = await visitorFor(browser, stack, ACTORS.patient, look);
  await patient.connect();
  await patient.goto('/patient');
  await patient.page.getByLabel('Recovery code', { exact: true }).fill(patients[0]?.recoveryCode ?? '');
  await patient.click('Unlock');
  await patient.page.getByText('Knee.dcm').waitFor();
  await patient.heading('One request for you').waitFor();
  await shoot(patient, 'readme', look);
  await patient.context.close();
}

function visitorFor(
  browser: Browser,
  stack: Stack,
  account: HDAccount,
  { colorScheme, width }: Look,
  startOn?: number,
): Promise<Visitor> {
  const { chainId } = stack.deployment;
  return newVisitor({
    browser,
    url: web.url,
    wallet: new TestWallet({
      account,
      rpcUrl: stack.rpcUrl,
      chainId,
      ...(startOn === undefined ? {} : { startOn }),
    }),
    context: { colorScheme, viewport: { width, height: width < 600 ? 740 : 960 } },
  });
}

async function shoot({ page, complaints }: Visitor, name: string, look: Look): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  if (language !== 'en') await speak(page, language);
  // Focus may have scrolled, and what is fixed would be drawn in the middle.
  await page.evaluate(() => void window.scrollTo(0, 0));
  await settled(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) console.log(`${name} ${look.width}: wider than the screen by ${overflow} px`);
  for (const complaint of complaints.splice(0)) console.log(`${name} ${look.width}: ${complaint}`);
  const file = join(folder ?? '.', `${name}-${look.width}-${look.colorScheme}.png`);
  await page.screenshot({ path: file, fullPage: true });
  if (language !== 'en') await speak(page, 'en');
}

/** Pages are led in English and photographed in any language: a change of it keeps what is on them. */
async function speak(page: Page, to: string): Promise<void> {
  const menu = page.getByRole('button', { name: /^(Open menu|Menü öffnen)$/ });
  const isFolded = await menu.isVisible();
  if (isFolded) await menu.click();
  await page.getByRole('button', { name: /^(Language|Sprache): / }).click();
  await page.locator(`[role=menuitemradio][lang=${to}]`).click();
  await page.waitForFunction((lang) => document.documentElement.lang === lang, to);
  if (isFolded) await page.getByRole('button', { name: /^(Close menu|Menü schließen)$/ }).click();
}
