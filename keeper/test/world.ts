import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addRecord,
  type Binding,
  type ChartkeyClient,
  type Deployment,
  generateContentKey,
  generateOneTimeKeyPair,
  generateSalt,
  grantConsent,
  type KeeperSeat,
  type KeyPair,
  keeperSetDigest,
  keyPairFromSeed,
  type Opening,
  type OpeningId,
  openingIdOf,
  openRecords,
  type RecordId,
  recordIdOf,
  registerPatient,
  registerProvider,
  type SharesResponse,
  sealBody,
  sealEnvelope,
  sharesResponseSchema,
  startEpoch,
  toBase64Url,
  verifyProvider,
} from '@chartkey/sdk';
import { expectDocumented } from '@chartkey/service/testing';
import {
  type Account,
  bytesToHex,
  createTestClient,
  type Hex,
  http,
  type TestClient,
  zeroAddress,
} from 'viem';
import { onTestFinished } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from '../../scripts/lib/chain.ts';
import { freePort } from '../../scripts/lib/process.ts';
import { type KeeperOptions, type KeeperServer, seedsFromText, startKeeper } from '../src/index.ts';
import { openApi } from '../src/openapi.ts';

const document = openApi();

export { ACTORS };

export const COMPARTMENT = 3;
/** Seconds that the clinician is verified for. */
const YEAR = 31_536_000;
/** Seconds that the patient's consent lasts: it ends before the clinician's verification does. */
export const CONSENT_PERIOD = YEAR - 86_400;

export type TestKeeper = KeeperSeat & { readonly seed: Hex; readonly keyPair: KeyPair };

/** A chain of our own with the contracts, and everybody who is in the story. */
export type World = {
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly deployment: Deployment;
  readonly keepers: readonly [TestKeeper, TestKeeper, TestKeeper];
  readonly patientKey: KeyPair;
  readonly chain: TestClient;
  readonly clientOf: (account: Account) => ChartkeyClient;
  readonly close: () => Promise<void>;
};

/** 2 of 3 keepers in epoch 1, two patients, a verified clinician with the first one's consent. */
export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-keeper-'));
  const service = await startChain(await freePort());
  const close = async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const addressesFile = join(folder, 'addresses.json');
    const { rpcUrl } = service;
    const deployment = await deployContracts(rpcUrl, addressesFile);
    const chain = createTestClient({ mode: 'hardhat', transport: http(rpcUrl) });
    const world: World = {
      rpcUrl,
      addressesFile,
      deployment,
      keepers: await makeKeepers(),
      patientKey: await keyPairFromSeed(new Uint8Array(32).fill(99)),
      chain,
      clientOf: (account) => clientFor(rpcUrl, deployment, account),
      close,
    };
    await populate(world);
    return world;
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeKeepers(): Promise<[TestKeeper, TestKeeper, TestKeeper]> {
  const operators = ACTORS.keepers
    .map(({ address }) => address)
    .slice(0, 3)
    .toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const make = async (i: number): Promise<TestKeeper> => {
    const seed = new Uint8Array(32).fill(i + 1);
    const keyPair = await keyPairFromSeed(seed);
    return {
      id: operators[i] ?? zeroAddress,
      publicKey: keyPair.publicKey,
      seed: bytesToHex(seed),
      keyPair,
    };
  };
  return [await make(0), await make(1), await make(2)];
}

async function populate(world: World): Promise<void> {
  const { governor, manager, clinician, patient, secondPatient } = ACTORS;
  await appoint(world.clientOf(governor), {
    managers: [{ area: LOCAL_AREA, account: manager.address }],
    auditors: [],
  });
  await startEpoch(world.clientOf(governor), {
    keepers: world.keepers.map(({ id, keyPair }) => ({
      operator: id,
      publicKeyHash: bytesToHex(keyPair.publicKeyHash),
      endpoint: 'http://127.0.0.1:1',
    })),
    threshold: 2,
  });
  const publicKeyHash = bytesToHex(world.patientKey.publicKeyHash);
  for (const [account, pid] of [[patient, 1] as const, [secondPatient, 2] as const]) {
    const identity = { area: LOCAL_AREA, pid: bytesToHex(new Uint8Array(32).fill(pid)) };
    await registerPatient(world.clientOf(account), { ...identity, publicKeyHash });
  }
  const application = {
    role: 'Clinician',
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: bytesToHex(new Uint8Array(32).fill(7)),
  } as const;
  await registerProvider(world.clientOf(clinician), application);
  const expiresAt = Math.floor(Date.now() / 1000) + YEAR;
  await verifyProvider(world.clientOf(manager), { provider: clinician.address, application, expiresAt });
  await consentTo(world);
}

/** The patient consents to the clinician. */
export async function consentTo(world: World): Promise<void> {
  await grantConsent(world.clientOf(ACTORS.patient), {
    accessor: ACTORS.clinician.address,
    consent: {
      compartments: [COMPARTMENT],
      purposes: ['TREAT'],
      startsAt: 0,
      expiresAt: Math.floor(Date.now() / 1000) + CONSENT_PERIOD,
      mayWrite: true,
    },
  });
}

export type SealedEnvelope = {
  readonly recordId: RecordId;
  readonly bytes: Uint8Array;
  readonly contentKey: Uint8Array;
};

export type SealOverrides = Partial<Omit<Binding, 'salt'>> & {
  readonly epoch?: number;
  readonly keeperSetDigest?: Hex;
  readonly threshold?: number;
  readonly keepers?: readonly KeeperSeat[];
};

/** An envelope by the patient, unless said otherwise. Its body is nowhere: keepers never ask for it. */
export async function seal(world: World, overrides: SealOverrides = {}): Promise<SealedEnvelope> {
  const { epoch = 1, threshold = 2, keepers = world.keepers, ...given } = overrides;
  const contentKey = generateContentKey();
  const binding = {
    chainId: given.chainId ?? BigInt(world.deployment.chainId),
    recordIndex: given.recordIndex ?? world.deployment.records,
    patient: given.patient ?? ACTORS.patient.address,
    author: given.author ?? given.patient ?? ACTORS.patient.address,
    salt: generateSalt(),
  };
  const body = sealBody({ contentKey, binding, source: new Blob(['x']), length: 1 });
  const bytes = await sealEnvelope({
    contentKey,
    binding,
    epoch,
    threshold,
    keepers,
    keeperSetDigest: given.keeperSetDigest ?? keeperSetDigest(world.keepers),
    bodyDigest: bytesToHex(generateSalt()),
    bodyLength: body.ciphertextLength,
    floeHeader: body.floeHeader,
    metadata: { length: 1, mediaType: 'text/plain', title: '', fhirType: '', created: '2026-01-31' },
    patientPublicKey: world.patientKey.publicKey,
  });
  return { bytes, contentKey, recordId: await recordIdOf(bytes) };
}

/** Seals and indexes a record of the patient, in the compartment that the clinician may read. */
export async function writeRecord(world: World, overrides?: SealOverrides): Promise<SealedEnvelope> {
  const sealed = await seal(world, overrides);
  await index(world, sealed.recordId);
  return sealed;
}

/** Puts an id on chain. By default as the patient's own. */
export async function index(
  world: World,
  recordId: RecordId,
  { by = ACTORS.patient, patient = by }: { by?: Account; patient?: Account } = {},
): Promise<void> {
  const parameters = { recordId, patient: patient.address, compartment: COMPARTMENT };
  await addRecord(world.clientOf(by), parameters);
}

export type Opened = {
  readonly opening: Opening;
  readonly openingId: OpeningId;
  readonly keyPair: KeyPair;
};

/** An opening that stands on the log, by the clinician unless said otherwise. */
export async function open(
  world: World,
  recordIds: readonly RecordId[],
  accessor: Account = ACTORS.clinician,
): Promise<Opened> {
  const keyPair = await generateOneTimeKeyPair();
  const { opening, openingId } = await openWith(
    world,
    recordIds,
    bytesToHex(keyPair.publicKeyHash),
    accessor,
  );
  return { opening, openingId, keyPair };
}

/** {@link open} with any key hash. */
export async function openWith(
  world: World,
  recordIds: readonly RecordId[],
  keyHash: Hex,
  accessor: Account = ACTORS.clinician,
): Promise<Omit<Opened, 'keyPair'>> {
  const client = world.clientOf(accessor);
  const { opening } = await openRecords(client, { recordIds, purpose: 'TREAT', keyHash });
  if (!opening) throw new Error('nothing was permitted');
  return { opening, openingId: await openingIdOf(client, opening) };
}

/** A record and an opening of it by the clinician. */
export async function writeAndOpen(world: World): Promise<Opened & { readonly record: SealedEnvelope }> {
  const record = await writeRecord(world);
  return { record, ...(await open(world, [record.recordId])) };
}

export type Asked = { readonly recordId: RecordId; readonly bytes: Uint8Array };

export function sharesBody(
  { opening, keyPair }: Pick<Opened, 'opening' | 'keyPair'>,
  records: readonly Asked[],
) {
  const { keyHash: _follows, ...named } = opening;
  return {
    opening: named,
    publicKey: toBase64Url(keyPair.publicKey),
    records: records.map(({ recordId, bytes }) => ({ recordId, envelope: toBase64Url(bytes) })),
  };
}

/** Every answer is held against the OpenAPI document. */
export async function post(url: string, path: string, body: unknown): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  await expectDocumented(document, 'POST', path, response);
  return response;
}

export async function get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(`${url}${path}`, { headers });
  await expectDocumented(document, 'GET', path, response);
  return response;
}

/** What a keeper answers, one result a record. */
export async function ask(
  { url }: { readonly url: string },
  opened: Pick<Opened, 'opening' | 'keyPair'>,
  records: readonly Asked[],
): Promise<SharesResponse['results']> {
  const response = await post(url, '/v1/shares', sharesBody(opened, records));
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return sharesResponseSchema.parse(await response.json()).results;
}

export type RunningKeeper = KeeperServer & { readonly lines: readonly string[] };

/** A keeper of this world, gone when the test ends. Its log is kept in `lines`. */
export async function runKeeper(
  world: World,
  options: Partial<KeeperOptions> = {},
  keeper: TestKeeper = world.keepers[0],
): Promise<RunningKeeper> {
  const lines: string[] = [];
  const server = await startKeeper(
    {
      operator: keeper.id,
      keys: seedsFromText(keeper.seed),
      rpcUrls: [world.rpcUrl],
      deployment: world.deployment,
      port: 0,
      graceMs: 500,
      ...options,
    },
    (event, fields) => void lines.push(JSON.stringify({ event, ...fields })),
  );
  onTestFinished(() => server.close());
  return { ...server, lines };
}

export type Rpc = { readonly method: string; readonly params?: readonly unknown[] };

/** An endpoint in front of the chain that may answer something else, or do something before it asks. */
export async function lyingEndpoint(
  world: World,
  lie: (request: Rpc, result: unknown) => unknown,
  before: (request: Rpc) => unknown = () => {},
): Promise<{ readonly url: string; readonly close: () => void; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const call: Rpc = JSON.parse(body);
    asked.push(call.method);
    await before(call);
    const upstream = await fetch(world.rpcUrl, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const answer = JSON.parse(await upstream.text());
    response.setHeader('content-type', 'application/json');
    const told = answer.error ? answer : { ...answer, result: await lie(call, answer.result) };
    response.end(JSON.stringify(told));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}`, close, asked };
}

/** A copy with one bit of the byte at `offset` turned; counted from the end if negative. */
export function flipped(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = offset < 0 ? copy.length + offset : offset;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
