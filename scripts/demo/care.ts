import {
  accessLogOf,
  addRecord,
  ChartkeyError,
  commitPid,
  describeFile,
  envelopeCid,
  generateOneTimeKeyPair,
  generatePidSalt,
  type KeyPair,
  keyPairFromSeed,
  type Opening,
  openRecords,
  openThroughKeepers,
  type PurposeOfUse,
  publishPublicKey,
  type RecordId,
  readBlock,
  registerPatient,
  registerProvider,
  requestShares,
  sealRecord,
  toBase64Url,
  verifyProvider,
} from '@chartkey/sdk';
import {
  type Account,
  type Address,
  bytesToHex,
  createTestClient,
  type Hex,
  hexToBytes,
  http,
  keccak256,
  toBytes,
  zeroAddress,
} from 'viem';
import { ACTORS, devAccount, LOCAL_AREA } from '../lib/accounts.ts';
import type { Stack } from '../lib/stack.ts';
import { sha256Of } from './measures.ts';
import type { Checks, DemoResult, InputFile } from './result.ts';

const DAY = 86_400;

/** Whom the stories of emergencies and recovery need beside `ACTORS`. */
export const CARE = {
  requester: ACTORS.clinician,
  colleague: devAccount(15),
  secondColleague: devAccount(16),
  /** The requester's other wallet, with the same credential. */
  twin: devAccount(17),
  guardians: [ACTORS.secondPatient, ACTORS.thirdPatient, devAccount(18)],
  newWallet: devAccount(19),
} as const;

export const EMERGENCY_COMPARTMENT = 3;
export const OTHER_COMPARTMENT = 7;

/** The seed of the patient's key, and where the patient is found. */
export type Enrolled = { readonly keyPair: KeyPair; readonly pid: Hex };

/** A patient with a key, and clinicians of whom each has a credential but the twin, who has the requester's. */
export async function enrolAll(stack: Stack): Promise<Enrolled> {
  const keyPair = await keyPairFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const publicKeyHash = await publishPublicKey(stack.storage, keyPair.publicKey);
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'demo patient', salt: generatePidSalt() });
  await registerPatient(stack.clientOf(ACTORS.patient), { area: LOCAL_AREA, pid, publicKeyHash });
  const clinicians: readonly (readonly [Account, string])[] = [
    [CARE.requester, 'licence 1'],
    [CARE.colleague, 'licence 2'],
    [CARE.secondColleague, 'licence 3'],
    [CARE.twin, 'licence 1'],
  ];
  for (const [account, credential] of clinicians) await enrolClinician(stack, account, credential);
  return { keyPair, pid };
}

async function enrolClinician(stack: Stack, account: Account, credential: string): Promise<void> {
  const application = {
    role: 'Clinician' as const,
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: keccak256(toBytes(credential)),
  };
  await registerProvider(stack.clientOf(account), application);
  await verifyProvider(stack.clientOf(ACTORS.manager), {
    provider: account.address,
    application,
    expiresAt: (await now(stack)) + 365 * DAY,
  });
}

export type Sealed = {
  readonly recordId: RecordId;
  readonly file: InputFile;
  readonly plaintextSha256: string;
  readonly sealMs: number;
};

/** Seals a file as the patient's own, in a compartment. */
export async function sealFor(
  stack: Stack,
  {
    file,
    patient,
    account,
    compartment,
  }: { file: InputFile; patient: Address; account: Account; compartment: number },
): Promise<Sealed> {
  const started = performance.now();
  const client = stack.clientOf(account);
  const metadata = await describeFile(file.blob, file.name);
  const { recordId } = await sealRecord(client, {
    ...stack,
    patient,
    author: patient,
    source: file.blob,
    metadata,
  });
  await addRecord(client, { recordId, patient, compartment });
  const plaintextSha256 = await sha256Of(file.blob.stream());
  return { recordId, file, plaintextSha256, sealMs: performance.now() - started };
}

/** Opens through the keepers and compares; what it says instead if it did not open. */
export async function openAs(
  stack: Stack,
  account: Account,
  {
    sealed,
    purpose,
    records,
  }: { sealed: Sealed; purpose: PurposeOfUse; records?: DemoResult['records'][number][] },
): Promise<true | string> {
  const started = performance.now();
  const client = stack.clientOf(account);
  const { outcomes } = await openThroughKeepers(client, { ...stack, recordIds: [sealed.recordId], purpose });
  const [outcome] = outcomes;
  if (outcome?.status !== 'opened') {
    return outcome?.status === 'refused' ? outcome.decision : (outcome?.error.code ?? 'nothing');
  }
  const openedSha256 = await sha256Of(outcome.record.content());
  const { file, recordId, plaintextSha256, sealMs } = sealed;
  records?.push({
    file: file.name,
    bytes: file.blob.size,
    recordId,
    plaintextSha256,
    openedSha256,
    sealMs,
    openMs: performance.now() - started,
  });
  return openedSha256 === plaintextSha256 || 'other bytes';
}

/** An opening that stands, with the one-time key that it was made for. */
export type Pending = {
  readonly opening: Opening;
  readonly key: Awaited<ReturnType<typeof generateOneTimeKeyPair>>;
};

/** Logs an opening and asks no keeper yet. */
export async function logOpening(stack: Stack, account: Account, recordId: RecordId): Promise<Pending> {
  const key = await generateOneTimeKeyPair();
  const keyHash = bytesToHex(key.publicKeyHash);
  const client = stack.clientOf(account);
  const { opening } = await openRecords(client, { recordIds: [recordId], purpose: 'ETREAT', keyHash });
  if (!opening) throw new Error('The opening was not permitted.');
  return { opening, key };
}

/** What each keeper says to an opening that was logged: `released`, or why not. */
export async function askEachKeeper(stack: Stack, { opening, key }: Pending): Promise<string[]> {
  const { keyHash: _follows, ...named } = opening;
  const records = await Promise.all(
    opening.recordIds.map(async (recordId) => ({
      recordId,
      envelope: toBase64Url(await readBlock(stack.storage, envelopeCid(hexToBytes(recordId)))),
    })),
  );
  const body = { opening: named, publicKey: toBase64Url(key.publicKey), records };
  return Promise.all(
    stack.keepers.map(async (keeper) => {
      const [result] = (await requestShares({ network: stack.network, keeper }, body)).results;
      return result?.status === 'refused' ? result.reason : (result?.status ?? 'nothing');
    }),
  );
}

/** Holds if the contracts refuse it with this error; `code` is the contract's name for it. */
export function refused(
  checks: Checks,
  name: string,
  code: string,
  act: () => Promise<unknown>,
): Promise<void> {
  return checks.that(name, async () => {
    const error = await act().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (error === undefined) return 'it was done';
    return mentions(error, code) || `another error: ${error instanceof Error ? error.message : ''}`;
  });
}

function mentions(error: unknown, code: string): boolean {
  if (!(error instanceof Error)) return false;
  const own = error instanceof ChartkeyError ? `${error.code} ${error.message}` : error.message;
  return own.includes(code) || mentions(error.cause, code);
}

/** Lets time pass on the chain. */
export async function later(stack: Stack, seconds: number): Promise<void> {
  const chain = createTestClient({ mode: 'hardhat', transport: http(stack.rpcUrl) });
  await chain.increaseTime({ seconds });
  await chain.mine({ blocks: 1 });
}

export async function now(stack: Stack): Promise<number> {
  return Number((await stack.clientOf().publicClient.getBlock()).timestamp);
}

/** The log at the end, as every story tells it. */
export async function closingLog(stack: Stack, checks: Checks): Promise<DemoResult['log']> {
  const log = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
  await checks.that(
    'the log’s head on the chain is the one that its entries add up to',
    async () => log.complete,
  );
  return { entries: log.entries.length, headOnChain: log.head.head, headRecomputed: log.recomputed };
}
