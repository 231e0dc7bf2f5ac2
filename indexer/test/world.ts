import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Application,
  addRecords,
  type ChartkeyClient,
  type Deployment,
  grantConsent,
  type Index,
  indexInfo,
  openRecords,
  type PurposeOfUse,
  type RecordId,
  registerPatient,
  registerProvider,
  verifyProvider,
  vouchForMembers,
} from '@chartkey/sdk';
import {
  type Account,
  type Address,
  createTestClient,
  type Hex,
  http,
  keccak256,
  stringToHex,
  zeroAddress,
} from 'viem';
import { ACTORS, devAccount, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from '../../scripts/lib/chain.ts';
import { type IndexerStart, type RunningIndexer, startIndexerNode } from '../../scripts/lib/indexer.ts';
import { findPostgres, type RunningPostgres, startPostgres } from '../../scripts/lib/postgres.ts';
import { freePort } from '../../scripts/lib/process.ts';

export const YEAR = 365 * 86_400;

export type World = {
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly deployment: Deployment;
  readonly folder: string;
  readonly clientOf: (account?: Account) => ChartkeyClient;
  /** `evm_snapshot` and `evm_revert`: how a real node is made to forget blocks. */
  readonly snapshot: () => Promise<Hex>;
  readonly revertTo: (snapshot: Hex) => Promise<void>;
  readonly mine: (blocks: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A chain with the contracts and a manager. */
export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-index-'));
  const chain = await startChain(await freePort());
  const addressesFile = join(folder, 'addresses.json');
  const close = async () => {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { rpcUrl } = chain;
    const deployment = await deployContracts(rpcUrl, addressesFile);
    const clientOf = (account?: Account) => clientFor(rpcUrl, deployment, account);
    const node = createTestClient({ mode: 'hardhat', transport: http(rpcUrl) });
    await appoint(clientOf(ACTORS.governor), {
      managers: [{ area: LOCAL_AREA, account: ACTORS.manager.address }],
      auditors: [ACTORS.auditor.address],
    });
    return {
      ...{ rpcUrl, addressesFile, deployment, folder, clientOf, close },
      snapshot: () => node.snapshot(),
      revertTo: (id) => node.revert({ id }),
      mine: (blocks) => node.mine({ blocks }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export function digest(text: string): Hex {
  return keccak256(stringToHex(text));
}

export function recordIdOf(text: string): RecordId {
  return digest(text) as RecordId;
}

/** Who is who in these tests. */
export const PEOPLE = {
  patient: ACTORS.patient,
  secondPatient: ACTORS.secondPatient,
  clinician: ACTORS.clinician,
  insurer: ACTORS.lab,
  hospital: devAccount(15),
  manager: ACTORS.manager,
} as const;

export const RECORDS = ['first', 'second', 'third'].map(recordIdOf);
export const SECOND_RECORDS = ['other'].map(recordIdOf);

/** Two patients with records; a clinician of a hospital who may read for treatment, and an insurer who may not. */
export async function enrolEverybody(world: World): Promise<void> {
  for (const account of [PEOPLE.patient, PEOPLE.secondPatient]) {
    const pid = digest(account.address);
    await registerPatient(world.clientOf(account), { area: LOCAL_AREA, pid, publicKeyHash: digest('key') });
  }
  await addRecords(world.clientOf(PEOPLE.patient), {
    patient: PEOPLE.patient.address,
    records: RECORDS.map((recordId, compartment) => ({ recordId, compartment })),
  });
  await addRecords(world.clientOf(PEOPLE.secondPatient), {
    patient: PEOPLE.secondPatient.address,
    records: SECOND_RECORDS.map((recordId) => ({ recordId, compartment: 0 })),
  });
  const hospital = PEOPLE.hospital.address;
  await enrolProvider(world, PEOPLE.hospital, 'Hospital', zeroAddress);
  await enrolProvider(world, PEOPLE.clinician, 'Clinician', hospital);
  await enrolProvider(world, PEOPLE.insurer, 'Insurer', zeroAddress);
  await vouchForMembers(world.clientOf(PEOPLE.hospital), { members: [PEOPLE.clinician.address] });
  for (const patient of [PEOPLE.patient, PEOPLE.secondPatient]) {
    await grant(world, patient, PEOPLE.clinician.address, ['TREAT', 'ETREAT']);
  }
}

async function enrolProvider(
  world: World,
  account: Account,
  role: Application['role'],
  organisation: Address,
): Promise<void> {
  const application = { role, area: LOCAL_AREA, organisation, credentialHash: digest('credential') };
  await registerProvider(world.clientOf(account), application);
  const expiresAt = (await now(world)) + YEAR;
  const provider = account.address;
  await verifyProvider(world.clientOf(PEOPLE.manager), { provider, application, expiresAt });
}

export async function grant(
  world: World,
  patient: Account,
  accessor: Address,
  purposes: readonly PurposeOfUse[],
): Promise<void> {
  await grantConsent(world.clientOf(patient), {
    accessor,
    consent: {
      compartments: [0, 1],
      purposes,
      startsAt: 0,
      expiresAt: (await now(world)) + YEAR,
      mayWrite: false,
    },
  });
}

export async function now(world: World): Promise<number> {
  return Number((await world.clientOf().publicClient.getBlock()).timestamp);
}

let openings = 0;

export async function open(
  world: World,
  account: Account,
  recordIds: readonly RecordId[],
  purpose: PurposeOfUse = 'TREAT',
): Promise<void> {
  await openRecords(world.clientOf(account), { recordIds, purpose, keyHash: digest(`key ${++openings}`) });
}

export type EngineName = 'sqlite' | 'postgres';

/** A new database of either kind. */
export type Databases = {
  readonly create: (engine: EngineName) => Promise<string>;
  readonly close: () => Promise<void>;
};

const bin = await findPostgres();
/** `.ci/run` allows no skip, unless it could not install a server and said so. */
const mayNotSkip =
  process.env['CHARTKEY_NO_SKIPS'] === '1' && process.env['CHARTKEY_WITHOUT_POSTGRES'] !== '1';
if (bin === undefined && !mayNotSkip) {
  console.warn(
    'LEFT OUT: everything against a real PostgreSQL server (there is none: apt-get install postgresql)',
  );
}

/** What every test of the read model runs on. */
export const ENGINES: readonly EngineName[] =
  bin === undefined && !mayNotSkip ? ['sqlite'] : ['sqlite', 'postgres'];

export async function startDatabases(folder: string): Promise<Databases> {
  let server: RunningPostgres | undefined;
  let files = 0;
  return {
    create: async (engine) => {
      if (engine === 'sqlite') return join(folder, `index-${++files}.sqlite`);
      if (bin === undefined) throw new Error('There is no PostgreSQL here.');
      server ??= await startPostgres(bin);
      return server.createDatabase();
    },
    close: async () => server?.close(),
  };
}

export function runIndexer(
  { rpcUrl, addressesFile }: Pick<World, 'rpcUrl' | 'addressesFile'>,
  options: Pick<IndexerStart, 'database'> & Partial<IndexerStart>,
): Promise<RunningIndexer> {
  const env = { CHARTKEY_INDEXER_RATE_PER_ADDRESS: '0', ...options.env };
  return startIndexerNode({ rpcUrl, addressesFile, ...options, env });
}

/** All that comes. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

/** Until an index has read the chain's newest block. */
export async function caughtUp(world: Pick<World, 'clientOf'>, index: Index): Promise<void> {
  const { publicClient } = world.clientOf();
  await until(async () => {
    const block = await publicClient.getBlock({ blockTag: 'latest' });
    const { upTo, state } = await indexInfo(index);
    return state !== 'behind' && upTo.blockHash === block.hash;
  });
}

export async function until(what: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const late = Date.now() + timeoutMs;
  while (!(await what())) {
    if (Date.now() > late) throw new Error('It did not come true in time.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
