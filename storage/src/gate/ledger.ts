import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type UploadState = 'open' | 'committing' | 'done';

export type Upload = {
  readonly id: string;
  readonly participant: string;
  readonly stagedBytes: number;
  readonly state: UploadState;
  readonly expiresAt: number;
};

/**
 * What gates remember, all of it here: two of them on one folder are one gate. Times are Unix
 * milliseconds.
 */
export type GateLedger = ReturnType<typeof openGateLedger>;

const TABLES = `
  CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, participant TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, participant TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'committing', 'done')), expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS staged (
    upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    cid TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (upload, cid)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS usage (participant TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS rates (
    who TEXT NOT NULL, minute INTEGER NOT NULL, requests INTEGER NOT NULL, PRIMARY KEY (who, minute)
  ) STRICT, WITHOUT ROWID;`;

export function openGateLedger(dir: string) {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'gate.sqlite'), { timeout: 10_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(TABLES);
  return { ...signInTables(db), ...uploadTables(db), ...limitTables(db), close: () => db.close() };
}

function signInTables(db: DatabaseSync) {
  const addNonce = db.prepare('INSERT INTO nonces VALUES (?, ?)');
  const useNonce = db.prepare('DELETE FROM nonces WHERE nonce = ? AND expires_at > ?');
  const addSession = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
  const session = db.prepare('SELECT participant FROM sessions WHERE token_hash = ? AND expires_at > ?');
  const endSession = db.prepare('DELETE FROM sessions WHERE token_hash = ?');
  return {
    addNonce: (nonce: string, expiresAt: number) => void addNonce.run(nonce, expiresAt),
    /** True once. */
    useNonce: (nonce: string, now: number) => useNonce.run(nonce, now).changes > 0,
    addSession: (hash: string, participant: string, expiresAt: number) =>
      void addSession.run(hash, participant, expiresAt),
    participantOf: (hash: string, now: number) => {
      const participant = session.get(hash, now)?.participant;
      return typeof participant === 'string' ? participant : undefined;
    },
    endSession: (hash: string) => void endSession.run(hash),
  };
}

function uploadTables(db: DatabaseSync) {
  const add = db.prepare(
    `INSERT INTO uploads SELECT ?1, ?2, 'open', ?3 WHERE ?4 >
       (SELECT count(*) FROM uploads WHERE participant = ?2 AND state <> 'done')`,
  );
  const find = db.prepare(
    `SELECT id, participant, state, expires_at AS expiresAt,
       (SELECT coalesce(sum(bytes), 0) FROM staged WHERE upload = id) AS stagedBytes
     FROM uploads WHERE id = ?`,
  );
  const move = db.prepare('UPDATE uploads SET state = ? WHERE id = ? AND state = ?');
  const isStaged = db.prepare('SELECT 1 FROM staged WHERE upload = ? AND cid = ?');
  const unstage = db.prepare('DELETE FROM staged WHERE upload = ?');
  const remove = db.prepare('DELETE FROM uploads WHERE id = ?');
  const expired = db.prepare('SELECT id FROM uploads WHERE expires_at <= ?');
  return {
    /** False when the participant has as many open as it may. */
    addUpload: (id: string, participant: string, expiresAt: number, maxOpen: number) =>
      add.run(id, participant, expiresAt, maxOpen).changes > 0,
    upload: (id: string) => find.get(id) as Upload | undefined,
    /** False when it was not in that state: another request was first. */
    moveUpload: (id: string, from: UploadState, to: UploadState) => move.run(to, id, from).changes > 0,
    stage: stageIn(db),
    isStaged: (id: string, cid: string) => isStaged.get(id, cid) !== undefined,
    unstage: (id: string) => void unstage.run(id),
    removeUpload: (id: string) => void remove.run(id),
    expiredUploads: (now: number) => expired.all(now).map(({ id }) => String(id)),
  };
}

export type StageLimits = { readonly maxUploadBytes: number; readonly maxParticipantBytes: number };

/** Takes the blocks of a part, all or, when that goes over a limit, none (and is false). */
function stageIn(db: DatabaseSync) {
  const insert = db.prepare('INSERT OR IGNORE INTO staged VALUES (?, ?, ?)');
  const upload = db.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM staged WHERE upload = ?');
  const participant = db.prepare(
    `SELECT coalesce(sum(staged.bytes), 0) + coalesce((SELECT bytes FROM usage WHERE participant = ?1), 0)
       AS bytes FROM uploads JOIN staged ON upload = id WHERE uploads.participant = ?1`,
  );
  return ({ id, participant: who }: Upload, blocks: Part, limits: StageLimits): boolean => {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const [cid, bytes] of blocks) insert.run(id, cid, bytes);
      const over =
        Number(upload.get(id)?.bytes) > limits.maxUploadBytes ||
        Number(participant.get(who)?.bytes) > limits.maxParticipantBytes;
      db.exec(over ? 'ROLLBACK' : 'COMMIT');
      return !over;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** Blocks of one part with their lengths. */
export type Part = readonly (readonly [cid: string, bytes: number])[];

function limitTables(db: DatabaseSync) {
  const use = db.prepare(
    'INSERT INTO usage VALUES (?, ?) ON CONFLICT (participant) DO UPDATE SET bytes = bytes + excluded.bytes',
  );
  const count = db.prepare(
    `INSERT INTO rates VALUES (?, ?, 1) ON CONFLICT (who, minute) DO UPDATE SET requests = requests + 1
     RETURNING requests`,
  );
  const forget = ['nonces', 'sessions'].map((name) =>
    db.prepare(`DELETE FROM ${name} WHERE expires_at <= ?`),
  );
  const forgetRates = db.prepare('DELETE FROM rates WHERE minute < ?');
  return {
    addUsage: (participant: string, bytes: number) => void use.run(participant, bytes),
    /** Requests of this minute, this one included. */
    countRequest: (who: string, now: number) => Number(count.get(who, minuteOf(now))?.requests),
    forgetExpired: (now: number) => {
      for (const statement of forget) statement.run(now);
      forgetRates.run(minuteOf(now));
    },
  };
}

function minuteOf(now: number): number {
  return Math.floor(now / 60_000);
}
