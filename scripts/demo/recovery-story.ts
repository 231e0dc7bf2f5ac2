import {
  accessLogOf,
  appointForMinor,
  appointRepresentative,
  approveWallet,
  asRepresentative,
  changePublicKey,
  consentOf,
  endRepresentation,
  grantConsent,
  keyPairFromSeed,
  moveOf,
  OBJECTION_SECONDS,
  objectToWallet,
  offerWallet,
  openOwnRecord,
  openThroughKeepers,
  patientAt,
  patientOf,
  patientWalletOf,
  publishPublicKey,
  representationOf,
  representedActsOf,
  revokeConsent,
  rewrapRecord,
  sealRewrapped,
  setGuardians,
  takeWallet,
} from '@chartkey/sdk';
import type { Account } from 'viem';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import {
  CARE,
  closingLog,
  type Enrolled,
  enrolAll,
  later,
  now,
  openAs,
  refused,
  type Sealed,
  sealFor,
} from './care.ts';
import { gasOf, watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';

const DAY = 86_400;
/** The patient's id, whatever wallet it has. */
const PATIENT = ACTORS.patient.address;

type Telling = {
  readonly stack: Stack;
  readonly checks: Checks;
  readonly gas: Record<string, number>;
  readonly records: DemoResult['records'][number][];
  readonly sealed: readonly Sealed[];
  readonly enrolled: Enrolled;
};

/** A lost wallet and what guardians do about it, a wallet changed by its patient, and somebody who acts for one. */
export async function recoveryStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const stack = await startStack({ onStep });
  try {
    const checks = new Checks(onStep);
    const memory = watchMemory();
    onStep('Enrolling a patient with three guardians, and clinicians');
    const enrolled = await enrolAll(stack);
    const sealed: Sealed[] = [];
    for (const file of files) {
      sealed.push(await sealFor(stack, { file, patient: PATIENT, account: ACTORS.patient, compartment: 0 }));
    }
    const telling: Telling = { stack, checks, gas: {}, records: [], sealed, enrolled };
    await prepare(telling);
    await objected(telling);
    await recovered(telling);
    await followed(telling);
    await represented(telling);
    await changedByThePatient(telling);
    const log = await closingLog(stack, checks);
    const { records, gas } = telling;
    return { ok: checks.ok, records, gas, checks: checks.all, log, peakMemory: memory() };
  } finally {
    await stack.close();
  }
}

async function prepare({ stack, gas }: Telling): Promise<void> {
  const patient = stack.clientOf(ACTORS.patient);
  const guardians = CARE.guardians.map(({ address }) => address);
  gas.setGuardians = gasOf(await setGuardians(patient, { guardians, threshold: 2 }));
  const expiresAt = (await now(stack)) + 365 * DAY;
  const consent = {
    compartments: [0],
    purposes: ['TREAT' as const],
    startsAt: 0,
    expiresAt,
    mayWrite: false,
  };
  await grantConsent(patient, { accessor: CARE.requester.address, consent });
}

function approve(stack: Stack, account: Account, wallet: Account = CARE.newWallet) {
  return approveWallet(stack.clientOf(account), { patient: PATIENT, wallet: wallet.address });
}

function take(stack: Stack, account: Account = CARE.newWallet) {
  return takeWallet(stack.clientOf(account), { patient: PATIENT });
}

async function objected({ stack, checks, gas }: Telling): Promise<void> {
  const [one, two] = CARE.guardians;
  await refused(checks, 'a manager alone moves nobody', 'NotGuardian', () => approve(stack, ACTORS.manager));
  // A guardian needs no ether: the relay sends what it signed.
  const relayed = { ...stack.clientOf(one), relay: stack.relay };
  gas.approveWalletRelayed = gasOf(
    await approveWallet(relayed, { patient: PATIENT, wallet: CARE.newWallet.address }),
  );
  await refused(checks, 'a guardian alone moves nobody', 'AlreadyApproved', () => approve(stack, one));
  await refused(checks, 'nor does the new wallet by itself', 'MoveNotReady', () => take(stack));
  await approve(stack, two);
  await refused(checks, 'not before the time to object is over', 'MoveNotReady', () => take(stack));
  await later(stack, OBJECTION_SECONDS - 10);
  gas.objectToWallet = gasOf(
    await objectToWallet(stack.clientOf(ACTORS.patient), { wallet: CARE.newWallet.address }),
  );
  await later(stack, 60);
  await refused(checks, 'an objection in the last seconds holds', 'MoveAbsent', () => take(stack));
  await checks.that('and the old wallet stays the patient’s', async () => {
    return (await patientWalletOf(stack.clientOf(), { patient: PATIENT })) === PATIENT;
  });
}

async function recovered({ stack, checks, gas, enrolled: { pid } }: Telling): Promise<void> {
  const [, two, three] = CARE.guardians;
  await approve(stack, two);
  await approve(stack, three);
  await checks.that('everybody can see that a move is under way', async () => {
    const move = await moveOf(stack.clientOf(), { patient: PATIENT, wallet: CARE.newWallet.address });
    return move?.approvals === 2 && move.readyAt !== undefined && !move.byPatient;
  });
  await later(stack, OBJECTION_SECONDS);
  gas.takeWallet = gasOf(await take(stack));
  await checks.that('<AID, PID> and id stay, the wallet is another, and there is one', async () => {
    const client = stack.clientOf();
    const at = await patientAt(client, { area: LOCAL_AREA, pid });
    const ofNew = await patientOf(client, { wallet: CARE.newWallet.address });
    const ofOld = await patientOf(client, { wallet: PATIENT });
    return at === PATIENT && ofNew === PATIENT && ofOld === undefined;
  });
  await refused(checks, 'the old wallet ends no consent any more', 'NotPatient', () =>
    revokeConsent(stack.clientOf(ACTORS.patient), { accessor: CARE.requester.address }),
  );
  await refused(checks, 'and changes no guardians', 'NotPatient', () =>
    setGuardians(stack.clientOf(ACTORS.patient), { guardians: [], threshold: 0 }),
  );
}

async function followed({ stack, checks, gas, records, sealed, enrolled }: Telling): Promise<void> {
  const wallet = stack.clientOf(CARE.newWallet);
  const [first] = sealed;
  if (!first) throw new Error('The story needs a file.');
  await checks.that('what was shared stays shared', () =>
    openAs(stack, CARE.requester, { sealed: first, purpose: 'TREAT' }),
  );
  for (const one of sealed) {
    await checks.that('the new wallet opens through the keepers, byte for byte', () =>
      openAs(stack, CARE.newWallet, { sealed: one, purpose: 'PATRQT', records }),
    );
  }
  await checks.that('the old wallet doesn’t', async () => {
    const opening = openAs(stack, ACTORS.patient, { sealed: first, purpose: 'PATRQT' });
    return (await opening.catch(() => 'refused')) !== true;
  });
  for (const guardian of CARE.guardians) {
    await checks.that('a guardian learns nothing', async () => {
      const opening = openAs(stack, guardian, { sealed: first, purpose: 'PATRQT' });
      return (await opening.catch(() => 'refused')) !== true;
    });
  }
  const keyPair = await keyPairFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const publicKeyHash = await publishPublicKey(stack.storage, keyPair.publicKey);
  gas.changePublicKey = gasOf(await changePublicKey(wallet, { publicKeyHash }));
  const { outcomes } = await openThroughKeepers(wallet, {
    ...stack,
    recordIds: [first.recordId],
    purpose: 'PATRQT',
  });
  const [outcome] = outcomes;
  if (outcome?.status !== 'opened') throw new Error('The record did not open to the new wallet.');
  const envelopeDigest = await sealRewrapped(wallet, {
    ...stack,
    opened: outcome.record,
    patientPublicKey: keyPair.publicKey,
  });
  gas.rewrapRecord = gasOf(await rewrapRecord(wallet, { recordId: first.recordId, envelopeDigest }));
  const own = { recordId: first.recordId, storage: stack.storage };
  await checks.that('re-wrapped, it opens with the new seed and no keeper', async () => {
    return (await openOwnRecord(wallet, { ...own, keyPairs: [keyPair] })) !== undefined;
  });
  await checks.that('and no more with the lost one', async () => {
    return (await openOwnRecord(wallet, { ...own, keyPairs: [enrolled.keyPair] })) === undefined;
  });
}

async function represented({ stack, checks, gas, sealed, enrolled: { pid } }: Telling): Promise<void> {
  const patient = stack.clientOf(CARE.newWallet);
  const carer = ACTORS.outsider;
  const representative = carer.address;
  const acting = asRepresentative(stack.clientOf(carer), { patient: PATIENT });
  const expiresAt = (await now(stack)) + 30 * DAY;
  const both = { patient: PATIENT, representative };
  const share = () =>
    grantConsent(acting, {
      accessor: CARE.colleague.address,
      consent: { compartments: [0], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
    });
  await refused(checks, 'nobody acts for a patient uninvited', 'RepresentationAbsent', share);
  gas.appointRepresentative = gasOf(await appointRepresentative(patient, { representative, expiresAt }));
  gas.actFor = gasOf(await share());
  await checks.that('a representative shares in the patient’s name, and it is marked', async () => {
    const given = await consentOf(patient, { patient: PATIENT, accessor: CARE.colleague.address });
    const acts = await representedActsOf(patient, { patient: PATIENT });
    return given !== undefined && acts.length === 1 && acts[0]?.representative === representative;
  });
  const [first] = sealed as [Sealed];
  await checks.that('opens records as itself, marked', async () => {
    const said = await openAs(stack, carer, { sealed: first, purpose: 'PATRQT' });
    const { entries } = await accessLogOf(patient, { patient: PATIENT });
    const last = entries.at(-1);
    return said === true && last?.ground === 'Representative' && last.accessor === representative;
  });
  await refused(checks, 'and never touches guardians or wallet', 'can’t do this', () =>
    offerWallet(acting, { wallet: representative }),
  );
  await endRepresentation(patient, both);
  await refused(checks, 'the patient ends it at once', 'RepresentationAbsent', share);

  const appointment = { area: LOCAL_AREA, pid, representative, expiresAt };
  const manager = stack.clientOf(ACTORS.manager);
  await appointForMinor(manager, appointment);
  await refused(checks, 'one manager is too few for a minor', 'SameManager', () =>
    appointForMinor(manager, appointment),
  );
  await checks.that('and represents nobody', async () => {
    return (await representationOf(patient, both))?.state === 'proposed';
  });
  await endRepresentation(patient, both);
}

async function changedByThePatient({ stack, checks, gas }: Telling): Promise<void> {
  const wallet = ACTORS.lab;
  gas.offerWallet = gasOf(await offerWallet(stack.clientOf(CARE.newWallet), { wallet: wallet.address }));
  await refused(checks, 'nobody takes what was offered to another', 'MoveAbsent', () =>
    take(stack, ACTORS.auditor),
  );
  await take(stack, wallet);
  await checks.that('a patient changes the wallet at once', async () => {
    return (await patientWalletOf(stack.clientOf(), { patient: PATIENT })) === wallet.address;
  });
  await refused(checks, 'a wallet that was left is nobody’s again', 'WalletInvalid', () =>
    offerWallet(stack.clientOf(wallet), { wallet: CARE.newWallet.address }),
  );
}
