import { type Database, openDatabase } from './database.ts';
import { limitTables } from './ledger-limits.ts';
import { rootTables } from './ledger-roots.ts';
import { uploadTables } from './ledger-uploads.ts';

/**
 * What gates remember, all of it here: any number of them on one database are one gate. Times are
 * Unix milliseconds.
 */
export type GateLedger = Awaited<ReturnType<typeof openGateLedger>>;

export async function openGateLedger(place: Parameters<typeof openDatabase>[0]) {
  const db = await openDatabase(place);
  return {
    ...signInTables(db),
    ...uploadTables(db),
    ...rootTables(db),
    ...limitTables(db),
    close: () => db.destroy(),
  };
}

/** Who answers with this, or, without it, with a message that names the nonce. */
export type Challenge = { readonly patient: string; readonly answerHash: string };

function signInTables(db: Database) {
  return {
    addNonce: async (nonce: string, expiresAt: number, challenge?: Challenge): Promise<void> => {
      const { patient = null, answerHash = null } = challenge ?? {};
      await db
        .insertInto('nonces')
        .values({ nonce, patient, answer_hash: answerHash, expires_at: expiresAt })
        .execute();
    },
    /** Gives each nonce once. A challenge counts as no nonce, and the other way round. */
    useNonce: async (nonce: string, now: number): Promise<boolean> => {
      const gone = await db
        .deleteFrom('nonces')
        .where('nonce', '=', nonce)
        .where('expires_at', '>', now)
        .where('patient', 'is', null)
        .returning('nonce')
        .executeTakeFirst();
      return gone !== undefined;
    },
    useChallenge: async (nonce: string, now: number): Promise<Challenge | undefined> => {
      const gone = await db
        .deleteFrom('nonces')
        .where('nonce', '=', nonce)
        .where('expires_at', '>', now)
        .returning(['patient', 'answer_hash'])
        .executeTakeFirst();
      if (gone === undefined || gone.patient === null || gone.answer_hash === null) return undefined;
      return { patient: gone.patient, answerHash: gone.answer_hash };
    },
    addSession: async (hash: string, participant: string, expiresAt: number): Promise<void> => {
      await db
        .insertInto('sessions')
        .values({ token_hash: hash, participant, expires_at: expiresAt })
        .execute();
    },
    participantOf: async (hash: string, now: number): Promise<string | undefined> => {
      const session = await db
        .selectFrom('sessions')
        .select('participant')
        .where('token_hash', '=', hash)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return session?.participant;
    },
    endSession: async (hash: string): Promise<void> => {
      await db.deleteFrom('sessions').where('token_hash', '=', hash).execute();
    },
  };
}
