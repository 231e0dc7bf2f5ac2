import { endSession, openRecords, revokeConsent, sessionOf, startSession } from '@chartkey/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import {
  askRelay,
  digest,
  enrolClinician,
  enrolPatient,
  runRelay,
  startWorld,
  through,
  until,
  type World,
} from './world.ts';

let world: World;
let relay: RunningRelay;

beforeAll(async () => {
  world = await startWorld();
  relay = await runRelay(world);
});
afterAll(async () => {
  await relay?.service.close();
  await world?.close();
});

describe('a person without ether', () => {
  test('default: registers, adds, shares, opens and revokes', async () => {
    const patient = await enrolPatient(world, relay, { records: 1 });
    const clinician = await enrolClinician(world, relay, patient.client);
    const opened = await openRecords(clinician.client, {
      recordIds: patient.recordIds,
      purpose: 'TREAT',
      keyHash: digest('one-time key'),
    });
    expect(opened.opening?.recordIds).toEqual(patient.recordIds);
    await revokeConsent(patient.client, { accessor: clinician.account.address });
    expect(await patient.client.publicClient.getBalance({ address: patient.account.address })).toBe(0n);
  });

  test('behavior: twenty openings at once in a session, and none after it has ended', async () => {
    const patient = await enrolPatient(world, relay, { records: 1 });
    const clinician = await enrolClinician(world, relay, patient.client);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const { session } = await startSession(clinician.client, { expiresAt });
    const onShift = { ...clinician.client, session };
    const open = () =>
      openRecords(onShift, {
        recordIds: patient.recordIds,
        purpose: 'TREAT',
        keyHash: digest('one-time key'),
      });
    const { publicClient } = world.clientOf();
    const rpc = (method: string, params: unknown[] = []) =>
      publicClient.request({ method, params } as unknown as { method: 'eth_chainId' });
    // One transaction at a time: while nothing is mined, all but the first few wait, and go together.
    await rpc('evm_setAutomine', [false]);
    const opening = Promise.all(Array.from({ length: 20 }, open));
    try {
      await until(async () => {
        const text = await (await askRelay(relay, '/metrics')).text();
        return /chartkey_relay_waiting 20$/m.test(text);
      });
      await rpc('evm_mine');
    } finally {
      await rpc('evm_setAutomine', [true]);
    }
    const opened = await opening;
    expect(opened.every(({ opening }) => opening !== undefined)).toBe(true);
    expect(new Set(opened.map(({ opening }) => opening?.place)).size).toBe(20);
    expect(new Set(opened.map(({ hash }) => hash)).size).toBeLessThan(20);

    await endSession(through(world, relay, clinician.account));
    expect(await sessionOf(clinician.client, { person: clinician.account.address })).toBeUndefined();
    await expect(open()).rejects.toMatchObject({ code: 'SESSION_ENDED' });
  });
});
