import {
  coSignEmergency,
  endEmergency,
  requestEmergency,
  reviewEmergency,
  setEmergencySet,
} from '@chartkey/sdk';
import type { HDAccount } from 'viem';
import { ACTORS, devAccount } from '../../../scripts/lib/accounts.ts';
import type { Stack } from '../../../scripts/lib/stack.ts';
import { addClinician } from './house.ts';
import type { Visitor } from './visitor.ts';

const PATIENT = ACTORS.thirdPatient;
const [ENDED, WAITING, STANDING] = [devAccount(15), devAccount(16), devAccount(17)] as const;
const EVERYBODY = [ENDED, WAITING, STANDING];

/** One emergency that ended and is contested, one that stands, one that waits for a second colleague. */
export async function makeEmergencies(stack: Stack): Promise<void> {
  for (const account of EVERYBODY) await addClinician(stack, account, account.address);
  await setEmergencySet(stack.clientOf(PATIENT), { compartments: [0] });
  const ended = await broken(stack, ENDED, 2);
  await endEmergency(stack.clientOf(PATIENT), { emergencyId: ended });
  await reviewEmergency(stack.clientOf(PATIENT), { emergencyId: ended, justified: false });
  const again = await broken(stack, ENDED, 2);
  await endEmergency(stack.clientOf(ENDED), { emergencyId: again });
  await broken(stack, STANDING, 2);
  await broken(stack, WAITING, 1);
}

async function broken(stack: Stack, requester: HDAccount, signers: number): Promise<bigint> {
  const asking = { patient: PATIENT.address, reason: 'CannotAnswer' } as const;
  const { emergencyId } = await requestEmergency(stack.clientOf(requester), asking);
  const others = EVERYBODY.filter((account) => account !== requester).slice(0, signers);
  for (const account of others) await coSignEmergency(stack.clientOf(account), { emergencyId });
  return emergencyId;
}

type Studio = {
  readonly visit: (account: HDAccount) => Promise<Visitor>;
  readonly shoot: (visitor: Visitor, name: string) => Promise<void>;
};

/** Photographs what each sees of them; changes nothing. */
export async function shootEmergencies({ visit, shoot }: Studio): Promise<void> {
  const card = await shootPatient({ visit, shoot });
  await shootRequester({ visit, shoot }, card);

  const waiting = await visit(WAITING);
  await waiting.connect();
  await waiting.goto('/clinician/emergency/4');
  await waiting.page.getByText('1 of 2 colleagues have co-signed').waitFor();
  await waiting.page.getByRole('img').first().waitFor();
  await shoot(waiting, 'emergency-waiting');
  await waiting.context.close();

  const ended = await visit(ENDED);
  await ended.connect();
  await ended.goto(`/clinician/chart/${PATIENT.address}`);
  await ended.page.getByText('Your emergency access has ended').waitFor();
  await shoot(ended, 'emergency-ended');
  await ended.context.close();

  const manager = await visit(ACTORS.manager);
  await manager.connect();
  await manager.goto('/manager/emergencies');
  await manager.heading('To be reviewed (2)').waitFor();
  await manager.button('It was not…').first().click();
  await shoot(manager, 'manager-emergencies');
  await manager.context.close();
}

/** The text of the card. */
async function shootPatient({ visit, shoot }: Studio): Promise<string> {
  const patient = await visit(PATIENT);
  await patient.connect();
  const { page } = patient;
  await patient.goto('/patient');
  await page.getByText('A clinician may read your emergency records now').waitFor();
  await patient.heading('Who looked last').waitFor();
  await shoot(patient, 'emergency-notice');
  await patient.goto('/patient/emergencies');
  await page.getByText('May be read in an emergency').waitFor();
  await patient.button('It was not…').first().click();
  await shoot(patient, 'emergencies');
  await patient.goto('/patient/emergency-card');
  await page.getByRole('img', { name: 'Code of your emergency card' }).waitFor();
  await shoot(patient, 'emergency-card');
  const card = (await page.getByTestId('card-text').textContent()) ?? '';
  await patient.click('Show it large');
  await page.getByRole('dialog').getByLabel('Code of your emergency card').waitFor();
  await shoot(patient, 'emergency-card-large');
  await patient.context.close();
  return card;
}

async function shootRequester({ visit, shoot }: Studio, card: string): Promise<void> {
  const clinician = await visit(ACTORS.clinician);
  await clinician.connect();
  const { page } = clinician;
  await page.goto(card);
  await page.getByRole('link', { name: 'I am a clinician: go on' }).waitFor();
  await shoot(clinician, 'emergency-landing');
  await page.getByRole('link', { name: 'I am a clinician: go on' }).click();
  await page.getByRole('radio', { name: 'The patient can’t be asked' }).check();
  await page.getByRole('link', { name: 'Look at it' }).waitFor();
  await shoot(clinician, 'emergency-ask');
  await clinician.click('Break the glass…');
  await page.getByRole('dialog').getByRole('checkbox').check();
  await shoot(clinician, 'emergency-sure');
  await clinician.goto('/clinician/emergency/4');
  await page.getByText('You say with your name that this is an emergency.').waitFor();
  await shoot(clinician, 'emergency-co-sign');
  await clinician.context.close();

  const standing = await visit(STANDING);
  await standing.connect();
  await standing.goto('/clinician/emergency/3');
  await standing.heading('Your emergency access is open').waitFor();
  await shoot(standing, 'emergency-open');
  await standing.goto(`/clinician/chart/${PATIENT.address}`);
  await standing.button('Open the emergency record').waitFor();
  await shoot(standing, 'emergency-chart');
  await standing.context.close();
}
