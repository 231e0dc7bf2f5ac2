import {
  accessLogOf,
  actionTypedData,
  addRecords,
  type ChartkeyClient,
  ChartkeyError,
  commitPid,
  consentRegistryAbi,
  describeFile,
  endSession,
  forwardTypedData,
  generatePidSalt,
  grantConsent,
  keyPairFromSeed,
  openThroughKeepers,
  publishPatientKey,
  type RecordId,
  RelayError,
  registerPatient,
  registerProvider,
  type Session,
  sealRecord,
  sessionForwarderAbi,
  sessionOf,
  startSession,
  submitRequests,
  verifyProvider,
} from '@chartkey/sdk';
import { createWalletClient, encodeFunctionData, type Hex, http, zeroAddress, zeroHash } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { localChain } from '../lib/chain.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import { gasOf, sha256Of, watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';

const CHARTS = 20;
const AT_ONCE = 5;
const SHIFT_SECONDS = 8 * 3_600;
const YEAR = 365 * 86_400;

/** Somebody without ether, whose wallet counts how often it is asked to sign. */
type Person = { readonly account: PrivateKeyAccount; readonly client: ChartkeyClient; signatures: number };

type Chart = {
  readonly recordId: RecordId;
  readonly file: InputFile;
  readonly plaintextSha256: string;
  sealMs: number;
};

/** A patient and a clinician without any ether, one signature each, and a shift with twenty charts. */
export async function shiftStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const stack = await startStack({ onStep, env: { CHARTKEY_RELAY_RATE_PER_PERSON: '0' } });
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
  const gas: Record<string, number> = {};
  const [patient, clinician] = [personOf(stack), personOf(stack)];
  onStep('Enrolling a patient and a clinician, neither of whom has ether');
  await enrol(stack, patient, clinician);
  onStep(`Sealing ${CHARTS} charts`);
  const charts = await sealAll(stack, patient, files);

  [patient.signatures, clinician.signatures] = [0, 0];
  onStep('The patient shares; the clinician starts a shift');
  gas.grantConsent = await share(patient, clinician);
  const expiresAt = Math.floor(Date.now() / 1000) + SHIFT_SECONDS;
  const { session, ...started } = await startSession(clinician.client, { expiresAt });
  gas.startSession = gasOf(started);
  const onShift = { ...clinician.client, session };

  onStep(`Opening ${CHARTS} charts`);
  const records = await openAll(stack, onShift, charts, gas);
  await checks.that('twenty charts opened through the keepers, byte for byte', async () =>
    records.every(({ openedSha256, plaintextSha256 }) => openedSha256 === plaintextSha256),
  );
  await checks.that('one signature of the patient, and one of the clinician', async () =>
    patient.signatures === 1 && clinician.signatures === 1
      ? true
      : `${patient.signatures} and ${clinician.signatures}`,
  );
  await checks.that('neither ever had any ether', async () => {
    const balances = await Promise.all(
      [patient, clinician].map(({ account: { address } }) =>
        stack.clientOf().publicClient.getBalance({ address }),
      ),
    );
    return balances.every((balance) => balance === 0n);
  });
  await steal(stack, checks, { session, patient, clinician, chart: charts[0] as Chart });
  await endFromElsewhere(stack, checks, { onShift, clinician, chart: charts[1] as Chart });

  const log = await accessLogOf(stack.clientOf(), { patient: patient.account.address });
  await checks.that(
    'the log’s head on the chain is the one that its entries add up to',
    async () => log.complete,
  );
  await checks.that(
    'every entry names the clinician, and none the key',
    async () =>
      log.entries.length === CHARTS + 1 &&
      log.entries.every(({ accessor }) => accessor === clinician.account.address),
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

function personOf(stack: Stack): Person {
  const account = privateKeyToAccount(generatePrivateKey());
  const counting: PrivateKeyAccount = {
    ...account,
    signTypedData: (typed) => {
      person.signatures += 1;
      return account.signTypedData(typed);
    },
  };
  const client = { ...stack.clientOf(counting), relay: stack.relay };
  const person: Person = { account, client, signatures: 0 };
  return person;
}

async function enrol(stack: Stack, patient: Person, clinician: Person): Promise<void> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const storage = await stack.storageOf();
  const { publicKey } = await keyPairFromSeed(key);
  const named = { patient: patient.account.address, keyBlock: publicKey };
  const { publicKeyHash } = await publishPatientKey(storage, named);
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'demo patient', salt: generatePidSalt() });
  await registerPatient(patient.client, { area: LOCAL_AREA, pid, publicKeyHash });
  await publishPatientKey(storage, named);
  const application = {
    role: 'Clinician' as const,
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: zeroHash,
  };
  await registerProvider(clinician.client, application);
  await verifyProvider(stack.clientOf(ACTORS.manager), {
    provider: clinician.account.address,
    application,
    expiresAt: Math.floor(Date.now() / 1000) + YEAR,
  });
}

async function sealAll(stack: Stack, patient: Person, files: readonly InputFile[]): Promise<Chart[]> {
  const charts: Chart[] = [];
  const storage = await stack.storageOf(patient.account);
  for (let i = 0; i < CHARTS; ++i) {
    // The smaller ones again and again: this is about openings.
    const bySize = files
      .toSorted((a, b) => a.blob.size - b.blob.size)
      .slice(0, Math.max(1, files.length - 1));
    const file = bySize[i % bySize.length] as InputFile;
    const started = performance.now();
    const { recordId } = await sealRecord(patient.client, {
      storage,
      network: stack.network,
      patient: patient.account.address,
      author: patient.account.address,
      source: file.blob,
      metadata: await describeFile(file.blob, file.name),
    });
    const plaintextSha256 = await sha256Of(file.blob.stream());
    charts.push({ recordId, file, plaintextSha256, sealMs: performance.now() - started });
  }
  await addRecords(patient.client, {
    patient: patient.account.address,
    records: charts.map(({ recordId }) => ({ recordId, compartment: 0 })),
  });
  return charts;
}

async function share(patient: Person, clinician: Person): Promise<number> {
  const consent = {
    compartments: [0],
    purposes: ['TREAT' as const],
    startsAt: 0,
    expiresAt: Math.floor(Date.now() / 1000) + YEAR,
    mayWrite: false,
  };
  return gasOf(await grantConsent(patient.client, { accessor: clinician.account.address, consent }));
}

async function openAll(
  stack: Stack,
  onShift: ChartkeyClient,
  charts: readonly Chart[],
  gas: Record<string, number>,
): Promise<DemoResult['records'][number][]> {
  const records: DemoResult['records'][number][] = [];
  const transactions = new Map<Hex, number>();
  const openOne = async ({ recordId, file, plaintextSha256, sealMs }: Chart) => {
    const started = performance.now();
    const { outcomes, sent } = await openThroughKeepers(onShift, {
      ...stack,
      recordIds: [recordId],
      purpose: 'TREAT',
    });
    transactions.set(sent.hash, gasOf(sent));
    const [outcome] = outcomes;
    const openedSha256 = outcome?.status === 'opened' ? await sha256Of(outcome.record.content()) : '';
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
  };
  for (let i = 0; i < charts.length; i += AT_ONCE) {
    await Promise.all(charts.slice(i, i + AT_ONCE).map(openOne));
  }
  gas.openRecords = Math.round([...transactions.values()].reduce((a, b) => a + b, 0) / charts.length);
  return records;
}

type Theft = {
  readonly session: Session;
  readonly patient: Person;
  readonly clinician: Person;
  readonly chart: Chart;
};

/** The thief has the key and no wallet. */
async function steal(
  stack: Stack,
  checks: Checks,
  { session, patient, clinician, chart }: Theft,
): Promise<void> {
  const chain = localChain(stack.rpcUrl, stack.deployment.chainId);
  const walletClient = createWalletClient({
    account: clinician.account.address,
    chain,
    transport: http(stack.rpcUrl),
  });
  const thief = { ...stack.clientOf(), walletClient, session, relay: stack.relay };
  await checks.that('a stolen key opens in the clinician’s name, and the log has it', async () => {
    const opening = { ...stack, recordIds: [chart.recordId], purpose: 'TREAT' as const };
    return (await openThroughKeepers(thief, opening)).outcomes[0]?.status === 'opened';
  });
  const { consents, forwarder } = stack.deployment;
  const later = Math.floor(Date.now() / 1000) + SHIFT_SECONDS;
  const attempts: readonly (readonly [string, Hex, Hex])[] = [
    [
      'share or revoke',
      consents,
      encodeFunctionData({
        abi: consentRegistryAbi,
        functionName: 'revokeConsent',
        args: [patient.account.address],
      }),
    ],
    [
      'prolong the session',
      forwarder,
      encodeFunctionData({
        abi: sessionForwarderAbi,
        functionName: 'startSession',
        args: [ACTORS.outsider.address, later],
      }),
    ],
    ['end it', forwarder, encodeFunctionData({ abi: sessionForwarderAbi, functionName: 'endSession' })],
  ];
  for (const [what, to, data] of attempts) {
    await checks.that(`a stolen key can’t ${what}`, () => isRefused(stack, session, { to, data }));
  }
}

/** Whatever form it is signed in, and whoever's number it carries. */
async function isRefused(
  stack: Stack,
  { person, key }: Session,
  call: { readonly to: Hex; readonly data: Hex },
): Promise<boolean | string> {
  const at = { address: stack.deployment.forwarder, abi: sessionForwarderAbi } as const;
  const { publicClient } = stack.clientOf();
  for (const signer of [person, key.address]) {
    const nonce = await publicClient.readContract({ ...at, functionName: 'nonces', args: [signer] });
    const deadline = Math.floor(Date.now() / 1000) + 600;
    const request = { ...call, from: person, gas: 200_000n, nonce, deadline };
    for (const typed of [actionTypedData, forwardTypedData]) {
      const signature = await key.signTypedData(typed(stack.deployment, request));
      const { nonce: _, ...bare } = { ...request, signature, value: 0n };
      if (await publicClient.readContract({ ...at, functionName: 'verify', args: [bare] }))
        return 'the chain took it';
      const answer = await submitRequests(stack.relay, [{ ...request, signature }]).catch((e: unknown) => e);
      if (!(answer instanceof RelayError)) return 'the relay took it';
    }
  }
  return true;
}

async function endFromElsewhere(
  stack: Stack,
  checks: Checks,
  {
    onShift,
    clinician,
    chart,
  }: { readonly onShift: ChartkeyClient; readonly clinician: Person; readonly chart: Chart },
): Promise<void> {
  await endSession({ ...stack.clientOf(clinician.account), relay: stack.relay });
  await checks.that('the session is ended from another device', async () => {
    const person = clinician.account.address;
    return (await sessionOf(stack.clientOf(), { person })) === undefined;
  });
  await checks.that('and its key opens nothing more', async () => {
    const opening = { ...stack, recordIds: [chart.recordId], purpose: 'TREAT' as const };
    const error = await openThroughKeepers(onShift, opening).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    return (error instanceof ChartkeyError && error.code === 'SESSION_ENDED') || 'it opened';
  });
}
