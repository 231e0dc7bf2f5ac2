import {
  approveWallet,
  confirmationsOf,
  emergencies,
  guardiansOf,
  movesOf,
  OBJECTION_SECONDS,
  patientAddressOf,
  patientWalletOf,
  type RecordId,
  registerProvider,
  representations,
  requestEmergency,
  setEmergencySet,
  takeWallet,
  verifyProvider,
} from '@chartkey/sdk';
import type { Page } from 'playwright-core';
import { type HDAccount, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later, now } from '../../scripts/demo/care.ts';
import { ACTORS, devAccount, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { appoint } from '../../scripts/lib/chain.ts';
import { findChromium } from './support/chromium.ts';
import { addRecordAs, type House, push, startHouse } from './support/house.ts';
import { accessibilityOf, settled, type Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 180_000;
const TEXT = 'Made up: the knee is fine.';
/** The patient's id, whatever wallet it has. */
const PATIENT = ACTORS.patient.address;

const GUARDIANS = [devAccount(15), devAccount(16), devAccount(17)] as const;
const NEW_WALLET = devAccount(18);
const THIRD_WALLET = devAccount(19);
const CARER = devAccount(20);
const SECOND_MANAGER = devAccount(21);

describe.skipIf(findChromium() === undefined && !mayNotSkip)('who stands in for a patient', () => {
  let house: House;
  let patient: Visitor;
  let recovered: Visitor;
  let recordId: RecordId;
  const visitors: Visitor[] = [];

  const visit = async (account: HDAccount): Promise<Visitor> => {
    const visitor = await house.visitorFor(account);
    visitors.push(visitor);
    await visitor.connect();
    return visitor;
  };
  const client = (account?: HDAccount) => house.stack.clientOf(account);
  const moves = () => movesOf(client(), { patient: PATIENT });

  beforeAll(async () => {
    house = await startHouse((stack) => ({ CHARTKEY_RELAY_URL: stack.relay.url }));
  }, 300_000);

  afterAll(async () => {
    await house?.close();
  }, 60_000);

  it(
    'onboarding asks for guardians, lets one say later, and reminds once',
    async () => {
      patient = await visit(ACTORS.patient);
      const { page, wallet } = patient;
      await patient.goto('/patient/enrol');
      await page.getByLabel('A number or name that identifies you').fill('A-123-456');
      await patient.click('Make a kit only');
      await page.getByLabel('I have stored the code where I will find it').check();
      await patient.click('Register');
      await wallet.approve('signature');
      await patient.heading('4. Name people who can help you back in').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await patient.click('Later');
      await page.getByText(/You find it under/).waitFor();

      await patient.goto('/patient');
      await page.getByText('Nobody could help you back in').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await patient.click('Don’t remind me');
      await page.getByText('Nobody could help you back in').waitFor({ state: 'detached' });
      await page.reload();
      await patient.heading('Nobody else can read your records').waitFor();
      expect(await page.getByText('Nobody could help you back in').count()).toBe(0);
      recordId = await addRecordAs(house.stack, ACTORS.patient, {
        title: 'Knee.txt',
        mediaType: 'text/plain',
        content: TEXT,
      });
    },
    STORY_MS,
  );

  it(
    'names 2 of 3 guardians with one signature, and says what is wrong before',
    async () => {
      const { page, wallet } = patient;
      await patient.goto('/patient/guardians');
      await page.getByText('Name two people or more.').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      const field = (number: number) => page.getByLabel(`Account of guardian ${number}`);
      await field(1).fill('Ada');
      await page.getByText(/^This is not an account/).waitFor();
      await field(1).fill(GUARDIANS[0].address);
      await field(2).fill(GUARDIANS[0].address.toLowerCase());
      await page.getByText('The same account stands there twice.').waitFor();
      await field(2).fill(PATIENT);
      await page.getByText('You can’t be your own guardian.').waitFor();
      await field(2).fill(GUARDIANS[1].address);
      await field(3).fill(GUARDIANS[2].address);
      await patient.click('Name them');
      await wallet.reject('signature');
      await page.getByText('You declined this in your wallet').waitFor();
      await patient.click('Name them');
      await wallet.approve('signature');
      await patient.heading('2 of 3 guardians have to agree').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      const { guardians, threshold } = await guardiansOf(client(), { patient: PATIENT });
      expect([guardians.length, threshold]).toEqual([3, 2]);
    },
    STORY_MS,
  );

  it(
    'a guardian confirms an emergency, once, and an outsider guards nobody',
    async () => {
      await enrolClinician(ACTORS.clinician);
      await setEmergencySet(client(ACTORS.patient), { compartments: [0] });
      await requestEmergency(client(ACTORS.clinician), { patient: PATIENT, reason: 'CannotAnswer' });
      const guardian = await visit(GUARDIANS[2]);
      await guardian.click(/^Inbox, 1 new/);
      await guardian.page.getByRole('link', { name: /1 question waits for you as a guardian/ }).click();
      await guardian.heading('A clinician asks for emergency access').waitFor();
      await guardian.page.getByText('The patient can’t be asked').waitFor();
      expect.soft(await findings(guardian.page)).toEqual([]);
      await guardian.click('Confirm the emergency');
      await guardian.wallet.approve('signature');
      await guardian.page.getByText('You confirmed. Others are awaited.').waitFor();
      const [emergency] = await emergencies(client(), { patient: PATIENT });
      if (!emergency) throw new Error('There is no emergency.');
      const said = await confirmationsOf(client(), emergency);
      expect(said).toEqual([{ confirmer: GUARDIANS[2].address, asGuardian: true }]);

      const outsider = await visit(ACTORS.outsider);
      await outsider.goto('/guardian');
      await outsider.page.getByText('You are nobody’s guardian').waitFor();
      expect.soft(await findings(outsider.page)).toEqual([]);
      await close(guardian, outsider);
    },
    STORY_MS,
  );

  it(
    'a lost wallet: the new one asks, one guardian is not enough, two are, and the old one objects',
    async () => {
      recovered = await visit(NEW_WALLET);
      const link = await askGuardians(recovered);
      await approveBy(GUARDIANS[0], link);
      await recovered.page.getByText('1 of 2 approved so far.').waitFor();
      await expect(take(NEW_WALLET)).rejects.toThrow(/can’t take over yet/);
      await approveBy(GUARDIANS[1], '/guardian');
      await recovered.page.getByText('Enough guardians approved').waitFor();
      expect.soft(await findings(recovered.page)).toEqual([]);
      expect(await recovered.button('Take over my chart').count()).toBe(0);
      await expect(take(NEW_WALLET)).rejects.toThrow(/can’t take over yet/);

      const { page, wallet } = patient;
      await patient.goto('/patient/log');
      await page.getByText('Somebody moves your chart to another wallet').first().waitFor();
      await page.getByText(/left, until/).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await patient.click('Object');
      await wallet.approve('signature');
      await page.getByText('Somebody moves your chart to another wallet').waitFor({ state: 'detached' });
      await recovered.page.getByText('The wallet until now objected').waitFor();
      await recovered.page.getByText('0 of 2 approved so far.').waitFor();
      await later(house.stack, OBJECTION_SECONDS);
      await expect(take(NEW_WALLET)).rejects.toThrow(/No change to this wallet/);
      expect(await moves()).toEqual([]);
    },
    STORY_MS,
  );

  it(
    'asked again, it takes over after the wait, opens through the keepers, and makes a new key',
    async () => {
      for (const guardian of [GUARDIANS[1], GUARDIANS[2]]) {
        await approveWallet(client(guardian), { patient: PATIENT, wallet: NEW_WALLET.address });
      }
      const { page, wallet } = recovered;
      await page.getByText('Enough guardians approved').waitFor();
      await later(house.stack, OBJECTION_SECONDS);
      await recovered.button('Take over my chart').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await recovered.click('Take over my chart');
      await wallet.approve('signature');
      await page.getByText('Your chart belongs to this wallet now').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      expect(await patientWalletOf(client(), { patient: PATIENT })).toBe(NEW_WALLET.address);

      await recovered.goto(`/patient/records/${recordId}`);
      await recovered.click('Open through the keepers');
      await wallet.approve('signature');
      await page.getByText(TEXT).waitFor();

      await recovered.goto('/patient/keys');
      await recovered.click('Start with a new key');
      await recovered.click('Make a kit only');
      await page.getByLabel('I have stored the code where I will find it').check();
      await recovered.click('Use the new key');
      await wallet.approve('signature');
      await recovered.click('Move the record');
      await wallet.approve('signature');
      await wallet.approve('signature');
      await page.getByText('All your records are under your newest key.').waitFor();
      await push(recovered, `/patient/records/${recordId}`);
      await page.getByText(TEXT).waitFor();

      await patient.goto('/patient');
      await patient.page.getByText('You have no chart here yet').waitFor();
    },
    STORY_MS,
  );

  it(
    'a wallet is changed at once: the old one offers, the new one takes',
    async () => {
      const { page, wallet } = recovered;
      await recovered.goto('/patient/wallet');
      const field = page.getByLabel('Account of the new wallet');
      await field.fill(NEW_WALLET.address);
      await page.getByText('That is the wallet that your chart has now.').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await field.fill(PATIENT);
      await page.getByText('That is the wallet that your chart has now.').waitFor();
      await field.fill(THIRD_WALLET.address);
      await recovered.click('Offer my chart to it');
      await wallet.approve('signature');
      await page.getByText('Offered', { exact: true }).waitFor();
      expect.soft(await findings(page)).toEqual([]);

      const third = await visit(THIRD_WALLET);
      await third.goto(`/wallet#${PATIENT}`);
      await third.heading('Your old wallet offers you the chart').waitFor();
      await third.click('Take over my chart');
      await third.wallet.approve('signature');
      await third.page.getByText('Your chart belongs to this wallet now').waitFor();
      expect(await patientWalletOf(client(), { patient: PATIENT })).toBe(THIRD_WALLET.address);
      await third.goto('/wallet');
      await third.page.getByText('This wallet has a chart').waitFor();
      await close(third);
    },
    STORY_MS,
  );

  it(
    'a representative is appointed, acts in the patient’s name, and no more once it is ended',
    async () => {
      const owner = await visit(THIRD_WALLET);
      await owner.goto('/patient/representatives');
      await owner.page.getByText('Nobody acts for you').waitFor();
      expect.soft(await findings(owner.page)).toEqual([]);
      await owner.page.getByLabel('Their account').fill(CARER.address);
      await owner.click('Appoint');
      await owner.wallet.approve('signature');
      await owner.page.getByText(/^Acts until/).waitFor();

      const carer = await visit(CARER);
      const { page, wallet } = carer;
      await page.getByLabel('You act for', { exact: true }).selectOption(PATIENT);
      await page.getByText(/^You act for patient/).waitFor();
      await carer.goto('/patient/records');
      await page.getByText(/^You act for patient/).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await carer.click('Open 1 record');
      await wallet.approve('signature');
      await page.getByText(TEXT).waitFor();
      await carer.goto('/patient/sharing');
      await carer.click('Give access');
      await page.getByRole('combobox', { name: 'Who' }).fill(ACTORS.clinician.address);
      await page
        .getByRole('region', { name: 'Give access' })
        .getByRole('button', { name: 'Give access' })
        .click();
      await wallet.approve('signature');
      await carer.button('Stop sharing').waitFor();
      await carer.goto('/patient/guardians');
      await page.getByText('Only the patient does this').waitFor();
      await carer.goto('/acting');
      await page.getByText('You act for them now.').waitFor();
      expect.soft(await findings(page)).toEqual([]);

      await owner.page.getByText('Gave access').waitFor();
      expect.soft(await findings(owner.page)).toEqual([]);
      await push(owner, '/patient/log');
      await owner.page.locator('[data-ground=Representative]').waitFor();
      await owner.goto('/network');
      await owner.page.getByText('A representative acted in a patient’s name').first().waitFor();

      await carer.goto(`/patient/records/${recordId}`);
      await carer.button('Open through the keepers').waitFor();
      await owner.goto('/patient/representatives');
      await owner.click('End it');
      await owner.wallet.approve('signature');
      await owner.page.getByText('Nobody acts for you').waitFor();
      await page.getByText(/^You no longer act for patient/).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await carer.click('Open through the keepers');
      await page.getByRole('alert').first().waitFor();
      expect(await page.getByText(TEXT).count()).toBe(0);
      await carer.click('Act for myself');
      await page.getByText('You have no chart here yet').waitFor();
      expect(await representations(client(), { patient: PATIENT })).toEqual([]);
      await close(owner, carer);
    },
    STORY_MS,
  );

  it(
    'two managers appoint for a minor: the first alone is not enough',
    async () => {
      const { pid } = await patientNumberOf();
      await appoint(client(ACTORS.governor), {
        managers: [{ area: LOCAL_AREA, account: SECOND_MANAGER.address }],
        auditors: [],
      });
      const first = await visit(ACTORS.manager);
      await first.goto('/manager/minors');
      await first.page.getByText('Nothing waits for a second manager').waitFor();
      await first.page.getByLabel('Patient number of the minor').fill(`<${LOCAL_AREA}, ${pid}>`);
      await first.page.getByLabel('Their account').fill(CARER.address);
      expect.soft(await findings(first.page)).toEqual([]);
      await first.click('Propose');
      await first.wallet.approve('signature');
      await first.page.getByText(/^You proposed this/).waitFor();
      expect(await stateOfCarer()).toBe('proposed');

      const second = await visit(SECOND_MANAGER);
      await second.goto('/manager/minors');
      await second.page.getByText(/proposed this. Confirm only/).waitFor();
      expect.soft(await findings(second.page)).toEqual([]);
      await second.click('Confirm');
      await second.wallet.approve('signature');
      await second.page.getByText('Nothing waits for a second manager').waitFor();
      expect(await stateOfCarer()).toBe('waiting');
      await later(house.stack, OBJECTION_SECONDS);
      expect(await stateOfCarer()).toBe('standing');
      await close(first, second);
    },
    STORY_MS,
  );

  it(
    'settings: theme, idle lock, who pays, and a browser that forgets',
    async () => {
      const person = await visit(ACTORS.outsider);
      const { page } = person;
      await person.goto('/settings');
      await page.getByText('Dark', { exact: true }).click();
      await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
      await page.getByText('Like the device').click();
      await page.getByLabel('After so long without a click or a key').selectOption('60');
      await page.getByLabel('My wallet').check();
      expect.soft(await findings(page)).toEqual([]);
      await page.reload();
      expect(await page.getByLabel('After so long without a click or a key').inputValue()).toBe('60');
      expect(await page.getByLabel('My wallet').isChecked()).toBe(true);
      await person.click('Forget this browser…');
      await person.click('Forget it now');
      await page.getByRole('link', { name: 'Try with sample data' }).waitFor();
      const left = await page.evaluate(() =>
        Object.keys(localStorage).filter((key) => key.startsWith('chartkey')),
      );
      expect(left).toEqual([]);
      await close(person);
    },
    STORY_MS,
  );

  it('nothing was complained about on any of these pages', () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  /** On the new wallet's page; what it says to send. */
  async function askGuardians(visitor: Visitor): Promise<string> {
    const { page } = visitor;
    await visitor.goto('/wallet');
    await page.getByRole('textbox', { name: 'Which chart' }).fill('A-123-456');
    await page.getByText('This is neither a patient number nor an account.').waitFor();
    await page.getByRole('textbox', { name: 'Which chart' }).fill(PATIENT);
    await visitor.heading('Ask your guardians').waitFor();
    await page.getByRole('img', { name: 'The link for your guardians as a QR code' }).waitFor();
    expect.soft(await findings(page)).toEqual([]);
    const link = new URL((await page.getByTestId('guardians-link').textContent()) ?? '');
    return `${link.pathname}${link.hash}`;
  }

  /** Not before the box that says that somebody was called. */
  async function approveBy(account: HDAccount, path: string): Promise<void> {
    const guardian = await visit(account);
    const { page, wallet } = guardian;
    await guardian.goto(path);
    await guardian.heading('Move this chart to a new wallet?').waitFor();
    expect.soft(await findings(page)).toEqual([]);
    expect(await guardian.button('Approve the new wallet').isDisabled()).toBe(true);
    await page.getByText(NEW_WALLET.address.slice(-6), { exact: true }).waitFor();
    await page.getByLabel('I spoke with them, and the characters are the same').check();
    await guardian.click('Approve the new wallet');
    await wallet.approve('signature');
    await page.getByText('Nothing more to do for you').waitFor();
    await close(guardian);
  }

  function take(account: HDAccount) {
    return takeWallet(client(account), { patient: PATIENT });
  }

  async function stateOfCarer() {
    const [one] = await representations(client(), { patient: PATIENT, representative: CARER.address });
    return one?.state;
  }

  async function patientNumberOf() {
    const address = await patientAddressOf(client(), { patient: PATIENT });
    if (!address) throw new Error('The patient is missing.');
    return address;
  }

  async function enrolClinician(account: HDAccount): Promise<void> {
    const application = {
      role: 'Clinician' as const,
      area: LOCAL_AREA,
      organisation: zeroAddress,
      credentialHash: zeroHash,
    };
    await registerProvider(client(account), application);
    const expiresAt = (await now(house.stack)) + 365 * 86_400;
    await verifyProvider(client(ACTORS.manager), { provider: account.address, application, expiresAt });
  }
});

async function close(...visitors: readonly Visitor[]): Promise<void> {
  for (const { context } of visitors) await context.close();
}

/** What axe finds, and how much wider than a phone the page is. */
async function findings(page: Page): Promise<readonly string[]> {
  const found = await accessibilityOf(page);
  const size = page.viewportSize() ?? { width: 1280, height: 900 };
  await page.setViewportSize({ width: 360, height: 740 });
  await settled(page);
  const tooWide = await page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth <= window.innerWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (one) => one.getBoundingClientRect().right > window.innerWidth,
    );
    return wide.slice(-3).map((one) => `${scrollWidth} px wide: ${one.outerHTML.slice(0, 160)}`);
  });
  await page.setViewportSize(size);
  await settled(page);
  return [...found, ...tooWide];
}
