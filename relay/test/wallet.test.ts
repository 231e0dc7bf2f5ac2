import { endSession, openRecords, patientOf, revokeConsent, startSession } from '@chartkey/sdk';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import { compileWallet, deployWallet } from './wallet.ts';
import {
  decline,
  declinedBy,
  digest,
  enrolClinician,
  enrolPatient,
  expectProblem,
  newcomer,
  nonceOf,
  post,
  runRelay,
  sentBy,
  sign,
  startWorld,
  until,
  type World,
} from './world.ts';

let world: World;
let relay: RunningRelay;
let bytecode: Hex;

beforeAll(async () => {
  bytecode = await compileWallet();
  world = await startWorld();
  relay = await runRelay(world, { env: { CHARTKEY_RELAY_GATHER_MS: '300' } });
});
afterAll(async () => {
  await relay?.service.close();
  await world?.close();
});

describe('a smart-contract wallet', () => {
  test('default: registers, shares, works a shift and revokes, by its owner’s signature', async () => {
    const wallet = await deployWallet(world, bytecode);
    const patient = await enrolPatient(world, relay, { account: wallet, records: 1 });
    expect(await patientOf(patient.client, { wallet: wallet.address })).toBeDefined();

    const clinician = await enrolClinician(world, relay, patient.client, await deployWallet(world, bytecode));
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const { session } = await startSession(clinician.client, { expiresAt });
    const opening = { recordIds: patient.recordIds, purpose: 'TREAT', keyHash: digest('key') } as const;
    const { opening: opened } = await openRecords({ ...clinician.client, session }, opening);
    expect(opened?.recordIds).toEqual(patient.recordIds);
    await endSession(clinician.client);
    await revokeConsent(patient.client, { accessor: clinician.account.address });
  });

  test('error: somebody else’s signature, and what its owner signed for another wallet', async () => {
    const owner = newcomer();
    const [wallet, other] = [
      await deployWallet(world, bytecode, owner),
      await deployWallet(world, bytecode, owner),
    ];
    await enrolPatient(world, relay, { account: wallet });
    await enrolPatient(world, relay, { account: other });
    const by = { ...newcomer(), address: wallet.address };
    await expectProblem(relay, [await sign(world, by, { data: decline(1) })], 'SIGNATURE_INVALID');
    const good = await sign(world, wallet, { data: decline(1) });
    await expectProblem(relay, [{ ...good, from: other.address }], 'SIGNATURE_INVALID');
    // Nor does the owner's own account become a patient by it.
    await expectProblem(relay, [{ ...good, from: owner.address }], 'SIGNATURE_INVALID');
  });

  test('behavior: goes in a transaction of its own, and in order', async () => {
    const wallet = await deployWallet(world, bytecode);
    await enrolPatient(world, relay, { account: wallet });
    const { account } = await enrolPatient(world, relay);
    const { relay: sender } = (await (await fetch(`${relay.url}/v1/info`)).json()) as { relay: Hex };
    const before = await sentBy(world, sender);
    for (const person of [wallet, account]) {
      const first = await nonceOf(world, person.address);
      const own = [0n, 1n, 2n].map((i) =>
        sign(world, person, { data: decline(Number(i)), nonce: first + i }),
      );
      expect((await post(relay, await Promise.all(own))).status).toBe(200);
    }
    for (const { address } of [wallet, account]) {
      await until(async () => (await declinedBy(world, address)).length === 3);
      expect(await declinedBy(world, address)).toEqual([0, 1, 2]);
    }
    expect(await sentBy(world, sender)).toBe(before + 4);
  });
});
