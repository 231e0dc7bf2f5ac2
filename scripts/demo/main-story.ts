import {
  accessLogOf,
  addRecord,
  commitPid,
  createStorageClient,
  describeFile,
  envelopeCid,
  generateOneTimeKeyPair,
  generatePidSalt,
  grantConsent,
  keyPairFromSeed,
  type OpenedRecord,
  openOwnRecord,
  openRecords,
  openThroughKeepers,
  publishPatientKey,
  type RecordId,
  readBlock,
  registerPatient,
  registerProvider,
  requestConsent,
  requestShares,
  revokeConsent,
  type StorageClient,
  sealRecord,
  toBase64Url,
  verifyProvider,
} from '@chartkey/sdk';
import { bytesToHex, hexToBytes, zeroAddress, zeroHash } from 'viem';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import { gasOf, sha256Of, watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';
import { startTamperingStorage } from './tampering-storage.ts';

const DAY = 86_400;

type Sealed = {
  readonly file: InputFile;
  readonly recordId: RecordId;
  readonly plaintextSha256: string;
  readonly sealMs: number;
};

/** Seal, store, share, open, revoke, audit: on the whole back end, each part a process. */
export async function mainStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const stack = await startStack({ onStep });
  try {
    return await tell(stack, files, onStep);
  } finally {
    await stack.close();
  }
}

async function tell(
  stack: Stack,
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const checks = new Checks(onStep);
  const memory = watchMemory();
  const patient = stack.clientOf(ACTORS.patient);
  const clinician = stack.clientOf(ACTORS.clinician);
  const reading = await stack.storageOf();
  const { gas, keyPair } = await enrol(stack, reading, onStep);
  // One sign-in, and every file of the session.
  const storage = await stack.storageOf(ACTORS.patient);

  const sealed: Sealed[] = [];
  for (const [index, file] of files.entries()) {
    onStep(`Sealing and storing ${index + 1} of ${files.length}`);
    const started = performance.now();
    const { recordId } = await sealRecord(patient, {
      storage,
      network: stack.network,
      patient: ACTORS.patient.address,
      author: ACTORS.patient.address,
      source: file.blob,
      metadata: await describeFile(file.blob, file.name),
    });
    gas.addRecord = gasOf(
      await addRecord(patient, { recordId, patient: ACTORS.patient.address, compartment: 0 }),
    );
    const sealMs = performance.now() - started;
    sealed.push({ file, recordId, plaintextSha256: await sha256Of(file.blob.stream()), sealMs });
  }
  const recordIds = sealed.map(({ recordId }) => recordId);
  const first = recordIds[0] as RecordId;
  const open = (ids: readonly RecordId[] = recordIds) =>
    openThroughKeepers(clinician, {
      storage: reading,
      network: stack.network,
      recordIds: ids,
      purpose: 'TREAT',
    });

  const scope = { compartments: [0], purposes: ['TREAT' as const], expiresAt: (await now(stack)) + 30 * DAY };
  gas.requestConsent = gasOf(await requestConsent(clinician, { patient: ACTORS.patient.address, ...scope }));
  await checks.that('the clinician is refused before there is a consent', async () => {
    const { outcomes } = await open();
    return outcomes.every((outcome) => outcome.status === 'refused' && outcome.decision === 'ConsentMissing');
  });

  const consent = { ...scope, startsAt: 0, mayWrite: false };
  gas.grantConsent = gasOf(await grantConsent(patient, { accessor: ACTORS.clinician.address, consent }));
  const records: DemoResult['records'][number][] = [];
  for (const { file, recordId, plaintextSha256, sealMs } of sealed) {
    onStep(`Opening ${records.length + 1} of ${sealed.length} as the clinician`);
    const started = performance.now();
    const { outcomes, sent } = await open([recordId]);
    const outcome = outcomes[0];
    const openedSha256 = outcome?.status === 'opened' ? await sha256Of(outcome.record.content()) : '';
    gas.openRecords = gasOf(sent);
    const openMs = performance.now() - started;
    records.push({
      file: file.name,
      bytes: file.blob.size,
      recordId,
      plaintextSha256,
      openedSha256,
      sealMs,
      openMs,
    });
  }
  await checks.that('the clinician opened every record through the keepers, byte for byte', async () =>
    records.every((record) => record.openedSha256 === record.plaintextSha256),
  );
  await checks.that('all records open with one signature', async () =>
    (await open()).outcomes.every(({ status }) => status === 'opened'),
  );
  await checks.that('the patient opens their own record with no keeper and no entry', async () => {
    const before = await entries(stack);
    const own = await openOwnRecord(patient, {
      recordId: first,
      keyPairs: [keyPair],
      storage: reading,
    });
    return (
      own !== undefined &&
      (await sha256Of(own.content())) === sealed[0]?.plaintextSha256 &&
      (await entries(stack)) === before
    );
  });
  await checks.that('a tampered ciphertext is refused', () => refusesTampering(stack, keyPair, first));

  await keepersDown(stack, checks, () => open([first]));
  await revoke(stack, checks, gas, first);

  const log = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
  await checks.that(
    'the log’s head on the chain is the one that its entries add up to',
    async () => log.complete,
  );
  return {
    ok: checks.ok,
    records,
    gas,
    checks: checks.all,
    log: { entries: log.entries.length, headOnChain: log.head.head, headRecomputed: log.recomputed },
    peakMemory: memory(),
  };
}

/** A patient with a key, and a verified clinician. */
export async function enrol(stack: Stack, storage: StorageClient, onStep: (text: string) => void) {
  onStep('Enrolling a patient and a clinician');
  const gas: Record<string, number> = {};
  const keyPair = await keyPairFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const key = { patient: ACTORS.patient.address, keyBlock: keyPair.publicKey };
  const { publicKeyHash } = await publishPatientKey(storage, key);
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'demo patient', salt: generatePidSalt() });
  gas.registerPatient = gasOf(
    await registerPatient(stack.clientOf(ACTORS.patient), { area: LOCAL_AREA, pid, publicKeyHash }),
  );
  // Now that the chain names it, a gate stores it.
  await publishPatientKey(storage, key);

  const application = {
    role: 'Clinician' as const,
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: zeroHash,
  };
  gas.registerProvider = gasOf(await registerProvider(stack.clientOf(ACTORS.clinician), application));
  gas.verifyProvider = gasOf(
    await verifyProvider(stack.clientOf(ACTORS.manager), {
      provider: ACTORS.clinician.address,
      application,
      expiresAt: (await now(stack)) + 365 * DAY,
    }),
  );
  return { gas, keyPair };
}

/** Storage that flips one bit of every leaf: the reader must notice before it decrypts anything. */
async function refusesTampering(
  stack: Stack,
  keyPair: Awaited<ReturnType<typeof keyPairFromSeed>>,
  recordId: RecordId,
) {
  const tampering = await startTamperingStorage(stack.storageUrl);
  try {
    const storage = createStorageClient({ nodes: [{ rpcUrl: tampering.url, gatewayUrl: tampering.url }] });
    const record = await openOwnRecord(stack.clientOf(ACTORS.patient), {
      recordId,
      keyPairs: [keyPair],
      storage,
    });
    const code = await errorCodeOf(record);
    return code === 'STORAGE_WRONG_BYTES' || `it ended with ${code}`;
  } finally {
    await tampering.close();
  }
}

async function keepersDown(
  stack: Stack,
  checks: Checks,
  open: () => ReturnType<typeof openThroughKeepers>,
): Promise<void> {
  const [one, two] = stack.keepers;
  if (!one || !two) throw new Error('The stack has too few keepers.');
  await one.service.close();
  await checks.that(
    'with one of three keepers stopped, opening works',
    async () => (await open()).outcomes[0]?.status === 'opened',
  );
  await two.service.close();
  await checks.that('with two of three stopped, it fails with a clear error', async () => {
    const [outcome] = (await open()).outcomes;
    if (outcome?.status !== 'failed') return 'it opened';
    return outcome.error.code === 'KEEPERS_TOO_FEW' || outcome.error.message;
  });
  await one.restart();
  await two.restart();
}

async function revoke(
  stack: Stack,
  checks: Checks,
  gas: Record<string, number>,
  recordId: RecordId,
): Promise<void> {
  const clinician = stack.clientOf(ACTORS.clinician);
  // An opening from just before the revoke, still within the release window.
  const oneTime = await generateOneTimeKeyPair();
  const { opening } = await openRecords(clinician, {
    recordIds: [recordId],
    purpose: 'TREAT',
    keyHash: bytesToHex(oneTime.publicKeyHash),
  });
  gas.revokeConsent = gasOf(
    await revokeConsent(stack.clientOf(ACTORS.patient), { accessor: ACTORS.clinician.address }),
  );

  await checks.that('after the revoke the contracts refuse the next opening', async () => {
    const { outcomes } = await openThroughKeepers(clinician, {
      ...stack,
      recordIds: [recordId],
      purpose: 'TREAT',
    });
    return outcomes[0]?.status === 'refused';
  });
  if (!opening) throw new Error('The opening before the revoke was not permitted.');
  const { keyHash: _follows, ...named } = opening;
  const envelope = await envelopeText(stack, recordId);
  for (const [index, keeper] of stack.keepers.entries()) {
    await checks.that(
      `keeper ${index + 1}, asked directly with the opening from before, refuses`,
      async () => {
        const body = {
          opening: named,
          publicKey: toBase64Url(oneTime.publicKey),
          records: [{ recordId, envelope }],
        };
        const [result] = (await requestShares({ network: stack.network, keeper }, body)).results;
        return result?.status === 'refused' && result.reason === 'denied';
      },
    );
  }
}

async function envelopeText(stack: Stack, recordId: RecordId): Promise<string> {
  return toBase64Url(await readBlock(stack.storage, envelopeCid(hexToBytes(recordId))));
}

async function errorCodeOf(record: OpenedRecord | undefined): Promise<string> {
  try {
    for await (const _piece of record?.content() ?? []);
    return 'no error';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

async function entries(stack: Stack): Promise<number> {
  return (await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address })).head.count;
}

export async function now(stack: Stack): Promise<number> {
  return Number((await stack.clientOf().publicClient.getBlock()).timestamp);
}
