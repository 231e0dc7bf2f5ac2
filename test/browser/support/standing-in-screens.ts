import {
  appointForMinor,
  appointRepresentative,
  approveWallet,
  grantConsent,
  offerWallet,
  patientAddressOf,
  setGuardians,
} from '@chartkey/sdk';
import type { HDAccount } from 'viem';
import { ACTORS, devAccount, LOCAL_AREA } from '../../../scripts/lib/accounts.ts';
import { appoint } from '../../../scripts/lib/chain.ts';
import type { Stack } from '../../../scripts/lib/stack.ts';
import type { Visitor } from './visitor.ts';

const GUARDIANS = [devAccount(15), devAccount(16), devAccount(17)] as const;
const LOST_TO = devAccount(18);
const OFFERED_TO = devAccount(19);
const ASKING = devAccount(22);
const CARER = devAccount(20);
const SECOND_MANAGER = devAccount(21);
const WARD = ACTORS.thirdPatient;
const DAY = 86_400;

/** A patient with guardians who move it, an offer, and representatives: the old and the proposed ones. */
export async function prepareStandingIn(stack: Stack): Promise<void> {
  const ward = stack.clientOf(WARD);
  const patient = WARD.address;
  const guardians = GUARDIANS.map(({ address }) => address);
  const expiresAt = Math.floor(Date.now() / 1000) + 200 * DAY;
  await setGuardians(ward, { guardians, threshold: 2 });
  await offerWallet(ward, { wallet: OFFERED_TO.address });
  for (const guardian of GUARDIANS.slice(0, 2)) {
    await approveWallet(stack.clientOf(guardian), { patient, wallet: LOST_TO.address });
  }
  await appointRepresentative(ward, { representative: CARER.address, expiresAt });
  await grantConsent(
    { ...unfunded(stack, CARER), representing: patient },
    {
      accessor: ACTORS.lab.address,
      consent: { compartments: [0], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
    },
  );
  await appoint(stack.clientOf(ACTORS.governor), {
    managers: [{ area: LOCAL_AREA, account: SECOND_MANAGER.address }],
    auditors: [],
  });
  const number = await patientAddressOf(stack.clientOf(), { patient });
  if (!number) throw new Error('The third patient is missing.');
  await appointForMinor(unfunded(stack, SECOND_MANAGER), {
    ...number,
    representative: ACTORS.outsider.address,
    expiresAt,
  });
}

/** Accounts beyond the chain's twenty have no ether. */
function unfunded(stack: Stack, account: HDAccount) {
  return { ...stack.clientOf(account), relay: stack.relay };
}

type Camera = {
  readonly visit: (account: HDAccount) => Promise<Visitor>;
  readonly shoot: (visitor: Visitor, name: string) => Promise<void>;
};

/** Guardians, wallets, representatives and settings, as the people on either side see them. */
export async function shootStandingIn({ visit, shoot }: Camera): Promise<void> {
  const ward = await visit(WARD);
  await ward.connect();
  await ward.goto('/patient/guardians');
  await ward.heading('2 of 3 guardians have to agree').waitFor();
  await ward.page.getByText(/left, until/).waitFor();
  await shoot(ward, 'guardians');
  await ward.click('Change');
  await shoot(ward, 'guardians-change');
  await ward.goto('/patient/wallet');
  await ward.page.getByText('Offered', { exact: true }).waitFor();
  await ward.page.getByText(/left, until/).waitFor();
  await shoot(ward, 'wallet');
  await ward.goto('/patient/representatives');
  await ward.page.getByText('Gave access').waitFor();
  await shoot(ward, 'representatives');
  await ward.context.close();

  const guardian = await visit(GUARDIANS[2]);
  await guardian.connect();
  await guardian.goto(`/guardian#patient=${WARD.address}&wallet=${ASKING.address}`);
  await guardian.heading('Move this chart to a new wallet?').nth(1).waitFor();
  await shoot(guardian, 'guardian');
  await guardian.context.close();

  const asking = await visit(ASKING);
  await asking.connect();
  await asking.goto(`/wallet#${WARD.address}`);
  await asking.page.getByRole('img', { name: /QR code/ }).waitFor();
  await shoot(asking, 'wallet-asks');
  await asking.goto('/guardian');
  await asking.page.getByText('You are nobody’s guardian').waitFor();
  await shoot(asking, 'guardian-of-nobody');
  await asking.context.close();

  const lost = await visit(LOST_TO);
  await lost.connect();
  await lost.goto(`/wallet#${WARD.address}`);
  await lost.page.getByText(/left, until/).waitFor();
  await shoot(lost, 'wallet-waits');
  await lost.context.close();

  const offered = await visit(OFFERED_TO);
  await offered.connect();
  await offered.goto(`/wallet#${WARD.address}`);
  await offered.button('Take over my chart').waitFor();
  await shoot(offered, 'wallet-offered');
  await offered.context.close();

  const carer = await visit(CARER);
  await carer.connect();
  await carer.goto('/acting');
  await carer.click('Act for them');
  await carer.page.getByText(/^You act for patient/).waitFor();
  await carer.goto('/patient/records');
  await carer.button(/^Open \d+ records?$/).waitFor();
  await shoot(carer, 'acting-records');
  await carer.goto('/acting');
  await carer.page.getByText('You act for them now.').waitFor();
  await shoot(carer, 'acting');
  await carer.context.close();

  const manager = await visit(ACTORS.manager);
  await manager.connect();
  await manager.goto('/manager/minors');
  await manager.page.getByText(/proposed this. Confirm only/).waitFor();
  await shoot(manager, 'manager-minors');
  await manager.goto('/settings');
  await manager.page.getByText('Like the device').waitFor();
  await manager.page.getByText('Up', { exact: true }).waitFor();
  await shoot(manager, 'settings');
  await manager.context.close();
}
