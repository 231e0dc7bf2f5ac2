import {
  accessLogOf,
  confirmEmergency,
  coSignEmergency,
  EMERGENCY_SECONDS,
  emergencies,
  emergencyCardText,
  emergencyOf,
  endEmergency,
  parseEmergencyCard,
  patientAt,
  providerOf,
  REVIEW_SECONDS,
  requestEmergency,
  restrictRecord,
  reviewEmergency,
  setEmergencySet,
  setGuardians,
} from '@chartkey/sdk';
import type { Account } from 'viem';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import {
  askEachKeeper,
  CARE,
  closingLog,
  EMERGENCY_COMPARTMENT,
  type Enrolled,
  enrolAll,
  later,
  logOpening,
  OTHER_COMPARTMENT,
  openAs,
  refused,
  type Sealed,
  sealFor,
} from './care.ts';
import { gasOf, watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';

const PATIENT = ACTORS.patient.address;

type Telling = {
  readonly stack: Stack;
  readonly checks: Checks;
  readonly gas: Record<string, number>;
  readonly records: DemoResult['records'][number][];
  /** In the emergency set. */
  readonly allergies: Sealed;
  /** Not in it. */
  readonly letter: Sealed;
};

/** Break-glass on both roads, co-signed and by guardians, with its refusals, its end and its review. */
export async function emergencyStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const stack = await startStack({ onStep });
  try {
    const checks = new Checks(onStep);
    const memory = watchMemory();
    onStep('Enrolling a patient and four clinicians');
    const enrolled = await enrolAll(stack);
    onStep('Sealing what emergencies need, and what they don’t');
    const [first, last] = [files[0] as InputFile, files.at(-1) as InputFile];
    const own = { patient: PATIENT, account: ACTORS.patient };
    const allergies = await sealFor(stack, { ...own, file: first, compartment: EMERGENCY_COMPARTMENT });
    const letter = await sealFor(stack, { ...own, file: last, compartment: OTHER_COMPARTMENT });
    const telling: Telling = { stack, checks, gas: {}, records: [], allergies, letter };
    await prepare(telling, enrolled);
    await coSigned(telling);
    await byGuardians(telling);
    await reviewed(telling);
    const log = await closingLog(stack, checks);
    const { records, gas } = telling;
    return { ok: checks.ok, records, gas, checks: checks.all, log, peakMemory: memory() };
  } finally {
    await stack.close();
  }
}

async function prepare({ stack, checks, gas }: Telling, { pid }: Enrolled): Promise<void> {
  const patient = stack.clientOf(ACTORS.patient);
  await refused(checks, 'nobody breaks a glass behind which nothing lies', 'EmergencySetEmpty', () =>
    ask(stack, CARE.requester),
  );
  gas.setEmergencySet = gasOf(await setEmergencySet(patient, { compartments: [EMERGENCY_COMPARTMENT] }));
  gas.setGuardians = gasOf(
    await setGuardians(patient, { guardians: CARE.guardians.map(({ address }) => address), threshold: 2 }),
  );
  await checks.that('the card leads to the right patient, and holds nothing readable', async () => {
    const card = parseEmergencyCard(
      emergencyCardText({ origin: 'https://example.org', area: LOCAL_AREA, pid }),
    );
    return (await patientAt(stack.clientOf(), card)) === PATIENT;
  });
}

async function coSigned({ stack, checks, gas, records, allergies, letter }: Telling): Promise<void> {
  await refused(checks, 'somebody who is no clinician can’t ask', 'NotClinician', () =>
    ask(stack, ACTORS.lab),
  );
  const { emergencyId, ...sent } = await ask(stack, CARE.requester);
  gas.requestEmergency = gasOf(sent);
  const sign = (account: Account) => coSignEmergency(stack.clientOf(account), { emergencyId });
  const open = (sealed: Sealed) => openAs(stack, CARE.requester, { sealed, purpose: 'ETREAT', records });
  await checks.that('asking alone opens nothing', async () => (await open(allergies)) === 'ConsentMissing');
  await refused(checks, 'nobody confirms themselves', 'SelfConfirmation', () => sign(CARE.requester));
  await refused(checks, 'nor with another wallet of the same licence', 'SameCredential', () =>
    sign(CARE.twin),
  );
  await refused(checks, 'nor with somebody unregistered', 'NotClinician', () => sign(ACTORS.outsider));
  // A colleague needs no ether: the relay sends what it signed.
  const relayed = { ...stack.clientOf(CARE.colleague), relay: stack.relay };
  gas.coSignEmergencyRelayed = gasOf(await coSignEmergency(relayed, { emergencyId }));
  await refused(checks, 'one colleague twice is one colleague', 'AlreadyConfirmed', () =>
    sign(CARE.colleague),
  );
  await checks.that('one colleague is too few', async () => (await open(allergies)) === 'ConsentMissing');
  gas.coSignEmergencyAndOpen = gasOf(await sign(CARE.secondColleague));

  await checks.that('two colleagues open it, byte for byte', () => open(allergies));
  await checks.that(
    'nothing beside the emergency set opens',
    async () => (await open(letter)) === 'ConsentMissing',
  );
  await checks.that('for no other purpose', async () => {
    const asked = { sealed: allergies, purpose: 'TREAT' as const };
    return (await openAs(stack, CARE.requester, asked)) === 'ConsentMissing';
  });
  await checks.that('to nobody else, not even who co-signed', async () => {
    const asked = { sealed: allergies, purpose: 'ETREAT' as const };
    return (await openAs(stack, CARE.colleague, asked)) === 'ConsentMissing';
  });
  await checks.that('the patient sees it at once, marked', async () => {
    const [found] = await emergencies(stack.clientOf(), { patient: PATIENT });
    const { entries } = await accessLogOf(stack.clientOf(), { patient: PATIENT });
    const marked = entries.filter(({ ground }) => ground === 'Emergency');
    return (
      found?.state === 'standing' && marked.length === 1 && marked[0]?.accessor === CARE.requester.address
    );
  });
  await atTheEnd({ stack, checks, allergies });
}

/** An opening from the last minute, and keepers who are asked a second after the emergency ended. */
async function atTheEnd({ stack, checks, allergies }: Pick<Telling, 'stack' | 'checks' | 'allergies'>) {
  const [emergency] = await emergencies(stack.clientOf(), { patient: PATIENT });
  const { timestamp } = await stack.clientOf().publicClient.getBlock();
  await later(stack, (emergency?.endsAt ?? 0) - Number(timestamp) - 60);
  const pending = await logOpening(stack, CARE.requester, allergies.recordId);
  await checks.that('a minute before the end every keeper answers', async () => {
    const said = await askEachKeeper(stack, pending);
    return said.every((word) => word === 'released') || said.join();
  });
  const head = await stack.clientOf().publicClient.getBlock();
  await later(stack, (emergency?.endsAt ?? 0) - Number(head.timestamp) + 1);
  await checks.that('a second after it no keeper does, though the opening stands', async () => {
    const said = await askEachKeeper(stack, pending);
    return said.every((word) => word === 'denied') || said.join();
  });
}

async function byGuardians({ stack, checks, gas, records, allergies }: Telling): Promise<void> {
  const { emergencyId } = await ask(stack, CARE.requester);
  const [one, two] = CARE.guardians;
  const confirm = (account: Account) => confirmEmergency(stack.clientOf(account), { emergencyId });
  const asked = { sealed: allergies, purpose: 'ETREAT' as const, records };
  gas.confirmEmergency = gasOf(await confirm(one));
  await refused(checks, 'a guardian alone is too few', 'AlreadyConfirmed', () => confirm(one));
  await refused(checks, 'who is no guardian can’t confirm', 'NotGuardian', () => confirm(ACTORS.outsider));
  await checks.that('one of two guardians opens nothing', async () => {
    return (await openAs(stack, CARE.requester, asked)) !== true;
  });
  await confirm(two);
  await checks.that('two of three guardians open it', () => openAs(stack, CARE.requester, asked));
  await restrictRecord(stack.clientOf(ACTORS.patient), {
    recordId: allergies.recordId,
    accessor: CARE.requester.address,
  });
  await checks.that('a restriction holds in an emergency too', async () => {
    return (await openAs(stack, CARE.requester, asked)) !== true;
  });
  gas.endEmergency = gasOf(await endEmergency(stack.clientOf(ACTORS.patient), { emergencyId }));
  await checks.that('the patient ends it at once', async () => {
    return (await emergencyOf(stack.clientOf(), { emergencyId }))?.state === 'ended';
  });
}

async function reviewed({ stack, checks, gas }: Telling): Promise<void> {
  const manager = stack.clientOf(ACTORS.manager);
  const [first, second] = await emergencies(manager);
  if (!first || !second) throw new Error('The emergencies are not on the chain.');
  const review = (account: Account, of: typeof first, justified: boolean) =>
    reviewEmergency(stack.clientOf(account), { emergencyId: of.emergencyId, justified });
  await refused(checks, 'who confirmed reviews nothing', 'SelfConfirmation', () =>
    review(CARE.colleague, first, true),
  );
  await refused(checks, 'nor does an auditor', 'NotManager', () => review(ACTORS.auditor, first, true));
  gas.reviewEmergency = gasOf(await review(ACTORS.patient, first, true));
  await review(ACTORS.patient, second, false);
  await checks.that('what the patient contests suspends nobody by itself', async () => {
    return (await providerOf(manager, { provider: CARE.requester.address })).status === 'Verified';
  });
  await later(stack, REVIEW_SECONDS + EMERGENCY_SECONDS);
  await checks.that('an overdue review is there for everybody to see', async () => {
    const overdue = (await emergencies(stack.clientOf(ACTORS.auditor))).filter((one) => one.reviewOverdue);
    return overdue.length === 1 && overdue[0]?.emergencyId === second.emergencyId;
  });
  await review(ACTORS.manager, second, false);
  await checks.that('found unjustified by the manager, the clinician is suspended', async () => {
    return (await providerOf(manager, { provider: CARE.requester.address })).status === 'Suspended';
  });
  await refused(checks, 'and can ask for nothing more', 'NotClinician', () => ask(stack, CARE.requester));
}

function ask(stack: Stack, account: Account) {
  return requestEmergency(stack.clientOf(account), { patient: PATIENT, reason: 'CannotAnswer' });
}
