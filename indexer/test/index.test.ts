import {
  accessLogOf,
  askIndex,
  consentsOf,
  INDEX_LISTS,
  type IndexList,
  indexedProviderList,
  indexedRecordList,
  indexedSharingList,
  type ListQuery,
  providerListOf,
  providers,
  readIndex,
  recordListOf,
  recordsOf,
  requestConsent,
  requestsOf,
  retireRecord,
  revokeConsent,
  sharingListOf,
  suspendProvider,
} from '@chartkey/sdk';
import { expectDocumented } from '@chartkey/service/testing';
import { getAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningIndexer } from '../../scripts/lib/indexer.ts';
import { openApi } from '../src/openapi.ts';
import {
  all,
  caughtUp,
  type Databases,
  ENGINES,
  enrolEverybody,
  grant,
  now,
  open,
  PEOPLE,
  RECORDS,
  runIndexer,
  SECOND_RECORDS,
  startDatabases,
  startWorld,
  type World,
  YEAR,
} from './world.ts';

let world: World;
let databases: Databases;

beforeAll(async () => {
  world = await startWorld();
  databases = await startDatabases(world.folder);
  await enrolEverybody(world);
  await requestConsent(world.clientOf(PEOPLE.insurer), {
    patient: PEOPLE.patient.address,
    compartments: [1],
    purposes: ['HPAYMT'],
    expiresAt: (await now(world)) + YEAR,
  });
  await open(world, PEOPLE.clinician, RECORDS);
  await open(world, PEOPLE.clinician, SECOND_RECORDS, 'ETREAT');
  await open(world, PEOPLE.clinician, RECORDS.slice(0, 1), 'HRESCH');
  await open(world, PEOPLE.insurer, RECORDS.slice(1, 2), 'HPAYMT');
  await revokeConsent(world.clientOf(PEOPLE.secondPatient), { accessor: PEOPLE.clinician.address });
  await retireRecord(world.clientOf(PEOPLE.patient), { recordId: RECORDS[1] as (typeof RECORDS)[number] });
  await suspendProvider(world.clientOf(PEOPLE.manager), { provider: PEOPLE.insurer.address });
  await grant(world, PEOPLE.patient, PEOPLE.hospital.address, ['TREAT']);
});

afterAll(async () => {
  await databases?.close();
  await world?.close();
});

describe.each(ENGINES)('an index on %s', (engine) => {
  let index: RunningIndexer;

  beforeAll(async () => {
    index = await runIndexer(world, { database: await databases.create(engine) });
    await caughtUp(world, index);
  });
  afterAll(() => index?.service.close());

  const read = <list extends IndexList>(list: list, query: ListQuery<list>) =>
    all(readIndex(index, list, query));

  test('default: a timeline is what the chain has, to the last field', async () => {
    for (const { address: patient } of [PEOPLE.patient, PEOPLE.secondPatient]) {
      const { entries, head } = await accessLogOf(world.clientOf(), { patient });
      const indexed = await read('entries', { patient, order: 'oldest' });
      expect(indexed).toHaveLength(head.count);
      expect(indexed.map(({ organisation: _o, logIndex: _l, ...entry }) => entry)).toEqual(
        entries.map((entry) => ({ ...entry, blockNumber: Number(entry.blockNumber) })),
      );
      const [{ items }] = [await askIndex(index, 'heads', { patient })];
      expect(items).toEqual([{ patient, ...head }]);
    }
  });

  test('default: what stands now is what the contracts say', async () => {
    const client = world.clientOf();
    const { address: patient } = PEOPLE.patient;
    expect(await read('records', { patient })).toEqual(await recordsOf(client, { patient }));
    const consents = await read('consents', { patient });
    const stated = (await consentsOf(client, { patient })).map(({ accessor, consent }) => ({
      ...{ patient, accessor, state: 'standing' },
      ...consent,
    }));
    expect(consents).toEqual(stated);
    expect(await read('consents', { patient: PEOPLE.secondPatient.address })).toEqual([]);
    expect(await read('consents', { patient: PEOPLE.secondPatient.address, state: 'any' })).toMatchObject([
      { state: 'revoked' },
    ]);
    const requests = (await requestsOf(client, { patient })).map((request) => ({
      ...request,
      blockNumber: Number(request.blockNumber),
    }));
    expect(await read('requests', { patient, state: 'pending' })).toEqual(requests);
    const listed = (await providers(client)).map(({ provider, application, standing }) => ({
      ...{ provider, credentialHash: application.credentialHash },
      ...standing,
    }));
    expect(await read('providers', {})).toEqual(listed);
  });

  test('default: lists that begin here go on from the chain, and are the chain’s', async () => {
    const client = world.clientOf();
    const { address: patient } = PEOPLE.patient;
    const records = await indexedRecordList(client, { index, patient });
    expect(records).toEqual(await recordListOf(client, { patient }));
    expect(await recordListOf(client, { patient, since: records })).toEqual(records);
    const { address: accessor } = PEOPLE.insurer;
    for (const party of [{ patient }, { accessor }]) {
      const sharing = await indexedSharingList(client, { index, ...party });
      expect(sharing).toEqual(await sharingListOf(client, party));
      expect(await sharingListOf(client, { ...party, since: sharing })).toEqual(sharing);
    }
    const everybody = await indexedProviderList(client, { index });
    expect(everybody.providers).toEqual(await providers(client));
    expect(await providerListOf(client, { since: everybody })).toEqual(everybody);
  });

  test('error: an index whose block is not the chain’s is not gone on from', async () => {
    const client = world.clientOf();
    const { address: patient } = PEOPLE.patient;
    const elsewhere = {
      ...client.publicClient,
      getBlock: () => client.publicClient.getBlock({ blockNumber: 1n }),
    };
    const other = { ...client, publicClient: elsewhere as typeof client.publicClient };
    await expect(indexedRecordList(other, { index, patient })).rejects.toMatchObject({
      code: 'INDEX_WRONG_ANSWER',
    });
  });

  test('default: the auditor’s filters', async () => {
    const count = async (query: ListQuery<'entries'>) => (await read('entries', query)).length;
    expect(await count({})).toBe(6);
    expect(await count({ outcome: 'refused' })).toBe(3);
    expect(await count({ decision: 'CompartmentNotConsented' })).toBe(1);
    expect(await count({ accessor: PEOPLE.insurer.address })).toBe(1);
    expect(await count({ organisation: PEOPLE.hospital.address })).toBe(5);
    expect(await count({ organisation: PEOPLE.hospital.address, outcome: 'refused' })).toBe(2);
    expect(await count({ emergency: true })).toBe(1);
    expect(await count({ purpose: 'HPAYMT' })).toBe(1);
    const [newest] = await read('entries', { limit: 1 });
    expect(newest?.accessor).toBe(getAddress(PEOPLE.insurer.address));
    expect(await count({ from: newest?.openedAt ?? 0 })).toBe(1);
    expect(await count({ until: newest?.openedAt ?? 0 })).toBe(5);
  });

  test('behavior: pages go on where the last one ended, either way', async () => {
    for (const order of ['newest', 'oldest'] as const) {
      const whole = await read('entries', { order });
      expect(await read('entries', { order, limit: 1 })).toEqual(whole);
      expect(await read('entries', { order, limit: 4 })).toEqual(whole);
    }
    expect((await read('entries', { order: 'newest' })).toReversed()).toEqual(
      await read('entries', { order: 'oldest' }),
    );
  });

  test('behavior: history has every other event, with its time and its values', async () => {
    const { address: patient } = PEOPLE.secondPatient;
    const events = await read('history', { patient, order: 'oldest' });
    expect(events.map(({ name }) => name)).toEqual([
      'PatientRegistered',
      'RecordAdded',
      'ConsentGranted',
      'ConsentRevoked',
    ]);
    const revoked = events.at(-1);
    const block = await world
      .clientOf()
      .publicClient.getBlock({ blockNumber: BigInt(revoked?.blockNumber ?? 0) });
    expect(revoked).toMatchObject({ at: Number(block.timestamp), account: PEOPLE.clinician.address });
    expect(events[2]?.args).toMatchObject({ consent: { compartments: '3' } });
  });

  test('default: every list answers as the OpenAPI document says', async () => {
    for (const list of Object.keys(INDEX_LISTS)) {
      const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
      await expectDocumented(openApi(), 'POST', `/v1/${list}`, await fetch(`${index.url}/v1/${list}`, body));
    }
    await expectDocumented(openApi(), 'GET', '/v1/info', await fetch(`${index.url}/v1/info`));
    await expectDocumented(openApi(), 'GET', '/readyz', await fetch(`${index.url}/readyz`));
  });

  test('error: what is not a question is refused, and nothing of it is repeated', async () => {
    const post = (path: string, body: string, type = 'application/json') =>
      fetch(`${index.url}/v1/${path}`, { method: 'POST', body, headers: { 'content-type': type } });
    const refused = [
      [await post('entries', '{"patient":"secret"}'), 400, 'patient: must be an address'],
      [await post('entries', '{"patientt":"0x"}'), 400, 'patientt'],
      [await post('entries', '{"limit":100000}'), 400, 'limit'],
      [await post('entries', '{"cursor":"1; drop table entries"}'), 400, 'cursor'],
      [await post('entries', 'secret'), 400, 'body: is not JSON'],
      [await post('entries', '{}', 'text/plain'), 415, 'Content-Type'],
      [await post('entries', JSON.stringify({ cursor: '1'.repeat(10_000) })), 413, 'at most'],
      [await post('secrets', '{}'), 404, ''],
      [await fetch(`${index.url}/v1/entries`), 405, 'Only POST'],
    ] as const;
    for (const [response, status, detail] of refused) {
      expect(response.status).toBe(status);
      const problem = await response.text();
      expect(problem).not.toContain('secret');
      if (status !== 400 || !detail.includes('patientt'))
        expect(JSON.parse(problem).detail).toContain(detail);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
    expect(index.service.tail()).not.toMatch(/0x[0-9a-f]{40}/i);
  });
});
