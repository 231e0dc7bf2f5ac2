import {
  addRecords,
  commitPid,
  describeFile,
  generatePidSalt,
  grantConsent,
  keyPairFromSeed,
  publishPatientKey,
  type RecordId,
  registerPatient,
  registerProvider,
  sealRecord,
  verifyProvider,
} from '@chartkey/sdk';
import { type Account, zeroAddress, zeroHash } from 'viem';
import { ACTORS, LOCAL_AREA } from './accounts.ts';
import type { Stack } from './stack.ts';

const COMPARTMENT = 0;

/** A patient with a key, and clinicians who are verified and may read: what most stories begin with. */
export async function openWard(stack: Stack, clinicians: readonly Account[]): Promise<void> {
  const expiresAt = Number((await stack.clientOf().publicClient.getBlock()).timestamp) + 30 * 86_400;
  const { publicKey } = await keyPairFromSeed(new Uint8Array(32).fill(3));
  const storage = await stack.storageOf();
  const key = { patient: ACTORS.patient.address, keyBlock: publicKey };
  const { publicKeyHash } = await publishPatientKey(storage, key);
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'ward', salt: generatePidSalt() });
  await registerPatient(stack.clientOf(ACTORS.patient), { area: LOCAL_AREA, pid, publicKeyHash });
  await publishPatientKey(storage, key);
  for (const clinician of clinicians) {
    const application = {
      role: 'Clinician' as const,
      area: LOCAL_AREA,
      organisation: zeroAddress,
      credentialHash: zeroHash,
    };
    await registerProvider(stack.clientOf(clinician), application);
    const provider = clinician.address;
    await verifyProvider(stack.clientOf(ACTORS.manager), { provider, application, expiresAt });
    await grantConsent(stack.clientOf(ACTORS.patient), {
      accessor: provider,
      consent: { compartments: [COMPARTMENT], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
    });
  }
}

/** Letters of the patient's, in the chart and readable by the ward. */
export async function writeLetters(stack: Stack, texts: readonly string[]): Promise<RecordId[]> {
  const client = stack.clientOf(ACTORS.patient);
  const patient = ACTORS.patient.address;
  const ids: RecordId[] = [];
  const storage = await stack.storageOf(ACTORS.patient);
  for (const text of texts) {
    const source = new Blob([text]);
    const metadata = await describeFile(source, 'letter.txt');
    ids.push(
      (await sealRecord(client, { ...stack, storage, patient, author: patient, source, metadata })).recordId,
    );
  }
  for (let at = 0; at < ids.length; at += 100) {
    const records = ids.slice(at, at + 100).map((recordId) => ({ recordId, compartment: COMPARTMENT }));
    await addRecords(client, { patient, records });
  }
  return ids;
}
