import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  grantConsent,
  parseEnvelope,
  type RecordId,
  type Role,
  readEnvelope,
  recordOf,
  registerProvider,
  retireRecord,
} from '@chartkey/sdk';
import { type HDAccount, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { enrol } from '../../scripts/start/seed.ts';
import { findChromium } from './support/chromium.ts';
import { addRecordAs, type House, push, startHouse } from './support/house.ts';
import { accessibilityOf, type Visitor } from './support/visitor.ts';

const mayNotSkip = process.env['CHARTKEY_NO_SKIPS'] === '1';
const STORY_MS = 120_000;
const LETTER = 'A letter that nobody else has.';

describe.skipIf(findChromium() === undefined && !mayNotSkip)(
  'what everybody sees, and what managers do',
  () => {
    let house: House;
    let folder: string;
    let guest: Visitor;
    let manager: Visitor;
    let recoveryCode: string;
    let letter: RecordId;
    let retired: RecordId;

    const apply = (account: HDAccount, role: Role) =>
      registerProvider(house.stack.clientOf(account), {
        role,
        area: LOCAL_AREA,
        organisation: zeroAddress,
        credentialHash: zeroHash,
      });

    const verifyFile = async (visitor: Visitor, name: string, content: Uint8Array | string) => {
      const path = join(folder, name);
      await writeFile(path, content);
      await visitor.page.locator('input[type=file]').setInputFiles(path);
      await visitor.page.getByRole('heading', { name, exact: true }).waitFor();
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'chartkey-network-'));
      house = await startHouse((stack) => ({ CHARTKEY_RELAY_URL: stack.relay.url }));
      guest = await house.visitorFor(ACTORS.outsider);
      manager = await house.visitorFor(ACTORS.manager);
    }, 400_000);

    afterAll(async () => {
      await house?.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    }, 60_000);

    describe('Network', () => {
      it(
        'tells in words what happens, as it happens, without a wallet',
        async () => {
          const { page } = guest;
          await guest.goto('/network');
          await page.getByText('A set of 3 keepers began; any 2 of them release a record').waitFor();
          await page.getByText(`Governance appointed a manager of area ${LOCAL_AREA}`).waitFor();
          await page.getByText(house.stack.deployment.records).waitFor();
          await page.getByText('Records can be shared and opened').waitFor();

          await page.getByText('Sharing', { exact: true }).click();
          await guest.heading('Nothing of this kind lately').waitFor();
          ({ recoveryCode } = await enrol(house.stack, ACTORS.patient));
          await apply(ACTORS.clinician, 'Clinician');
          await apply(ACTORS.lab, 'Lab');
          await grantConsent(house.stack.clientOf(ACTORS.patient), {
            accessor: ACTORS.clinician.address,
            consent: {
              compartments: [0],
              purposes: ['TREAT'],
              startsAt: 0,
              expiresAt: 1_900_000_000,
              mayWrite: false,
            },
          });
          await page.getByText('A patient gave access to a clinician, until 17 Mar 2030').waitFor();
          expect(await page.getByTestId('activity').textContent()).not.toContain('A patient enrolled');
          await page.getByText('All', { exact: true }).click();
          await page.getByText(`A patient enrolled in area ${LOCAL_AREA}`).waitFor();
          await page.getByText(`A clinician applied in area ${LOCAL_AREA}`).waitFor();
          await page
            .getByTestId('activity')
            .getByRole('button', { name: 'Technical details' })
            .first()
            .click();
          await page.getByText('ConsentGranted of ConsentRegistry').waitFor();
          expect.soft(await accessibilityOf(page)).toEqual([]);
          expect(guest.wallet.asked).toEqual([]);
          expect(guest.complaints).toEqual([]);
        },
        STORY_MS,
      );

      it(
        'keeps what it knows when the chain is gone, and says so',
        async () => {
          const { page } = guest;
          await page.route('**/api/rpc', (route) => route.abort());
          await guest.page.getByText('The network does not answer').waitFor();
          await page.getByText(`A patient enrolled in area ${LOCAL_AREA}`).waitFor();
          await page.getByTestId('service-Chain').getByText('Down').waitFor();
          expect.soft(await accessibilityOf(page)).toEqual([]);
          await page.unroute('**/api/rpc');
          await page.getByText('The network does not answer').waitFor({ state: 'detached' });
          guest.complaints.length = 0;
        },
        STORY_MS,
      );
    });

    describe('Verify a document', () => {
      it(
        'says of an id since when, by whom, which version, and that it ended',
        async () => {
          const { page } = guest;
          const patient = house.stack.clientOf(ACTORS.patient);
          letter = await addRecordAs(house.stack, ACTORS.patient, {
            content: LETTER,
            title: 'letter.txt',
            mediaType: 'text/plain',
          });
          retired = await addRecordAs(house.stack, ACTORS.patient, { content: 'old' });
          await retireRecord(patient, { recordId: retired });

          await guest.goto('/verify');
          expect.soft(await accessibilityOf(page)).toEqual([]);
          const field = page.getByLabel('Or a record id');
          await field.fill('0x12');
          await guest.click('Look it up');
          await page.getByText('This is no record id.').waitFor();

          await field.fill(letter);
          await guest.click('Look it up');
          await page.getByText('On the chain, and it counts').waitFor();
          await page.getByText('in storage, whole and unaltered').waitFor();
          await page.getByText('the patient', { exact: true }).waitFor();
          await page.getByText('1, the newest').waitFor();
          expect.soft(await accessibilityOf(page)).toEqual([]);

          await guest.goto(`/verify?record=${retired}`);
          await page.getByText('Ended by the patient').waitFor();
          await guest.goto(`/verify?record=${zeroHash.slice(0, -1)}1`);
          await page.getByText('Not on this chain').waitFor();
          expect(guest.complaints).toEqual([]);
        },
        STORY_MS,
      );

      it(
        'knows a sealed envelope, and refuses one that was changed or is of another network',
        async () => {
          const { page } = guest;
          const record = await recordOf(house.stack.clientOf(), { recordId: letter });
          if (!record) throw new Error('The letter is missing.');
          const { bytes } = await readEnvelope(house.stack.clientOf(), record, house.stack);
          await guest.goto('/verify');
          await verifyFile(guest, 'sealed.bin', bytes);
          await page.getByText('A sealed record of this network').waitFor();
          await page.getByText('On the chain, and it counts').waitFor();

          const changed = bytes.slice();
          const last = changed.length - 1;
          changed[last] = (changed[last] ?? 0) ^ 1;
          expect(parseEnvelope(changed).author).toEqual(parseEnvelope(bytes).author);
          await verifyFile(guest, 'changed.bin', changed);
          await page.getByText('A sealed record that is not on the chain').waitFor();

          const other = bytes.slice();
          other[31] = (other[31] ?? 0) ^ 1;
          await verifyFile(guest, 'other.bin', other);
          await page.getByText('A sealed record of another network').waitFor();
          expect(guest.complaints).toEqual([]);
        },
        STORY_MS,
      );

      it(
        'promises nothing about a readable document, to whoever can open nothing',
        async () => {
          await verifyFile(guest, 'letter.txt', LETTER);
          await guest.page.getByText('A readable document', { exact: true }).waitFor();
          expect(await guest.page.getByRole('heading', { name: 'Is it one of my records?' }).count()).toBe(0);
          await verifyFile(guest, 'a.age', 'age-encryption.org/v1\n-> X25519 abc\n');
          await guest.page.getByText('A file that somebody encrypted').waitFor();
          expect.soft(await accessibilityOf(guest.page)).toEqual([]);
        },
        STORY_MS,
      );

      it(
        'finds it among a patient’s own records, once they are unlocked',
        async () => {
          const patient = await house.visitorFor(ACTORS.patient);
          await patient.connect();
          await patient.goto('/verify');
          await verifyFile(patient, 'renamed.txt', LETTER);
          await patient.page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode);
          await patient.click('Unlock');
          await patient.click('Compare with my records');
          await patient.page.getByText('It is one of your records, byte by byte').waitFor();
          await verifyFile(patient, 'forged.txt', LETTER.replace('nobody', 'anybod'));
          await patient.click('Compare with my records');
          await patient.page.getByText('None of your records').waitFor();
          expect(patient.wallet.asked.filter((method) => method === 'eth_sendTransaction')).toEqual([]);
          expect(patient.complaints).toEqual([]);
          await patient.context.close();
        },
        STORY_MS,
      );
    });

    describe('Managers', () => {
      it(
        'verify several at once with one signature',
        async () => {
          const { page } = manager;
          await manager.connect();
          await manager.goto('/manager');
          await page.getByText('You cannot open any patient’s record').waitFor();
          await page.getByLabel('All 2').check();
          expect.soft(await accessibilityOf(page)).toEqual([]);
          await manager.click('Verify 2');
          await manager.wallet.approve('signature');
          await manager.heading('Nobody is waiting').waitFor();
          expect(manager.wallet.asked.filter((method) => method === 'eth_signTypedData_v4')).toHaveLength(1);
        },
        STORY_MS,
      );

      it(
        'suspend, reinstate, and change until when somebody counts',
        async () => {
          const { page } = manager;
          await push(manager, '/manager/people');
          const lab = page.getByRole('region', { name: 'Organisations' });
          await lab.getByText('Laboratory').waitFor();
          await page.getByRole('region', { name: 'People' }).getByText('Clinician').waitFor();
          await lab.getByRole('button', { name: 'Suspend…' }).click();
          expect.soft(await accessibilityOf(page)).toEqual([]);
          await manager.click('Suspend now');
          await manager.wallet.approve('signature');
          await lab.getByText('Suspended').waitFor();
          await manager.click('Reinstate');
          await manager.wallet.reject('signature');
          await page.getByText('You declined this in your wallet').waitFor();
          await manager.click('Reinstate');
          await manager.wallet.approve('signature');
          await lab.getByText('Verified', { exact: true }).waitFor();

          await lab.getByRole('button', { name: 'Change the end…' }).click();
          await page.getByLabel('Counts until (last day)').fill('2020-01-01');
          await page.getByText('Choose a day that is not in the past.').waitFor();
          await page.getByLabel('Counts until (last day)').fill('2031-05-04');
          await manager.click('Save the end');
          await manager.wallet.approve('signature');
          await lab.getByText('until 4 May 2031').waitFor();
          await page.getByText('Ended', { exact: true }).click();
          await manager.heading('Nobody of this kind').waitFor();
          expect(manager.complaints).toEqual([]);
        },
        STORY_MS,
      );

      it(
        'see which service is down, and what it means',
        async () => {
          const { page } = manager;
          await push(manager, '/manager/system');
          await page.getByText('Records can be shared and opened').waitFor();
          for (const name of ['Chain', 'Storage', 'Relay', 'Keeper 1', 'Keeper 2', 'Keeper 3']) {
            await page.getByTestId(`service-${name}`).getByText('Up', { exact: true }).waitFor();
          }
          await page.getByTestId('service-Index').getByText('Not set up').waitFor();
          await page
            .getByTestId('service-Keeper 1')
            .getByText(/version 0\.1\.0/)
            .waitFor();
          expect.soft(await accessibilityOf(page)).toEqual([]);

          const [first, second] = house.stack.keepers;
          await first?.service.close();
          await page.getByTestId('service-Keeper 1').getByText('Down').waitFor();
          await page.getByText('2 of 3 keepers are up, 2 are needed.').waitFor();
          await second?.service.close();
          await house.stack.storageNode.kill();
          await page.getByText('Records can’t be opened now').waitFor();
          await page.getByTestId('service-Storage').getByText('Down').waitFor();
          expect.soft(await accessibilityOf(page)).toEqual([]);
          await page.getByText('You cannot open any patient’s record').waitFor();

          await house.stack.storageNode.restart();
          await first?.restart();
          await second?.restart();
          await page.getByText('Records can be shared and opened').waitFor();
          // What a browser says of doors that did not open.
          expect(manager.complaints.filter((text) => !/status of 50[24]/.test(text))).toEqual([]);
          manager.complaints.length = 0;
        },
        STORY_MS,
      );

      it(
        'are told what nobody else may do',
        async () => {
          await guest.connect();
          for (const path of ['/manager', '/manager/people', '/manager/system']) {
            await guest.goto(path);
            await guest.heading('You manage no area').waitFor();
          }
          const { request } = guest.page;
          expect((await request.get(`${house.web.url}/api/health/keeper`)).status()).toBe(404);
          const elsewhere = { 'sec-fetch-site': 'cross-site' };
          const asked = await request.get(`${house.web.url}/api/health/storage`, { headers: elsewhere });
          expect(asked.status()).toBe(403);
        },
        STORY_MS,
      );
    });

    it(
      'fits a phone, without scrolling sideways',
      async () => {
        const small = await house.visitorFor(ACTORS.manager, { viewport: { width: 360, height: 740 } });
        await small.connect();
        for (const path of ['/network', '/verify', '/manager', '/manager/people', '/manager/system']) {
          await small.goto(path);
          await small.page.getByRole('heading', { level: 1 }).waitFor();
          const over = () =>
            small.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          await expect.poll(over).toBeLessThanOrEqual(0);
          expect.soft(await accessibilityOf(small.page)).toEqual([]);
        }
        await small.context.close();
      },
      STORY_MS,
    );
  },
);
