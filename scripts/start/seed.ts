import {
  addRecord,
  commitPid,
  createKeyBlock,
  describeFile,
  generatePidSalt,
  generateRecoveryCode,
  grantConsent,
  openThroughKeepers,
  publishPatientKey,
  type RecordId,
  type Role,
  registerPatient,
  registerProvider,
  requestConsent,
  sealRecord,
  submitRecord,
  verifyProvider,
} from '@chartkey/sdk';
import { type HDAccount, keccak256, zeroAddress } from 'viem';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { sampleBundle, samplePdf } from '../lib/samples.ts';
import type { Stack } from '../lib/stack.ts';

const DAY = 86_400;

export type SeededPatient = {
  readonly account: HDAccount;
  readonly pid: string;
  readonly recoveryCode: string;
};

/** Synthetic patients, a verified clinician, a lab that waits for the manager, records, a consent and a request. */
export async function seedDemoData(stack: Stack): Promise<readonly SeededPatient[]> {
  const expiresAt = Number((await stack.clientOf().publicClient.getBlock()).timestamp) + 365 * DAY;
  await apply(stack, ACTORS.clinician, 'Clinician');
  await verifyProvider(stack.clientOf(ACTORS.manager), {
    provider: ACTORS.clinician.address,
    application: application('Clinician', ACTORS.clinician),
    expiresAt,
  });
  await apply(stack, ACTORS.lab, 'Lab');

  const patients: SeededPatient[] = [];
  for (const account of [ACTORS.patient, ACTORS.secondPatient, ACTORS.thirdPatient]) {
    patients.push(await enrol(stack, account));
  }
  const chart = await add(stack, ACTORS.patient, json(sampleBundle(1)), 'Chart from Northport Clinic.json');
  await add(stack, ACTORS.patient, pdf(), 'Discharge letter.pdf');
  await add(stack, ACTORS.secondPatient, json(sampleBundle(2)), 'Chart from Harbour Hospital.json');
  await add(stack, ACTORS.thirdPatient, json(sampleBundle(3)), 'Chart.json');

  const scope = { compartments: [0], purposes: ['TREAT' as const], expiresAt: expiresAt - 335 * DAY };
  await grantConsent(stack.clientOf(ACTORS.patient), {
    accessor: ACTORS.clinician.address,
    consent: { ...scope, startsAt: 0, mayWrite: false },
  });
  const clinician = stack.clientOf(ACTORS.clinician);
  await openThroughKeepers(clinician, { ...stack, recordIds: [chart], purpose: 'TREAT' });
  await requestConsent(clinician, { patient: ACTORS.secondPatient.address, ...scope });
  await submit(
    stack,
    pdf(['Laboratory report', '', 'Sample document. Nobody real is described.']),
    'Lab report.pdf',
  );
  return patients;
}

/** Each has a credential of its own: those who look alike can't confirm for each other. */
function application(role: Role, account: HDAccount) {
  return { role, area: LOCAL_AREA, organisation: zeroAddress, credentialHash: keccak256(account.address) };
}

async function apply(stack: Stack, account: HDAccount, role: Role): Promise<void> {
  await registerProvider(stack.clientOf(account), application(role, account));
}

/** Registers a patient whose key a recovery code opens. */
export async function enrol(stack: Stack, account: HDAccount): Promise<SeededPatient> {
  const recoveryCode = generateRecoveryCode();
  const { block } = await createKeyBlock([{ kind: 'code', code: recoveryCode }]);
  const pid = commitPid({ area: LOCAL_AREA, identifier: account.address, salt: generatePidSalt() });
  const storage = await stack.storageOf();
  const key = { patient: account.address, keyBlock: block };
  const { publicKeyHash } = await publishPatientKey(storage, key);
  await registerPatient(stack.clientOf(account), { area: LOCAL_AREA, pid, publicKeyHash });
  await publishPatientKey(storage, key);
  return { account, pid, recoveryCode };
}

async function add(stack: Stack, account: HDAccount, blob: Blob, name: string): Promise<RecordId> {
  const recordId = await seal(stack, { patient: account, author: account, blob, name });
  await addRecord(stack.clientOf(account), { recordId, patient: account.address, compartment: 0 });
  return recordId;
}

async function submit(stack: Stack, blob: Blob, name: string): Promise<void> {
  const recordId = await seal(stack, { patient: ACTORS.patient, author: ACTORS.clinician, blob, name });
  await submitRecord(stack.clientOf(ACTORS.clinician), { recordId, patient: ACTORS.patient.address });
}

type Piece = {
  readonly patient: HDAccount;
  readonly author: HDAccount;
  readonly blob: Blob;
  readonly name: string;
};

async function seal(stack: Stack, { patient, author, blob, name }: Piece): Promise<RecordId> {
  const { recordId } = await sealRecord(stack.clientOf(author), {
    storage: await stack.storageOf(author),
    network: stack.network,
    patient: patient.address,
    author: author.address,
    source: blob,
    metadata: await describeFile(blob, name),
  });
  return recordId;
}

function json(value: unknown): Blob {
  return new Blob([JSON.stringify(value)]);
}

function pdf(lines?: readonly string[]): Blob {
  return new Blob([new Uint8Array(samplePdf(lines))]);
}
