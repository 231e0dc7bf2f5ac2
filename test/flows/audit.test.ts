import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditIndex, type LogEntry, provenEntries } from '@chartkey/sdk';
import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { caughtUp, PEOPLE, runIndexer, type World } from '../../indexer/test/world.ts';
import { type AuditWorld, patient, patients, startAuditWorld, tamper } from './support/audit-world.ts';

let world: World;
let entries: readonly LogEntry[];
let trusted: AuditWorld['trusted'];

beforeAll(async () => {
  ({ world, entries, trusted } = await startAuditWorld());
});
afterAll(() => world?.close());

describe('auditIndex', () => {
  const lies: readonly (readonly [name: string, sql: string, findings: object[]])[] = [
    [
      'hides one in the middle',
      `delete from entries where patient = $p and sequence = 4`,
      [{ kind: 'hidden', sequence: 4 }],
    ],
    [
      'hides the newest',
      `delete from entries where patient = $p and sequence = 10`,
      [{ kind: 'hidden', sequence: 10 }],
    ],
    [
      'hides one and renumbers the others',
      `delete from entries where patient = $p and sequence = 4;
       update entries set sequence = sequence - 1 where patient = $p and sequence > 4`,
      [{ kind: 'hidden', sequence: 4 }],
    ],
    [
      'invents one at the end',
      `insert into entries select position + 1, patient, accessor, organisation, record_id, 11, purpose, decision, refused,
       ground, emergency, opened_at, '0x${'ab'.repeat(32)}', '0x${'cd'.repeat(32)}', head from entries where patient = $p and sequence = 10`,
      [{ kind: 'invented', sequence: 11 }],
    ],
    [
      'edits who it was',
      `update entries set accessor = '0x${'12'.repeat(20)}' where patient = $p and sequence = 2`,
      [{ kind: 'edited', sequence: 2, fields: ['accessor'] }],
    ],
    [
      'edits why',
      `update entries set purpose = 0 where patient = $p and sequence = 10`,
      [{ kind: 'edited', sequence: 10, fields: ['purpose'] }],
    ],
    [
      'turns a refusal into a permit',
      `update entries set decision = 1 where patient = $p and decision <> 1 and sequence = 3`,
      [{ kind: 'edited', sequence: 3, fields: ['decision'] }],
    ],
    [
      'marks an opening that was an ordinary one',
      `update entries set ground = 1 where patient = $p and sequence = 5`,
      [{ kind: 'edited', sequence: 5, fields: ['ground'] }],
    ],
    [
      'edits when',
      `update entries set opened_at = opened_at - 86400 where patient = $p and sequence = 5`,
      [{ kind: 'edited', sequence: 5, fields: ['openedAt'] }],
    ],
    [
      'points to another transaction, which no head shows',
      `update entries set transaction_hash = '0x${'cd'.repeat(32)}' where patient = $p and sequence = 5`,
      [{ kind: 'edited', sequence: 5, fields: ['transactionHash'] }],
    ],
    [
      'reorders two',
      `update entries set sequence = 1000 where patient = $p and sequence = 6;
       update entries set sequence = 6 where patient = $p and sequence = 7;
       update entries set sequence = 7 where patient = $p and sequence = 1000`,
      [{ kind: 'reordered' }],
    ],
    [
      'gives one to another patient',
      `update entries set patient = '${PEOPLE.secondPatient.address.toLowerCase()}' where patient = $p and sequence = 8`,
      [{ kind: 'hidden', sequence: 8 }],
    ],
    [
      'delays the newest, and says that it is behind',
      `delete from entries where patient = $p and sequence = 10;
       insert or replace into blocks select max(number) - 1, hash from blocks;
       delete from blocks where number = (select max(number) from blocks)`,
      [{ kind: 'delayed', sequence: 10 }],
    ],
  ];

  const honestDatabase = () => join(world.folder, 'honest.sqlite');

  beforeAll(async () => {
    const honest = await runIndexer(world, { database: honestDatabase() });
    await caughtUp(world, honest);
    await honest.service.close();
  });

  test.each(lies)('behavior: an index that %s is found out', async (name, sql, findings) => {
    const database = join(world.folder, `${name}.sqlite`);
    await copyFile(honestDatabase(), database);
    tamper(database, sql);
    const liar = await runIndexer(world, { database, role: 'reader' });
    onTestFinished(() => liar.service.close());
    const audit = await auditIndex(world.clientOf(), {
      index: liar,
      patient,
      ...trusted,
    });
    expect(audit).toMatchObject({ ok: false, node: { ok: true } });
    expect(audit.findings).toMatchObject(findings);
  });

  test('default: an honest one has nothing against it', async () => {
    const index = await runIndexer(world, { database: honestDatabase() });
    onTestFinished(() => index.service.close());
    await caughtUp(world, index);
    for (const whose of patients) {
      const audit = await auditIndex(world.clientOf(), {
        index,
        patient: whose,
        ...trusted,
      });
      expect(audit).toMatchObject({ ok: true, findings: [] });
    }
  });
});

describe('provenEntries', () => {
  const read = (url: string | undefined, blockHash: Hex = trusted.blockHash) => {
    return provenEntries(world.clientOf(), {
      patient,
      index: url === undefined ? undefined : { url, timeoutMs: 5_000 },
      block: { hash: blockHash, number: trusted.blockNumber },
    });
  };
  const numbered = (list: readonly LogEntry[]) => list.map(({ sequence, keyHash }) => [sequence, keyHash]);

  test('default: from the index where that adds up, else from the chain, with what the index got wrong', async () => {
    const database = join(world.folder, 'proven.sqlite');
    const honest = await runIndexer(world, { database });
    await caughtUp(world, honest);
    const fromIndex = await read(honest.url);
    await honest.service.close();
    expect(fromIndex).toMatchObject({ source: 'index', verdict: { ok: true }, findings: [] });

    tamper(database, 'delete from entries where patient = $p and sequence = 4');
    const liar = await runIndexer(world, { database, role: 'reader' });
    onTestFinished(() => liar.service.close());
    const fromLiar = await read(liar.url);
    expect(fromLiar).toMatchObject({ source: 'chain', verdict: { ok: true } });
    expect(fromLiar.findings).toMatchObject([{ kind: 'hidden', sequence: 4 }]);

    for (const url of [undefined, 'http://127.0.0.1:9']) {
      const fromChain = await read(url);
      expect(fromChain).toMatchObject({ source: 'chain', verdict: { ok: true }, findings: [] });
      expect(numbered(fromChain.entries)).toEqual(numbered(fromIndex.entries));
    }
    expect(numbered(fromLiar.entries)).toEqual(numbered(entries));
  });

  test('error: in a block of another hash nothing is proven', async () => {
    await expect(read(undefined, `0x${'12'.repeat(32)}`)).rejects.toMatchObject({ code: 'PROOF_BROKEN' });
  });
});
