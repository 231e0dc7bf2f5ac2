import {
  accessLogOf,
  confirmEmergency,
  createWatcher,
  readIndex,
  requestEmergency,
  reviewEmergency,
  setEmergencySet,
  setGuardians,
} from '@chartkey/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { devAccount } from '../../scripts/lib/accounts.ts';
import type { RunningIndexer } from '../../scripts/lib/indexer.ts';
import {
  all,
  caughtUp,
  type Databases,
  ENGINES,
  enrolEverybody,
  now,
  open,
  PEOPLE,
  RECORDS,
  runIndexer,
  startDatabases,
  startWorld,
  type World,
} from './world.ts';

/* Openings in an emergency are marked, and the mark is part of the head. */

const GUARDIANS = [PEOPLE.secondPatient, devAccount(18)];
const COMPARTMENT = 2;
const { address: patient } = PEOPLE.patient;

let world: World;
let databases: Databases;

beforeAll(async () => {
  world = await startWorld();
  databases = await startDatabases(world.folder);
  await enrolEverybody(world);
  const own = world.clientOf(PEOPLE.patient);
  await setEmergencySet(own, { compartments: [COMPARTMENT] });
  await setGuardians(own, { guardians: GUARDIANS.map(({ address }) => address), threshold: 2 });
  const clinician = world.clientOf(PEOPLE.clinician);
  const { emergencyId } = await requestEmergency(clinician, { patient, reason: 'LifeAtRisk' });
  for (const guardian of GUARDIANS) await confirmEmergency(world.clientOf(guardian), { emergencyId });
  await open(world, PEOPLE.clinician, RECORDS.slice(0, 1));
  await open(world, PEOPLE.clinician, RECORDS.slice(COMPARTMENT), 'ETREAT');
  await reviewEmergency(own, { emergencyId, justified: true });
});

afterAll(async () => {
  await databases?.close();
  await world?.close();
});

describe.each(ENGINES)('an index on %s after an emergency', (engine) => {
  let index: RunningIndexer;

  beforeAll(async () => {
    index = await runIndexer(world, { database: await databases.create(engine) });
    await caughtUp(world, index);
  });
  afterAll(() => index?.service.close());

  test('default: the marked opening has its mark, and adds up to the head in the contract', async () => {
    const entries = await all(readIndex(index, 'entries', { patient, order: 'oldest' }));
    expect(entries.map(({ purpose, ground }) => [purpose, ground])).toEqual([
      ['TREAT', undefined],
      ['ETREAT', 'Emergency'],
    ]);
    const { head, entries: actual } = await accessLogOf(world.clientOf(), { patient });
    expect(actual.map(({ ground }) => ground)).toEqual([undefined, 'Emergency']);
    expect(await all(readIndex(index, 'heads', { patient }))).toEqual([{ patient, ...head }]);
  });

  test('default: who asked, who confirmed, and the review stand in the history', async () => {
    const history = await all(readIndex(index, 'history', { patient, order: 'oldest' }));
    const emergency = history.filter(({ name }) => name.startsWith('Emergency'));
    expect(emergency.map(({ name, account }) => [name, account])).toEqual([
      ['EmergencySetChanged', null],
      ['EmergencyRequested', PEOPLE.clinician.address],
      ...GUARDIANS.map(({ address }) => ['EmergencyConfirmed', address]),
      ['EmergencyOpened', PEOPLE.clinician.address],
      ['EmergencyReviewed', PEOPLE.clinician.address],
    ]);
    const guardians = history.filter(({ name }) => name === 'GuardianAppointed');
    expect(guardians.map(({ account }) => account).toSorted()).toEqual(
      GUARDIANS.map(({ address }) => address).toSorted(),
    );
  });

  test('behavior: an emergency that was reviewed is nothing to look at, however long ago', async () => {
    const since = (await now(world)) - 3_600;
    const clock = () => since + 30 * 86_400;
    const rules = { 'outside-hours': false };
    expect(await createWatcher(index, { rules, since, clock }).look()).toEqual([]);
  });
});
