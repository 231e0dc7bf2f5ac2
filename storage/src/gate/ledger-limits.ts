import { sql } from 'kysely';
import type { Database } from './database.ts';

export function limitTables(db: Database) {
  return {
    /** Requests of this minute, this one included. */
    countRequest: async (who: string, now: number): Promise<number> => {
      const { requests } = await db
        .insertInto('rates')
        .values({ who, minute: minuteOf(now), requests: 1 })
        .onConflict((conflict) =>
          conflict.columns(['who', 'minute']).doUpdateSet({ requests: sql<number>`rates.requests + 1` }),
        )
        .returning('requests')
        .executeTakeFirstOrThrow();
      return Number(requests);
    },
    forgetExpired: async (now: number): Promise<void> => {
      for (const table of ['nonces', 'sessions', 'waiting'] as const) {
        await db.deleteFrom(table).where('expires_at', '<=', now).execute();
      }
      await db.deleteFrom('rates').where('minute', '<', minuteOf(now)).execute();
    },
  };
}

function minuteOf(now: number): number {
  return Math.floor(now / 60_000);
}
