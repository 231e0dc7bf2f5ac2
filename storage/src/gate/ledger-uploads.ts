import { sql, type Transaction } from 'kysely';
import type { Database, Tables, UploadState } from './database.ts';

export type Upload = {
  readonly id: string;
  readonly participant: string;
  /** The gate on whose disk its parts lie, as other gates reach it; empty for the only one. */
  readonly home: string;
  readonly stagedBytes: number;
  readonly state: UploadState;
  readonly expiresAt: number;
};

export type StageLimits = { readonly maxUploadBytes: number; readonly maxParticipantBytes: number };

/** Blocks of one part with their lengths. */
export type Part = readonly (readonly [cid: string, bytes: number])[];

export type Committed = { readonly upload: Upload; readonly roots: readonly string[] };

export function uploadTables(db: Database) {
  return {
    /** False when the participant has as many open as it may. */
    addUpload: (upload: Omit<Upload, 'stagedBytes' | 'state'>, maxOpen: number): Promise<boolean> =>
      db.transaction().execute(async (trx) => {
        const { id, participant, home, expiresAt } = upload;
        await lockParticipant(trx, participant);
        const { open } = await trx
          .selectFrom('uploads')
          .select((eb) => eb.fn.countAll().as('open'))
          .where('participant', '=', participant)
          .where('state', '<>', 'done')
          .executeTakeFirstOrThrow();
        if (Number(open) >= maxOpen) return false;
        const row = { id, participant, home, state: 'open' as const, expires_at: expiresAt };
        await trx.insertInto('uploads').values(row).execute();
        return true;
      }),
    upload: (id: string): Promise<Upload | undefined> => findUpload(db, id),
    /** False when it was not in that state: another request was first. */
    moveUpload: async (id: string, from: UploadState, to: UploadState): Promise<boolean> => {
      const moved = await db
        .updateTable('uploads')
        .set({ state: to })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst();
      return moved.numUpdatedRows > 0n;
    },
    stage: (upload: Upload, part: Part, limits: StageLimits) => stage(db, upload, part, limits),
    /** Those of these blocks that are staged. */
    stagedOf: async (id: string, cids: readonly string[]): Promise<ReadonlySet<string>> => {
      const found = new Set<string>();
      for (let at = 0; at < cids.length; at += ROWS_AT_ONCE) {
        const rows = await db
          .selectFrom('staged')
          .select('cid')
          .where('upload', '=', id)
          .where('cid', 'in', cids.slice(at, at + ROWS_AT_ONCE))
          .execute();
        for (const { cid } of rows) found.add(cid);
      }
      return found;
    },
    /** Once for each upload: counts its bytes, and remembers who brought its roots. */
    finishUpload: (committed: Committed): Promise<void> =>
      db.transaction().execute((trx) => finish(trx, committed)),
    removeUpload: async (id: string): Promise<void> => {
      await db.deleteFrom('uploads').where('id', '=', id).execute();
    },
    removeExpiredUploads: async (now: number): Promise<void> => {
      await db.deleteFrom('uploads').where('expires_at', '<=', now).execute();
    },
  };
}

/** Both databases bind at most so many values at once. */
const ROWS_AT_ONCE = 500;

async function findUpload(db: Database, id: string): Promise<Upload | undefined> {
  const found = await db
    .selectFrom('uploads')
    .select(['id', 'participant', 'home', 'state', 'expires_at as expiresAt'])
    .select((eb) =>
      eb
        .selectFrom('staged')
        .select(sql<number>`coalesce(sum(bytes), 0)`.as('bytes'))
        .whereRef('staged.upload', '=', 'uploads.id')
        .as('stagedBytes'),
    )
    .where('id', '=', id)
    .executeTakeFirst();
  return found && { ...found, stagedBytes: Number(found.stagedBytes) };
}

class OverLimit extends Error {}

/** Takes the blocks of a part, all or, when that goes over a limit, none (and is false). */
async function stage(
  db: Database,
  { id, participant }: Upload,
  part: Part,
  limits: StageLimits,
): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      const used = await lockParticipant(trx, participant);
      const rows = part.map(([cid, bytes]) => ({ upload: id, cid, bytes }));
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE / 2) {
        await trx
          .insertInto('staged')
          .values(rows.slice(at, at + ROWS_AT_ONCE / 2))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      const sums = await trx
        .selectFrom('staged')
        .innerJoin('uploads', 'uploads.id', 'staged.upload')
        .where('uploads.participant', '=', participant)
        .select([
          sql<number>`coalesce(sum(staged.bytes), 0)`.as('all'),
          sql<number>`coalesce(sum(CASE WHEN staged.upload = ${id} THEN staged.bytes END), 0)`.as('own'),
        ])
        .executeTakeFirstOrThrow();
      if (Number(sums.own) > limits.maxUploadBytes) throw new OverLimit();
      if (used + Number(sums.all) > limits.maxParticipantBytes) throw new OverLimit();
    });
    return true;
  } catch (error) {
    if (error instanceof OverLimit) return false;
    throw error;
  }
}

/**
 * Makes a participant's counts wait for each other: the first statement writes the row that all of
 * them need. Says how much it has stored.
 */
async function lockParticipant(trx: Transaction<Tables>, participant: string): Promise<number> {
  const { bytes } = await trx
    .insertInto('usage')
    .values({ participant, bytes: 0 })
    .onConflict((conflict) => conflict.column('participant').doUpdateSet({ participant }))
    .returning('bytes')
    .executeTakeFirstOrThrow();
  return Number(bytes);
}

async function finish(trx: Transaction<Tables>, { upload, roots }: Committed): Promise<void> {
  const { id, participant, stagedBytes } = upload;
  await lockParticipant(trx, participant);
  const moved = await trx
    .updateTable('uploads')
    .set({ state: 'done' })
    .where('id', '=', id)
    .where('state', '=', 'committing')
    .executeTakeFirst();
  if (moved.numUpdatedRows === 0n) return;
  await trx.deleteFrom('staged').where('upload', '=', id).execute();
  for (const [index, cid] of roots.entries()) {
    // The first root stands for all of the upload's bytes; what is here already is nobody's anew.
    const bytes = index === 0 ? stagedBytes : 0;
    const added = await trx
      .insertInto('roots')
      .values({ cid, participant, bytes, record: null })
      .onConflict((conflict) => conflict.doNothing())
      .returning('cid')
      .executeTakeFirst();
    if (added !== undefined && bytes > 0) await addUsage(trx, participant, bytes);
  }
}

/** `bytes` may be negative. */
export async function addUsage(trx: Transaction<Tables>, participant: string, bytes: number): Promise<void> {
  await trx
    .updateTable('usage')
    .set({ bytes: sql<number>`bytes + ${bytes}` })
    .where('participant', '=', participant)
    .execute();
}
