import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  AREA,
  applicationOf,
  becomeProvider,
  deployChartkey,
  deployWithParticipants,
  digest,
  enrol,
  ethers,
  networkHelpers,
  Purpose,
  Role,
  registerByVoucher,
  type Signer,
  treatmentConsent,
  type World,
} from './support/chartkey.ts';
import { measureRelayed, measureSessionStart } from './support/relayed.ts';

const FILE = new URL('./gas.snapshot.json', import.meta.url);

/** Gas of each call in the steady state, and bytes of runtime code of each contract. */
interface Snapshot {
  readonly gas: Readonly<Record<string, number>>;
  readonly runtimeBytes: Readonly<Record<string, number>>;
}

/**
 * A time whose four bytes are none of them zero: calldata is cheaper for zero bytes, and figures would depend on the
 * clock.
 */
const UNTIL = 4_000_000_001n;

const consentUntil = async (mayWrite = false) => ({
  ...(await treatmentConsent(mayWrite)),
  expiresAt: UNTIL,
});

/** What no change may exceed. Gas. */
const BOUNDS: Readonly<Record<string, number>> = {
  registerPatient: 70_000,
  registerAndVerifyProvider: 115_000,
  addRecord: 75_000,
  addRecordsBatch20PerRecord: 52_000,
  grantConsent: 56_000,
  openRecords: 75_000,
  openRecordsBatch20PerRecord: 16_000,
  openRecordsRefused: 75_000,
  openRecordsRelayed: 88_000,
  openRecordsRelayedInBatch20: 61_000,
  revokeConsent: 32_000,
  requestConsent: 35_000,
  // Ids that outlive wallets: `revokeConsent` reads a slot more than when 330,000 were enough.
  life: 334_000,
};

/**
 * The life of one share in the steady state: both registrations, a record, a consent, an opening by somebody who
 * opened before, in a log that has entries, and the end.
 */
const LIFE = [
  'registerPatient',
  'registerVerifiedProvider',
  'addRecord',
  'grantConsent',
  'openRecords',
  'revokeConsent',
];

type Sent = Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>;

async function gasOf(sent: Sent): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error('The transaction was not mined.');
  return Number(receipt.gasUsed);
}

/** A chain on which nothing about the measured call is first of its kind, except what always is. */
async function steadyState(): Promise<World> {
  const world = await deployWithParticipants();
  const { consents, records, log, patient, clinician } = world;
  await consents.connect(patient).grantConsent(clinician, await consentUntil());
  for (let i = 0; i < 20; ++i) {
    await records.connect(patient).addRecord(digest(`record ${i}`), patient, 3);
  }
  // The clinician opened before, longer ago than an opening keeps its place.
  await log.connect(clinician).openRecords([digest('record 0')], Purpose.Treatment, digest('key'), 0);
  await networkHelpers.time.increase(await log.PLACE_HOLD());
  return world;
}

async function measure(): Promise<Record<string, number>> {
  const gas: Record<string, number> = {};
  const one = async (name: string, call: (world: World) => Sent, from = steadyState) => {
    gas[name] = await gasOf(call(await networkHelpers.loadFixture(from)));
  };

  const newcomer = (world: World): Signer => world.outsider;
  const application = applicationOf(Role.Clinician, 'the newcomer');

  await one('registerPatient', (w) =>
    w.participants
      .connect(newcomer(w))
      .registerPatient(AREA, digest('pid of the newcomer'), digest('its key')),
  );
  await one('registerProvider', (w) => w.participants.connect(newcomer(w)).registerProvider(application));
  await one('verifyProvider', async (w) => {
    await w.participants.connect(newcomer(w)).registerProvider(application);
    return w.participants.connect(w.manager).verifyProvider(newcomer(w), application, UNTIL);
  });
  await one('addRecord', (w) => w.records.connect(w.patient).addRecord(digest('record new'), w.patient, 3));
  await one('addRecordByProvider', async (w) => {
    await w.consents.connect(w.patient).grantConsent(w.lab, await consentUntil(true));
    return w.records.connect(w.lab).addRecord(digest('record new'), w.patient, 3);
  });
  await one('submitRecord', (w) => w.records.connect(w.lab).submitRecord(digest('record new'), w.patient));
  await one('acceptRecord', async (w) => {
    await w.records.connect(w.lab).submitRecord(digest('record new'), w.patient);
    return w.records.connect(w.patient).acceptRecords([digest('record new')], [3]);
  });
  await one('requestConsent', async (w) =>
    w.consents
      .connect(w.lab)
      .requestConsent(w.patient, 0xff, 1n << Purpose.Treatment, UNTIL, digest('message')),
  );
  await one('grantConsent', async (w) =>
    w.consents.connect(w.patient).grantConsent(w.lab, await consentUntil()),
  );
  await one('revokeConsent', (w) => w.consents.connect(w.patient).revokeConsent(w.clinician));
  await one('openRecords', (w) =>
    w.log.connect(w.clinician).openRecords([digest('record 1')], Purpose.Treatment, digest('key'), 0),
  );
  await one('openRecordsFirst', async (w) => {
    await becomeProvider(w, w.outsider, Role.Clinician, 'the newcomer');
    await w.participants
      .connect(w.auditor)
      .registerPatient(AREA, digest('pid of the newcomer'), digest('its key'));
    await w.records.connect(w.auditor).addRecord(digest('record new'), w.auditor, 3);
    await w.consents.connect(w.auditor).grantConsent(w.outsider, await consentUntil());
    return w.log.connect(w.outsider).openRecords([digest('record new')], Purpose.Treatment, digest('key'), 0);
  });
  const refused = (w: World): Sent =>
    w.log.connect(w.clinician).openRecords([digest('record 1')], Purpose.Research, digest('key'), 0);
  await one('openRecordsRefusedFirst', refused);
  await one('openRecordsRefused', async (w) => {
    await refused(w);
    return refused(w);
  });
  await one('registerVerifiedProvider', (w) => registerByVoucher(w, newcomer(w)));
  await one('enrolPatient', (w) => enrol(w, newcomer(w)));
  await one('revokeAllFirst', (w) => w.consents.connect(w.patient).revokeAll());
  await one('revokeAll', async (w) => {
    await w.consents.connect(w.patient).revokeAll();
    return w.consents.connect(w.patient).revokeAll();
  });
  await one('moveRecord', (w) => w.records.connect(w.patient).moveRecord(digest('record 1'), 4));
  await one('supersedeRecord', (w) =>
    w.records.connect(w.patient).supersedeRecord(digest('record 2'), digest('record 1')),
  );
  await one('restrictRecord', (w) =>
    w.consents.connect(w.patient).restrictRecord(digest('record 1'), w.clinician),
  );

  await one('setEmergencySet', (w) => w.emergencies.connect(w.patient).setEmergencySet(1n << 3n));
  await one('requestEmergency', async (w) => {
    await w.emergencies.connect(w.patient).setEmergencySet(1n << 3n);
    return w.emergencies.connect(w.clinician).requestEmergency(w.patient, 1n, digest('message'));
  });
  await one('coSignEmergency', async (w) => (await coSigned(w))());
  await one('coSignEmergencyAndOpen', async (w) => {
    const sign = await coSigned(w);
    await sign();
    return sign();
  });
  await one('openRecordsInEmergency', async (w) => {
    const sign = await coSigned(w);
    await sign();
    await sign();
    return w.log
      .connect(w.clinician)
      .openRecords([digest('record 1')], Purpose.EmergencyTreatment, digest('key'), 0);
  });
  await one('takeWallet', async (w) => {
    await w.guardianship.connect(w.patient).offerWallet(w.outsider);
    return w.guardianship.connect(w.outsider).takeWallet(w.patient);
  });

  const more = Array.from({ length: 20 }, (_, i) => digest(`record more ${i}`));
  const places = more.map(() => 3);
  await one('addRecordsBatch20', (w) => w.records.connect(w.patient).addRecords(more, w.patient, places));
  await one('addRecordsByProviderBatch20', async (w) => {
    await w.consents.connect(w.patient).grantConsent(w.lab, await consentUntil(true));
    return w.records.connect(w.lab).addRecords(more, w.patient, places);
  });
  const twenty = Array.from({ length: 20 }, (_, i) => digest(`record ${i}`));
  await one('openRecordsBatch20', (w) =>
    w.log.connect(w.clinician).openRecords(twenty, Purpose.Treatment, digest('key'), 0),
  );
  return gas;
}

/** Asks for an emergency; each call is the next clinician's co-signature. */
async function coSigned(w: World): Promise<() => Sent> {
  const colleagues = [w.outsider, w.auditor];
  for (const [i, colleague] of colleagues.entries()) {
    await becomeProvider(w, colleague, Role.Clinician, `colleague ${i}`);
  }
  await w.emergencies.connect(w.patient).setEmergencySet(1n << 3n);
  await w.emergencies.connect(w.clinician).requestEmergency(w.patient, 1n, digest('message'));
  return () => w.emergencies.connect(colleagues.shift() ?? w.lab).coSignEmergency(1n);
}

/** Everything that one share costs in its life, on a chain that knows neither side: every slot is new. */
async function lifeFromNothing(): Promise<number> {
  const w = await networkHelpers.loadFixture(deployChartkey);
  const application = applicationOf(Role.Clinician, 'the clinician');
  const record = digest('record');
  let gas = 0;
  gas += await gasOf(
    w.participants.connect(w.patient).registerPatient(AREA, digest('pid'), digest('its key')),
  );
  gas += await gasOf(w.participants.connect(w.clinician).registerProvider(application));
  gas += await gasOf(w.participants.connect(w.manager).verifyProvider(w.clinician, application, UNTIL));
  gas += await gasOf(w.records.connect(w.patient).addRecord(record, w.patient, 3));
  gas += await gasOf(w.consents.connect(w.patient).grantConsent(w.clinician, await consentUntil()));
  gas += await gasOf(w.log.connect(w.clinician).openRecords([record], Purpose.Treatment, digest('key'), 0));
  gas += await gasOf(w.consents.connect(w.patient).revokeConsent(w.clinician));
  return gas;
}

async function runtimeBytes(): Promise<Record<string, number>> {
  const { participants, consents, records, log, guardianship, emergencies, keepers, view, forwarder } =
    await networkHelpers.loadFixture(deployChartkey);
  const contracts = {
    participants,
    consents,
    records,
    log,
    guardianship,
    emergencies,
    keepers,
    view,
    forwarder,
  };
  const sizes: Record<string, number> = {};
  for (const [name, contract] of Object.entries(contracts)) {
    sizes[name] = ethers.dataLength(await ethers.provider.getCode(await contract.getAddress()));
  }
  return sizes;
}

describe('gas', () => {
  let measured: Snapshot;
  const gasOfCall = (name: string): number => measured.gas[name] ?? Number.NaN;

  before(async () => {
    const {
      openRecordsBatch20 = 0,
      addRecordsBatch20 = 0,
      addRecordsByProviderBatch20 = 0,
      ...gas
    } = await measure();
    const { openRecords = 0, registerProvider = 0, verifyProvider = 0 } = gas;
    const relayed = await measureRelayed();
    measured = {
      gas: {
        ...gas,
        startSession: await measureSessionStart(),
        openRecordsRelayed: relayed.relayed,
        openRecordsRelayedInBatch20: relayed.relayedInBatch,
        registerAndVerifyProvider: registerProvider + verifyProvider,
        addRecordsBatch20PerRecord: Math.ceil(addRecordsBatch20 / 20),
        addRecordsByProviderBatch20PerRecord: Math.ceil(addRecordsByProviderBatch20 / 20),
        openRecordsBatch20PerRecord: Math.ceil((openRecordsBatch20 - openRecords) / 19),
        life: LIFE.reduce((sum, name) => sum + (gas[name] ?? Number.NaN), 0),
        lifeFromNothing: await lifeFromNothing(),
      },
      runtimeBytes: await runtimeBytes(),
    };
    if (process.env.UPDATE_SNAPSHOTS === '1') {
      writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
    }
  });

  it('default: is what the committed snapshot says', () => {
    const committed: unknown = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
    expect(
      measured,
      'UPDATE_SNAPSHOTS=1 writes the new figures; say in the commit why they moved',
    ).to.deep.equal(committed);
  });

  for (const [name, bound] of Object.entries(BOUNDS)) {
    it(`behavior: ${name} stays within ${bound}`, () => {
      expect(gasOfCall(name)).to.be.at.most(bound);
    });
  }

  it('behavior: every contract fits into the 24,576 bytes of EIP-170 with room to spare', () => {
    for (const [name, bytes] of Object.entries(measured.runtimeBytes))
      expect(bytes, name).to.be.within(1, 20_480);
  });

  it('behavior: an opening costs the same however many records and patients there are', async () => {
    const world = await networkHelpers.loadFixture(steadyState);
    for (let i = 0; i < 40; ++i) {
      await world.records.connect(world.patient).addRecord(digest(`more ${i}`), world.patient, 3);
    }
    const open = world.log
      .connect(world.clinician)
      .openRecords([digest('record 1')], Purpose.Treatment, digest('key'), 0);
    expect(await gasOf(open)).to.equal(gasOfCall('openRecords'));
  });
});
