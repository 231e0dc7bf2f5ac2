import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { accessLogOf, indexInfo, readIndex, revokeConsent } from '@chartkey/sdk';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { IndexerStart, RunningIndexer } from '../../scripts/lib/indexer.ts';
import {
  all,
  caughtUp,
  type Databases,
  ENGINES,
  enrolEverybody,
  grant,
  open,
  PEOPLE,
  RECORDS,
  runIndexer,
  SECOND_RECORDS,
  startDatabases,
  startWorld,
  until,
  type World,
} from './world.ts';

/** What is refused is a strike, and eight of them suspend. */
const PERMITTED = RECORDS.slice(0, 2);

let world: World;
let databases: Databases;

beforeAll(async () => {
  world = await startWorld();
  databases = await startDatabases(world.folder);
  await enrolEverybody(world);
  await open(world, PEOPLE.clinician, PERMITTED);
});

afterAll(async () => {
  await databases?.close();
  await world?.close();
});

/** One that is stopped when its test ends. */
async function run(options: Pick<IndexerStart, 'database'> & Partial<IndexerStart>, rpcUrl = world.rpcUrl) {
  const index = await runIndexer({ ...world, rpcUrl }, options);
  onTestFinished(() => index.service.close());
  return index;
}

/** Every list of an index, whole. */
async function everything(index: RunningIndexer) {
  const lists = [
    'entries',
    'history',
    'heads',
    'records',
    'consents',
    'requests',
    'providers',
    'patients',
  ] as const;
  return Promise.all(lists.map((list) => all(readIndex(index, list, {}))));
}

/** What one that began from nothing says now. */
async function expectLikeNew(index: RunningIndexer, engine: (typeof ENGINES)[number]): Promise<void> {
  await caughtUp(world, index);
  const fresh = await run({ database: await databases.create(engine) });
  await caughtUp(world, fresh);
  expect(await everything(index)).toEqual(await everything(fresh));
  for (const { address: patient } of [PEOPLE.patient, PEOPLE.secondPatient]) {
    const { head } = await accessLogOf(world.clientOf(), { patient });
    const entries = await all(readIndex(index, 'entries', { patient }));
    expect(entries).toHaveLength(head.count);
  }
}

describe.each(ENGINES)('faults of an index on %s', (engine) => {
  test('behavior: a reorganisation takes back what no longer stands, and nothing else', async () => {
    const index = await run({ database: await databases.create(engine) });
    const before = await world.snapshot();
    await open(world, PEOPLE.clinician, SECOND_RECORDS, 'ETREAT');
    await open(world, PEOPLE.clinician, RECORDS.slice(0, 2));
    await revokeConsent(world.clientOf(PEOPLE.patient), { accessor: PEOPLE.clinician.address });
    await caughtUp(world, index);
    await world.revertTo(before);
    const newcomer = engine === 'sqlite' ? PEOPLE.insurer : PEOPLE.hospital;
    await grant(world, PEOPLE.patient, newcomer.address, ['HPAYMT']);
    await open(world, newcomer, RECORDS.slice(0, 1), 'HPAYMT');
    await world.mine(5);
    await expectLikeNew(index, engine);
    const metrics = await (await fetch(`${index.url}/metrics`)).text();
    expect(metrics).toMatch(/^chartkey_indexer_reorganisations_total [1-9]/m);
  });

  test('behavior: twenty-five reorganisations of any depth, one after the other', async () => {
    const index = await run({ database: await databases.create(engine) });
    for (let round = 0; round < 25; round++) {
      const snapshot = await world.snapshot();
      const depth = (round * 7) % 50;
      if (round % 3 === 0) await open(world, PEOPLE.clinician, SECOND_RECORDS);
      if (depth > 0) await world.mine(depth);
      if (round % 2 === 0) await caughtUp(world, index);
      await world.revertTo(snapshot);
      await open(world, PEOPLE.clinician, RECORDS.slice(0, 1 + (round % 2)));
      await world.mine(1 + (round % 4) * 10);
    }
    await expectLikeNew(index, engine);
  });

  test('behavior: a chain that is shorter now, and stays so', async () => {
    const index = await run({ database: await databases.create(engine) });
    const snapshot = await world.snapshot();
    await open(world, PEOPLE.clinician, SECOND_RECORDS);
    await world.mine(3);
    await caughtUp(world, index);
    await world.revertTo(snapshot);
    await expectLikeNew(index, engine);
  });

  test('behavior: killed again and again while it reads, it ends with all of it once', async () => {
    const index = await run({
      database: await databases.create(engine),
      env: { CHARTKEY_INDEXER_POLL_MS: '10' },
    });
    for (let round = 0; round < 6; round++) {
      const opened = open(world, PEOPLE.clinician, PERMITTED);
      await new Promise((resolve) => setTimeout(resolve, 20 * round));
      await index.service.kill();
      await opened;
      await index.restart();
    }
    await expectLikeNew(index, engine);
  }, 180_000);

  test('behavior: several readers answer from what one writer writes, and go on without it', async () => {
    const database = await databases.create(engine);
    const writer = await run({ database });
    await caughtUp(world, writer);
    const readers = [await run({ database, role: 'reader' }), await run({ database, role: 'reader' })];
    await open(world, PEOPLE.clinician, PERMITTED);
    for (const reader of readers) {
      await caughtUp(world, reader);
      expect(await everything(reader)).toEqual(await everything(writer));
    }
    await writer.service.kill();
    expect(await everything(readers[0] as RunningIndexer)).toEqual(
      await everything(readers[1] as RunningIndexer),
    );
  });

  test('error: a second writer is turned away, and comes in when the first one is gone', async () => {
    const database = await databases.create(engine);
    const writer = await run({ database });
    await expect(run({ database })).rejects.toThrow('another index writes to it');
    await writer.service.kill();
    await caughtUp(world, await run({ database }));
  });

  test('error: a node that leaves out entries is found out, and nothing of it is shown as following', async () => {
    for (const drop of ['one in the middle', 'the newest'] as const) {
      const liar = await startLiar(world.rpcUrl);
      onTestFinished(() => void liar.server.close());
      const index = await run({ database: await databases.create(engine) }, liar.url);
      await caughtUp(world, index);
      liar.drop(drop);
      await open(world, PEOPLE.clinician, PERMITTED);
      if (drop === 'one in the middle') await open(world, PEOPLE.clinician, PERMITTED);
      await until(async () => (await indexInfo(index)).state === 'halted');
      const ready = await fetch(`${index.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ type: 'urn:chartkey:problem:LOG_BROKEN' });
      liar.drop('nothing');
      await expectLikeNew(index, engine);
    }
  });
});

type Drop = 'nothing' | 'one in the middle' | 'the newest';

/** A real node behind a proxy that leaves out entries of the answers to `eth_getLogs`. */
async function startLiar(rpcUrl: string) {
  let drop: Drop = 'nothing';
  const server: Server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const json = (await answer.json()) as { result?: unknown };
    if (drop !== 'nothing' && body.includes('eth_getLogs') && Array.isArray(json.result)) {
      json.result = json.result.filter((_, i, list) => i !== (drop === 'the newest' ? list.length - 1 : 0));
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop: (what: Drop) => {
      drop = what;
    },
  };
}
