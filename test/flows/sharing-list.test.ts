import {
  amendConsent,
  type ChartkeyClient,
  type Consent,
  commitPid,
  consentOf,
  declineRequest,
  dropMembers,
  generatePidSalt,
  grantConsent,
  providerListOf,
  providers,
  registerPatient,
  registerProvider,
  reinstateProvider,
  renewProvider,
  requestConsent,
  revokeAll,
  revokeConsent,
  type SharingList,
  sharingListOf,
  suspendProvider,
  verifyProvider,
  vouchForMembers,
} from '@chartkey/sdk';
import { type Account, type Address, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';

/* Lists of consents that are rebuilt from events say what the contract says. */

let stack: Stack;
let expiresAt = 0;
const patients = [ACTORS.patient, ACTORS.secondPatient];
const accessors = [ACTORS.lab, ACTORS.clinician];
type Pair = { readonly patient: Address; readonly accessor: Address };

beforeAll(async () => {
  stack = await startStack();
  const { timestamp } = await stack.clientOf().publicClient.getBlock();
  expiresAt = Number(timestamp) + 86_400;
  for (const patient of patients) {
    const pid = commitPid({ area: LOCAL_AREA, identifier: patient.address, salt: generatePidSalt() });
    await registerPatient(as(patient), { area: LOCAL_AREA, pid, publicKeyHash: zeroHash });
  }
  for (const account of accessors) {
    const provider = account.address;
    const application = {
      ...{ role: 'Lab' as const, area: LOCAL_AREA },
      ...{ organisation: zeroAddress, credentialHash: zeroHash },
    };
    await registerProvider(as(account), application);
    await verifyProvider(as(ACTORS.manager), { provider, application, expiresAt });
  }
});

afterAll(async () => {
  await stack?.close();
});

describe('sharingListOf', () => {
  test('behavior: after each kind of change it is what the contract holds, for either side', async () => {
    const [first, second] = [as(ACTORS.patient), as(ACTORS.secondPatient)];
    const lab = ACTORS.lab.address;
    const asked = { ...scope(), patient: ACTORS.patient.address };
    const steps: readonly (() => Promise<unknown>)[] = [
      () => requestConsent(as(ACTORS.lab), asked),
      () => grantConsent(first, { accessor: lab, consent: consent() }),
      () => grantConsent(second, { accessor: lab, consent: consent() }),
      () => amendConsent(first, { accessor: lab, consent: { ...consent(), compartments: [1, 63] } }),
      () => revokeConsent(first, { accessor: lab }),
      () => requestConsent(as(ACTORS.lab), asked),
      () => declineRequest(first, { accessor: lab }),
      () => grantConsent(first, { accessor: lab, consent: { ...consent(), mayWrite: true } }),
      () => grantConsent(second, { accessor: ACTORS.clinician.address, consent: consent() }),
      () => revokeAll(second),
      () => grantConsent(second, { accessor: ACTORS.clinician.address, consent: consent() }),
    ];
    let ofLab: SharingList | undefined;
    let ofSecond: SharingList | undefined;
    for (const step of steps) {
      await step();
      ofLab = await sharingListOf(stack.clientOf(), { accessor: lab, since: ofLab });
      ofSecond = await sharingListOf(stack.clientOf(), {
        patient: ACTORS.secondPatient.address,
        since: ofSecond,
      });
      await expectAsInContract(
        ofLab,
        patients.map(({ address: patient }) => ({ patient, accessor: lab })),
      );
      await expectAsInContract(
        ofSecond,
        accessors.map(({ address: accessor }) => ({ patient: ACTORS.secondPatient.address, accessor })),
      );
      expect(await sharingListOf(stack.clientOf(), { accessor: lab })).toEqual(ofLab);
    }
    expect(ofLab?.requests.map(({ state }) => state)).toEqual(['granted']);
    expect(ofLab?.consents).toHaveLength(1);
  });
});

describe('providerListOf', () => {
  test('behavior: after each kind of change it is what the contract holds', async () => {
    const [manager, provider] = [as(ACTORS.manager), ACTORS.lab.address];
    const application = {
      ...{ role: 'Hospital' as const, area: LOCAL_AREA },
      ...{ organisation: zeroAddress, credentialHash: zeroHash },
    };
    const member = { ...application, role: 'Clinician' as const, organisation: provider };
    const steps: readonly (() => Promise<unknown>)[] = [
      () => suspendProvider(manager, { provider }),
      () => reinstateProvider(manager, { provider }),
      () => renewProvider(manager, { provider, expiresAt: expiresAt + 60 }),
      () => registerProvider(as(ACTORS.outsider), member),
      () => verifyProvider(manager, { provider: ACTORS.outsider.address, application: member, expiresAt }),
      () => vouchForMembers(as(ACTORS.lab), { members: [ACTORS.outsider.address] }),
      () => dropMembers(as(ACTORS.lab), { members: [ACTORS.outsider.address] }),
      () => registerProvider(as(ACTORS.lab), application),
    ];
    let list = await providerListOf(stack.clientOf());
    for (const step of steps) {
      await step();
      const before = list.providers;
      list = await providerListOf(stack.clientOf(), { since: list });
      expect(list.providers).not.toEqual(before);
      expect(list.providers).toEqual(await providers(stack.clientOf()));
    }
    const { providers: same } = await providerListOf(stack.clientOf(), {
      since: { ...list, upTo: list.upTo + 20n },
    });
    expect(same).toBe(list.providers);
  });
});

/** Each of these pairs is in the list if, and only if, the contract has it, and as the contract has it. */
async function expectAsInContract({ consents }: SharingList, pairs: readonly Pair[]): Promise<void> {
  for (const pair of pairs) {
    const found = consents.filter(
      (given) => given.patient === pair.patient && given.accessor === pair.accessor,
    );
    expect(found.length).toBeLessThanOrEqual(1);
    expect(found[0]?.consent).toEqual(await consentOf(stack.clientOf(), pair));
  }
  expect(consents.length).toBeLessThanOrEqual(pairs.length);
}

function scope() {
  return { compartments: [0, 5], purposes: ['TREAT' as const], expiresAt };
}

function consent(): Consent {
  return { ...scope(), startsAt: 0, mayWrite: false };
}

function as(account: Account): ChartkeyClient {
  return stack.clientOf(account);
}
