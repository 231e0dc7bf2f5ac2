import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A block that everything was read up to. Without a hash it is the one before the contracts' first. */
export type Checkpoint = { readonly number: number; readonly hash: string };

/** Reorganisations up to this depth are rolled back to the block; deeper ones to an older checkpoint. */
const KEPT_BLOCKS = 512;

/** Where reading goes on; made on the first start. */
export async function newestCheckpoint(db: Kysely<Tables>): Promise<Checkpoint | undefined> {
  return db.selectFrom('blocks').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();
}

export async function checkpointBefore(db: Kysely<Tables>, number: number): Promise<Checkpoint | undefined> {
  return db
    .selectFrom('blocks')
    .selectAll()
    .where('number', '<', number)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** What a new read model begins with. */
export async function beginAt(db: Kysely<Tables>, number: number): Promise<void> {
  await db
    .insertInto('blocks')
    .values({ number, hash: '' })
    .onConflict((conflict) => conflict.column('number').doNothing())
    .execute();
}

/** Drops checkpoints that no reorganisation reaches; the oldest of all and one below the depth stay. */
export async function forgetOldBlocks(db: Kysely<Tables>, newest: number): Promise<void> {
  const deepest = await checkpointBefore(db, newest - KEPT_BLOCKS);
  if (!deepest || deepest.hash === '') return;
  await db.deleteFrom('blocks').where('number', '<', deepest.number).where('hash', '<>', '').execute();
}
