import {
  acceptRecord,
  addRecords,
  type ChartkeyClient,
  commitPid,
  generatePidSalt,
  moveRecord,
  type RecordId,
  recordListOf,
  recordOf,
  recordsOf,
  registerPatient,
  registerProvider,
  rejectRecord,
  retireRecord,
  rewrapRecord,
  submitRecord,
  supersedeRecord,
  verifyProvider,
} from '@chartkey/sdk';
import { type Account, type Hex, toHex, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';

/* A list that is rebuilt from events says what the contract says. */

let stack: Stack;
const patient = ACTORS.patient.address;
const idOf = (number: number) => toHex(number, { size: 32 }) as RecordId;

beforeAll(async () => {
  stack = await startStack();
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'A-1', salt: generatePidSalt() });
  await registerPatient(as(ACTORS.patient), { area: LOCAL_AREA, pid, publicKeyHash: zeroHash });
  const application = {
    ...{ role: 'Lab' as const, area: LOCAL_AREA },
    ...{ organisation: zeroAddress, credentialHash: zeroHash },
  };
  await registerProvider(as(ACTORS.lab), application);
  const { timestamp } = await stack.clientOf().publicClient.getBlock();
  const expiresAt = Number(timestamp) + 86_400;
  await verifyProvider(as(ACTORS.manager), { provider: ACTORS.lab.address, application, expiresAt });
});

afterAll(async () => {
  await stack?.close();
});

describe('recordListOf', () => {
  test('behavior: after each kind of change it is what the contract holds', async () => {
    const mine = as(ACTORS.patient);
    const added = [1, 2, 3, 4].map((number) => ({ recordId: idOf(number), compartment: number }));
    await addRecords(mine, { patient, records: added });
    let list = await recordListOf(mine, { patient });
    const steps: readonly (() => Promise<unknown>)[] = [
      () => submitRecord(as(ACTORS.lab), { recordId: idOf(5), patient }),
      () => submitRecord(as(ACTORS.lab), { recordId: idOf(6), patient }),
      () => acceptRecord(mine, { recordId: idOf(5), compartment: 9 }),
      () => rejectRecord(mine, { recordId: idOf(6) }),
      () => moveRecord(mine, { recordId: idOf(1), compartment: 62 }),
      () => supersedeRecord(mine, { recordId: idOf(2), previous: idOf(1) }),
      () => rewrapRecord(mine, { recordId: idOf(3), envelopeDigest: `0x${'ab'.repeat(32)}` as Hex }),
      () => retireRecord(mine, { recordId: idOf(4) }),
    ];
    for (const step of steps) {
      await step();
      list = await recordListOf(mine, { patient, since: list });
      await expectAsInContract(mine, list.records);
      expect(await recordsOf(mine, { patient })).toEqual(list.records);
    }
    expect(list.records.map(({ recordId }) => Number(recordId))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('behavior: nothing of another patient', async () => {
    expect(await recordsOf(stack.clientOf(), { patient: ACTORS.secondPatient.address })).toEqual([]);
  });
});

function as(account: Account): ChartkeyClient {
  return stack.clientOf(account);
}

async function expectAsInContract(
  client: ChartkeyClient,
  records: Awaited<ReturnType<typeof recordsOf>> | readonly Awaited<ReturnType<typeof recordsOf>>[number][],
): Promise<void> {
  for (const record of records) expect(await recordOf(client, record)).toEqual(record);
}
