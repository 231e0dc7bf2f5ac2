import type { Database } from './database.ts';
import { addUsage } from './ledger-uploads.ts';

export type WaitingKey = { readonly digest: string; readonly patient: string; readonly block: Uint8Array };

/** What was brought here and for which record, so that a record's end takes its own blocks and no others. */
export function rootTables(db: Database) {
  return {
    /**
     * Says that a body belongs to a record: the first one whose envelope came from whoever brought
     * the body. Later claims change nothing.
     */
    claimBody: async (body: string, record: string, participant: string): Promise<void> => {
      await db
        .updateTable('roots')
        .set({ record })
        .where('cid', '=', body)
        .where('participant', '=', participant)
        .where('record', 'is', null)
        .execute();
    },
    recordOfBody: async (body: string): Promise<string | undefined> => {
      const row = await db.selectFrom('roots').select('record').where('cid', '=', body).executeTakeFirst();
      return row?.record ?? undefined;
    },
    /** Forgets a root, and gives its bytes back to who brought it. */
    releaseRoot: (cid: string): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const gone = await trx
          .deleteFrom('roots')
          .where('cid', '=', cid)
          .returning(['participant', 'bytes'])
          .executeTakeFirst();
        if (gone !== undefined) await addUsage(trx, gone.participant, -Number(gone.bytes));
      }),
    /** False when as many wait as may. */
    addWaiting: async (key: WaitingKey, expiresAt: number, most: number): Promise<boolean> => {
      const { waiting } = await db
        .selectFrom('waiting')
        .select((eb) => eb.fn.countAll().as('waiting'))
        .executeTakeFirstOrThrow();
      if (Number(waiting) >= most) return false;
      await db
        .insertInto('waiting')
        .values({ ...key, expires_at: expiresAt })
        .onConflict((conflict) =>
          conflict.columns(['digest', 'patient']).doUpdateSet({ expires_at: expiresAt }),
        )
        .execute();
      return true;
    },
    /** The newest of them. */
    waiting: (most: number): Promise<WaitingKey[]> =>
      db
        .selectFrom('waiting')
        .select(['digest', 'patient', 'block'])
        .orderBy('expires_at', 'desc')
        .limit(most)
        .execute(),
    removeWaiting: async (digest: string): Promise<void> => {
      await db.deleteFrom('waiting').where('digest', '=', digest).execute();
    },
  };
}
