import {
  confirmEmergency,
  coSignEmergency,
  type EmergencyList,
  emergencies,
  emergencyListOf,
  emergencySetOf,
  providerOf,
  REVIEW_SECONDS,
  requestEmergency,
  reviewEmergency,
  setGuardians,
  standingEmergencyOf,
} from '@chartkey/sdk';
import type { HDAccount } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later } from '../../scripts/demo/care.ts';
import { ACTORS, devAccount, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { type SeededPatient, seedDemoData } from '../../scripts/start/seed.ts';
import { findChromium } from './support/chromium.ts';
import { findings } from './support/findings.ts';
import { addClinician, addRecordAs, type House, startHouse } from './support/house.ts';
import type { Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STEP_MS = 180_000;
/** Not in the emergency set. */
const OTHER_COMPARTMENT = 7;

const PATIENT = ACTORS.thirdPatient;
const COLLEAGUE = devAccount(15);
const SECOND_COLLEAGUE = devAccount(16);
const REQUESTER = devAccount(17);
/** The requester's other wallet, with the same licence. */
const TWIN = devAccount(18);

const GUARDIANS = [ACTORS.secondPatient, ACTORS.outsider, devAccount(19)];

describe.skipIf(findChromium() === undefined && !mayNotSkip)('an emergency', () => {
  let house: House;
  let seeded: SeededPatient | undefined;
  let patient: Visitor;
  let clinician: Visitor;
  let colleague: Visitor;
  let manager: Visitor;
  let card = '';
  let picture: Buffer;
  /** Path of the emergency that was asked for. */
  let asked = '';
  let list: EmergencyList;

  const connected = async (account: HDAccount) => {
    const visitor = await house.visitorFor(account);
    await visitor.connect();
    return visitor;
  };
  const standing = () =>
    standingEmergencyOf(house.stack.clientOf(), {
      patient: PATIENT.address,
      requester: REQUESTER.address,
    });
  const link = ({ page }: Visitor, name: string | RegExp) => page.getByRole('link', { name });

  beforeAll(async () => {
    house = await startHouse(({ relay }) => ({ CHARTKEY_RELAY_URL: relay.url }));
    const { stack } = house;
    [, , seeded] = await seedDemoData(stack);
    for (const [account, licence] of [
      [REQUESTER, 'licence 1'],
      [TWIN, 'licence 1'],
      [COLLEAGUE, 'licence 2'],
      [SECOND_COLLEAGUE, 'licence 3'],
    ] as const) {
      await addClinician(stack, account, licence);
    }
    const guardians = GUARDIANS.map(({ address }) => address);
    await setGuardians(stack.clientOf(PATIENT), { guardians, threshold: 2 });
    await addRecordAs(stack, PATIENT, { content: 'Made up.', title: 'x', compartment: OTHER_COMPARTMENT });
  }, 300_000);

  afterAll(async () => {
    await house?.close();
  }, 60_000);

  it(
    'the patient marks what may be read, and nothing is marked by itself',
    async () => {
      patient = await connected(PATIENT);
      const { page, wallet } = patient;
      await patient.goto('/patient/emergencies');
      await page.getByText('You marked nothing').waitFor();
      await page.getByText('None so far.').waitFor();
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
      expect.soft(await findings(page)).toEqual([]);
      await patient.click('Tick what is proposed');
      await patient.click('Save');
      await wallet.reject('signature');
      await page.getByText('You declined this in your wallet').waitFor();
      await patient.click('Save');
      const { typed } = await wallet.approve('signature');
      expect(typed?.primaryType).toBe('SetEmergencySet');
      await page.getByText('Saved. It counts from now on.').waitFor();
      expect(await emergencySetOf(house.stack.clientOf(), { patient: PATIENT.address })).toEqual([0]);
    },
    STEP_MS,
  );

  it(
    'the card is shown large without a network, is printed alone, and says nothing of anybody',
    async () => {
      const { page, context } = patient;
      await link(patient, 'Emergency card').click();
      const code = page.getByRole('img', { name: 'Code of your emergency card' });
      await code.waitFor();
      picture = await code.screenshot();
      card = (await page.getByTestId('card-text').textContent()) ?? '';
      expect(card).toBe(`${house.web.url}/emergency#${LOCAL_AREA}.${seeded?.pid.slice(2)}`);
      expect(card.toLowerCase()).not.toContain(PATIENT.address.slice(2).toLowerCase());
      expect.soft(await findings(page)).toEqual([]);

      await page.emulateMedia({ media: 'print' });
      await page.getByRole('banner').waitFor({ state: 'hidden' });
      expect(await code.isVisible()).toBe(true);
      await page.emulateMedia({ media: null });

      await context.setOffline(true);
      await patient.click('Show it large');
      const large = page.getByRole('dialog', { name: 'Emergency card' });
      await large.getByRole('img', { name: 'Code of your emergency card' }).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await context.setOffline(false);
      await page.keyboard.press('Escape');
      expect(patient.complaints.filter((text) => !/net::ERR_/.test(text))).toEqual([]);
      patient.complaints.splice(0);
      await patient.goto('/patient');
      await patient.heading('Nobody else can read your records').waitFor();
    },
    STEP_MS,
  );

  it(
    'whoever scans the card is told what it is; who marked nothing has no break-glass',
    async () => {
      clinician = await connected(REQUESTER);
      const { page } = clinician;
      await clinician.goto(`${new URL(card).pathname}#nobody`);
      await page.getByText('This is no emergency card').waitFor();
      await page.goto(card);
      await link(clinician, 'I am a clinician: go on').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await link(clinician, 'I am a clinician: go on').click();
      const field = page.getByLabel('Emergency card or patient number');
      await page.getByText('marked 1 folder for emergencies').waitFor();

      await clinician.goto('/clinician');
      await link(clinician, 'It is an emergency and nobody can be asked').click();
      await field.fill('A-123-456');
      await page.getByText('This is neither an emergency card nor a patient number.').waitFor();
      await field.fill(`9.${'0'.repeat(64)}`);
      await page.getByText('No patient has this card here.').waitFor();
      await field.fill(ACTORS.secondPatient.address);
      await page.getByText('This patient marked nothing for emergencies').waitFor();
      expect(await clinician.button('Break the glass…').count()).toBe(0);
      expect(clinician.wallet.signatures).toBe(0);
    },
    STEP_MS,
  );

  it(
    'the clinician finds the patient by the card, gives a reason, and is asked twice',
    async () => {
      const { page, wallet } = clinician;
      await clinician.goto(`/clinician/chart/${PATIENT.address}`);
      await link(clinician, 'It is an emergency and nobody can be asked').click();
      await page.getByText('marked 1 folder for emergencies').waitFor();
      await page.getByLabel('Emergency card or patient number').fill('');
      await clinician.click('Scan a code');
      const files = page.locator('input[type=file]');
      await files.setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: picture });
      await page.getByText('marked 1 folder for emergencies').waitFor();
      expect(await page.getByLabel('Emergency card or patient number').inputValue()).toBe(card);
      expect(await clinician.button('Break the glass…').isDisabled()).toBe(true);
      await page.getByRole('radio', { name: 'The patient can’t be asked' }).check();
      expect.soft(await findings(page)).toEqual([]);
      await clinician.click('Break the glass…');
      const dialog = page.getByRole('dialog', { name: 'Is this an emergency?' });
      const ask = dialog.getByRole('button', { name: 'Yes, ask for it' });
      expect(await ask.isDisabled()).toBe(true);
      await dialog.getByRole('checkbox').check();
      expect.soft(await findings(page)).toEqual([]);
      await ask.click();
      await wallet.reject('signature');
      await dialog.getByText('You declined this in your wallet').waitFor();
      await ask.click();
      const { typed } = await wallet.approve('signature');
      expect(typed?.primaryType).toBe('RequestEmergency');
      expect(typed?.message).toMatchObject({ because: 'The patient can’t be asked' });
      await clinician.heading('Waiting for confirmation').waitFor();
      await page.getByText('0 of 2 colleagues have co-signed').waitFor();
      await page.getByText('0 of 2 guardians have confirmed (the patient has 3)').waitFor();
      await page.getByText('Nobody co-signs for themselves', { exact: false }).waitFor();
      await page.getByRole('img', { name: 'Code that leads to this emergency' }).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      asked = new URL(page.url()).pathname;
      expect(asked).toBe('/clinician/emergency/1');
      // Whoever asks has nothing to co-sign with.
      expect(await clinician.button('Co-sign').count()).toBe(0);
      await expect(coSignEmergency(house.stack.clientOf(REQUESTER), { emergencyId: 1n })).rejects.toThrow(
        'Nobody confirms or reviews themselves.',
      );
    },
    STEP_MS,
  );

  it(
    'the patient sees it on the page that is open, before anybody confirmed it',
    async () => {
      const { page } = patient;
      const notice = page.getByRole('alert').filter({ hasText: 'A clinician asks to break the glass' });
      await notice.getByText(/The patient can’t be asked/).waitFor();
      await notice.getByRole('button', { name: 'Refuse it now' }).waitFor();
      await patient.click(/^Inbox, 1 new/);
      await page.getByRole('link', { name: /An emergency needs your eyes/ }).click();
      await patient.heading('A clinician asks to break the glass').waitFor();
      await page.getByText('nothing yet; once confirmed: General').waitFor();
      expect.soft(await findings(page)).toEqual([]);
    },
    STEP_MS,
  );

  it(
    'co-signing is refused to the same licence, to the unverified, and to one colleague twice',
    async () => {
      await confirmEmergency(house.stack.clientOf(ACTORS.outsider), { emergencyId: 1n });
      await clinician.page.getByText('1 of 2 guardians have confirmed').waitFor();
      const twin = await connected(TWIN);
      await twin.goto(asked);
      await twin.page.getByRole('checkbox').check();
      await twin.click('Co-sign');
      // The contract is asked before the wallet is: there is nothing to sign.
      await twin.page.getByText('credentials that look alike').waitFor();
      await twin.context.close();

      const lab = await connected(ACTORS.lab);
      await lab.goto(asked);
      await lab.heading('Waiting to be verified').waitFor();
      await lab.context.close();

      colleague = await connected(COLLEAGUE);
      await colleague.goto('/clinician/emergency/99');
      await colleague.heading('There is no such emergency').waitFor();
      await colleague.goto('/clinician');
      await colleague.click(/^Inbox, 1 new/);
      await link(colleague, /A colleague asks you to co-sign/).click();
      await colleague.page.getByLabel('Number of the emergency').fill('1');
      await colleague.page.keyboard.press('Enter');
      await colleague.page.getByText('You say with your name that this is an emergency.').waitFor();
      expect(await colleague.button('Co-sign').isDisabled()).toBe(true);
      expect.soft(await findings(colleague.page)).toEqual([]);
      await colleague.page.getByRole('checkbox').check();
      await colleague.click('Co-sign');
      await colleague.wallet.approve('signature');
      await colleague.heading('You have co-signed').waitFor();
      await colleague.goto(asked);
      await colleague.page.getByText('One colleague counts once.').waitFor();
      expect(await colleague.button('Co-sign').count()).toBe(0);
      await expect(coSignEmergency(house.stack.clientOf(COLLEAGUE), { emergencyId: 1n })).rejects.toThrow(
        'You have confirmed this already.',
      );
      await clinician.page.getByText('1 of 2 colleagues have co-signed').waitFor();
      list = await emergencyListOf(house.stack.clientOf(), { patient: PATIENT.address });
      expect(list.emergencies.map(({ state }) => state)).toEqual(['waiting']);
      expect(await standing()).toBeUndefined();
    },
    STEP_MS,
  );

  it(
    'with the second colleague the emergency set opens, and nothing else',
    async () => {
      const second = await connected(SECOND_COLLEAGUE);
      await second.goto(asked);
      await second.page.getByRole('checkbox').check();
      await second.click('Co-sign');
      await second.wallet.approve('signature');
      await second.heading('Confirmed').waitFor();
      expect(second.complaints).toEqual([]);
      await second.context.close();

      const { page, wallet } = clinician;
      await clinician.heading('Your emergency access is open').waitFor();
      expect(await standing()).toMatchObject({ compartments: [0] });
      expect.soft(await findings(page)).toEqual([]);
      await link(clinician, 'Open the chart').click();
      await clinician.heading('Emergency access').waitFor();
      await page.getByRole('timer').first().waitFor();
      expect.soft(await findings(page)).toEqual([]);
      // Of the two records in the chart.
      await clinician.click('Open the emergency record');
      const { typed } = await wallet.approve('signature');
      expect(typed?.message).toMatchObject({ why: 'Emergency treatment' });
      await clinician.heading('Lab results').waitFor();
    },
    STEP_MS,
  );

  it(
    'the patient sees at once who reads what until when, and ends it',
    async () => {
      const { page, wallet } = patient;
      await patient.heading('A clinician may read your emergency records now').waitFor();
      await page.getByText('1 record', { exact: false }).first().waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await link(patient, 'Who looked').first().click();
      await patient.heading('Who looked').first().waitFor();
      await page.locator('[data-ground=Emergency]').waitFor();
      const notice = page
        .getByRole('alert')
        .filter({ hasText: 'A clinician may read your emergency records now' });
      await notice.getByText('1 record opened').waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await notice.getByRole('button', { name: 'End it now' }).click();
      await wallet.reject('signature');
      await notice.getByText('You declined this in your wallet').waitFor();
      await notice.getByRole('button', { name: 'End it now', exact: true }).click();
      await wallet.approve('signature');
      await notice.waitFor({ state: 'detached' });
      const [found] = await emergencies(house.stack.clientOf(), { patient: PATIENT.address });
      expect(found?.state).toBe('ended');
      expect(await standing()).toBeUndefined();
    },
    STEP_MS,
  );

  it(
    'after the end the clinician is refused in words',
    async () => {
      const { page, wallet } = clinician;
      await page.getByText('Your emergency access has ended').waitFor();
      // What was opened is gone from the page too.
      expect(await clinician.heading('Lab results').count()).toBe(0);
      expect.soft(await findings(page)).toEqual([]);
      await clinician.click('Try to open');
      await wallet.approve('signature');
      await page.getByText('The patient has given no consent.').waitFor();
      await link(clinician, 'See its review').click();
      await clinician.heading('This emergency has ended').waitFor();
      await page.getByText('It has not been reviewed yet.').waitFor();
      expect.soft(await findings(page)).toEqual([]);
    },
    STEP_MS,
  );

  it(
    'the patient contests it, which suspends nobody; the manager finds it unjustified, which does',
    async () => {
      await patient.goto('/patient/emergencies');
      await patient.click('It was not…');
      await patient.page.getByText('You can’t suspend anybody yourself', { exact: false }).waitFor();
      expect.soft(await findings(patient.page)).toEqual([]);
      await patient.click('Contest it');
      await patient.wallet.approve('signature');
      await patient.page.getByText('You contest it. A manager settles it.').waitFor();
      const status = async () =>
        (await providerOf(house.stack.clientOf(), { provider: REQUESTER.address })).status;
      expect(await status()).toBe('Verified');

      manager = await connected(ACTORS.manager);
      const { page } = manager;
      await manager.goto('/manager/system');
      await manager.click(/^Inbox, 2 new/);
      await link(manager, /1 emergency waits for your review/).click();
      await manager.heading('To be reviewed (1)').waitFor();
      await manager.click('Who confirmed, and how much was opened');
      await page.getByText('1 record', { exact: true }).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await manager.click('It was not…');
      await page.getByText('The clinician is suspended with the same signature', { exact: false }).waitFor();
      expect.soft(await findings(page)).toEqual([]);
      await manager.click('Find it unjustified and suspend');
      await manager.wallet.approve('signature');
      await manager.heading('Reviewed (1)').waitFor();
      await page.getByText('Not justified', { exact: true }).waitFor();
      expect(await manager.button('It was not…').count()).toBe(0);
      expect(await status()).toBe('Suspended');
      // Followed from before it opened, the list says the same as one that is read anew.
      const [of, client] = [{ patient: PATIENT.address }, house.stack.clientOf()];
      const followed = await emergencyListOf(client, { ...of, since: list });
      expect(followed).toEqual(await emergencyListOf(client, of));
      expect(followed.emergencies.map(({ review }) => review)).toEqual(['Unjustified']);
      expect(await emergencyListOf(client, { ...of, since: followed })).toEqual(followed);
      await clinician.goto('/clinician/emergency');
      await clinician.heading('You are suspended').waitFor();
    },
    STEP_MS,
  );

  it(
    'what nobody confirms lapses, and what nobody reviews is overdue for everybody to see',
    async () => {
      const { stack } = house;
      const asking = { patient: PATIENT.address, reason: 'LifeAtRisk' } as const;
      const { emergencyId } = await requestEmergency(stack.clientOf(COLLEAGUE), asking);
      for (const account of [SECOND_COLLEAGUE, ACTORS.clinician]) {
        await coSignEmergency(stack.clientOf(account), { emergencyId });
      }
      const { emergencyId: unconfirmed } = await requestEmergency(stack.clientOf(SECOND_COLLEAGUE), asking);
      await later(stack, REVIEW_SECONDS + 1);
      await manager.goto('/manager/emergencies');
      await manager.heading('Overdue (1)').waitFor();
      await manager.page.getByText('Review overdue', { exact: true }).waitFor();
      expect.soft(await findings(manager.page)).toEqual([]);
      await patient.goto('/patient/emergencies');
      await patient.page.getByText('The time for it is over. It can still be said.').waitFor();
      await patient.heading('A clinician asked, and nobody confirmed it').waitFor();
      await colleague.goto(`/clinician/emergency/${unconfirmed}`);
      await colleague.heading('Nobody confirmed it in time').waitFor();
      expect(await colleague.button('Co-sign').count()).toBe(0);
      await reviewEmergency(stack.clientOf(ACTORS.manager), { emergencyId, justified: true });
      await manager.heading('Reviewed (2)').waitFor();
    },
    STEP_MS,
  );

  it(
    'everybody can read what happened, of roles and never of persons',
    async () => {
      await manager.goto('/network');
      await manager.page.getByText('Emergencies', { exact: true }).last().click();
      for (const sentence of [
        'A patient changed what may be read in an emergency',
        'A clinician asked for emergency access to a patient’s records',
        'A clinician co-signed a colleague’s emergency',
        'A patient ended an emergency',
        'A patient contests an emergency',
        'An emergency was found unjustified; its clinician is suspended',
      ]) {
        await manager.page.getByText(sentence).first().waitFor();
      }
      for (const { complaints } of [patient, clinician, colleague, manager]) {
        expect.soft(complaints).toEqual([]);
      }
    },
    STEP_MS,
  );
});
