import type { Kysely } from 'kysely';
import { decodeEvent } from '../chain/events.ts';
import { applyEvent } from './apply.ts';
import { insertMany } from './bulk.ts';
import { endOf, type Tables } from './tables.ts';

const AT_ONCE = 500;

/**
 * Takes back everything after a block, all of it or nothing. What was added after it goes; what stands
 * now is made again from history, for those alone whom it touched.
 */
export async function rollBackTo(db: Kysely<Tables>, blockNumber: number): Promise<void> {
  const from = endOf(blockNumber);
  await db.transaction().execute(async (trx) => {
    const subjects = await trx
      .selectFrom('history')
      .select('subject')
      .distinct()
      .where('position', '>=', from)
      .execute();
    const patients = await trx
      .selectFrom('entries')
      .select('patient')
      .distinct()
      .where('position', '>=', from)
      .execute();
    await trx.deleteFrom('history').where('position', '>=', from).execute();
    await trx.deleteFrom('entries').where('position', '>=', from).execute();
    await trx.deleteFrom('blocks').where('number', '>', blockNumber).execute();
    for (const { subject } of subjects) await remake(trx, subject);
    await remakeHeads(
      trx,
      patients.map(({ patient }) => patient),
    );
  });
}

async function remake(db: Kysely<Tables>, subject: string): Promise<void> {
  await db.deleteFrom('patients').where('patient', '=', subject).execute();
  await db.deleteFrom('consents').where('patient', '=', subject).execute();
  await db.deleteFrom('requests').where('patient', '=', subject).execute();
  await db.deleteFrom('records').where('patient', '=', subject).execute();
  await db.deleteFrom('providers').where('provider', '=', subject).execute();
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom('history')
      .select(['position', 'topics', 'data'])
      .where('subject', '=', subject)
      .where('position', '>', after)
      .orderBy('position')
      .limit(AT_ONCE)
      .execute();
    for (const { position, topics, data } of rows) {
      const event = decodeEvent({ topics: JSON.parse(topics), data: data as `0x${string}` });
      if (event) await applyEvent(db, event, position);
      after = position;
    }
    if (rows.length < AT_ONCE) return;
  }
}

async function remakeHeads(db: Kysely<Tables>, patients: readonly string[]): Promise<void> {
  for (let at = 0; at < patients.length; at += AT_ONCE) {
    const some = patients.slice(at, at + AT_ONCE);
    await db.deleteFrom('heads').where('patient', 'in', some).execute();
    const heads = await Promise.all(some.map((patient) => lastHead(db, patient)));
    await insertMany(
      db,
      'heads',
      heads.filter((head) => head !== undefined),
    );
  }
}

async function lastHead(db: Kysely<Tables>, patient: string) {
  const end = (direction: 'asc' | 'desc') =>
    db
      .selectFrom('entries')
      .select(['sequence', 'head', 'position'])
      .where('patient', '=', patient)
      .orderBy('position', direction)
      .limit(1)
      .executeTakeFirst();
  const [first, last] = [await end('asc'), await end('desc')];
  return first && last && { patient, count: last.sequence, head: last.head, position: first.position };
}
