import { openRecords, relayInfo, revokeConsent, startSession } from '@chartkey/sdk';
import type { Hex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import { accepts, startLiar } from './liar.ts';
import { digest, enrolClinician, enrolPatient, runRelay, startWorld, through, type World } from './world.ts';

let world: World;
let relay: RunningRelay;

beforeAll(async () => {
  world = await startWorld({ free: true });
  // Its account is as empty as everybody's.
  relay = await runRelay(world, { account: generatePrivateKey(), env: { CHARTKEY_RELAY_FEE_CAP: '0' } });
});
afterAll(async () => {
  await relay?.service.close();
  await world?.close();
});

async function expectFree(hash: Hex, from: Hex) {
  const { publicClient } = world.clientOf();
  const receipt = await publicClient.getTransactionReceipt({ hash });
  expect(receipt).toMatchObject({ from: from.toLowerCase(), effectiveGasPrice: 0n });
  expect(await publicClient.getBalance({ address: from })).toBe(0n);
}

describe('a network whose gas price is zero, and accounts that hold nothing', () => {
  test('default: everything goes through the relay, and a shift with one signature', async () => {
    const { relay: sender, feeCap } = await relayInfo(relay);
    expect(feeCap).toBe(0n);
    const patient = await enrolPatient(world, relay, { records: 1 });
    const clinician = await enrolClinician(world, relay, patient.client);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const { session } = await startSession(clinician.client, { expiresAt });
    const onShift = { ...clinician.client, session };
    const open = () =>
      openRecords(onShift, { recordIds: patient.recordIds, purpose: 'TREAT', keyHash: digest('key') });
    const opened = await Promise.all(Array.from({ length: 5 }, open));
    for (const { hash } of opened) await expectFree(hash, sender.toLowerCase() as Hex);
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
  });

  test('behavior: without a relay everybody sends for nothing', async () => {
    const patient = await enrolPatient(world, relay);
    const clinician = await enrolClinician(world, relay, patient.client);
    const alone = world.clientOf(patient.account);
    const { hash } = await revokeConsent(alone, { accessor: clinician.account.address });
    await expectFree(hash, patient.account.address.toLowerCase() as Hex);
  });

  test('behavior: and goes round a relay that does not answer, or does nothing', async () => {
    const idle = await startLiar({ onPost: accepts }, 300);
    try {
      for (const bad of [{ url: 'http://127.0.0.1:9' }, idle]) {
        const patient = await enrolPatient(world, relay);
        const clinician = await enrolClinician(world, relay, patient.client);
        const client = through(world, bad, patient.account);
        const { hash } = await revokeConsent(client, { accessor: clinician.account.address });
        await expectFree(hash, patient.account.address.toLowerCase() as Hex);
      }
    } finally {
      await idle.close();
    }
  });
});
