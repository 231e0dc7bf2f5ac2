import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, PostgresDialect, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import pg from 'pg';
import { codeOf } from '../errors.ts';

export type UploadState = 'open' | 'committing' | 'done';

/** Times are Unix milliseconds, lengths bytes. */
export type Tables = {
  nonces: { nonce: string; patient: string | null; answer_hash: string | null; expires_at: number };
  sessions: { token_hash: string; participant: string; expires_at: number };
  uploads: { id: string; participant: string; home: string; state: UploadState; expires_at: number };
  staged: { upload: string; cid: string; bytes: number };
  usage: { participant: string; bytes: number };
  /** What was committed here. `record` is known once the envelope was, and only to a body. */
  roots: { cid: string; participant: string; bytes: number; record: string | null };
  /** Key blocks that the chain does not name yet. */
  waiting: { digest: string; patient: string; block: Uint8Array; expires_at: number };
  rates: { who: string; minute: number; requests: number };
};

export type Database = Kysely<Tables>;

const STATEMENTS = (bytes: string) => [
  `CREATE TABLE IF NOT EXISTS nonces (
     nonce TEXT PRIMARY KEY, patient TEXT, answer_hash TEXT, expires_at BIGINT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS sessions (
     token_hash TEXT PRIMARY KEY, participant TEXT NOT NULL, expires_at BIGINT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS uploads (
     id TEXT PRIMARY KEY, participant TEXT NOT NULL, home TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('open', 'committing', 'done')), expires_at BIGINT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS uploads_of ON uploads (participant)',
  `CREATE TABLE IF NOT EXISTS staged (
     upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
     cid TEXT NOT NULL, bytes BIGINT NOT NULL, PRIMARY KEY (upload, cid))`,
  'CREATE TABLE IF NOT EXISTS usage (participant TEXT PRIMARY KEY, bytes BIGINT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS roots (
     cid TEXT PRIMARY KEY, participant TEXT NOT NULL, bytes BIGINT NOT NULL, record TEXT)`,
  `CREATE TABLE IF NOT EXISTS waiting (
     digest TEXT NOT NULL, patient TEXT NOT NULL, block ${bytes} NOT NULL, expires_at BIGINT NOT NULL,
     PRIMARY KEY (digest, patient))`,
  `CREATE TABLE IF NOT EXISTS rates (
     who TEXT NOT NULL, minute BIGINT NOT NULL, requests INTEGER NOT NULL, PRIMARY KEY (who, minute))`,
];

/**
 * The ledger's database: SQLite in a folder of this machine, or PostgreSQL, which gates on several
 * machines share.
 *
 * @throws Error with one line when it can't be opened
 */
export async function openDatabase({
  dir,
  databaseUrl,
}: {
  readonly dir: string;
  readonly databaseUrl?: string | undefined;
}): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: databaseUrl === undefined ? sqlite(dir) : postgres(databaseUrl) });
  try {
    await db.transaction().execute(async (trx) => {
      // Two gates that start together must not make one table at once.
      if (databaseUrl !== undefined) await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(trx);
      for (const statement of STATEMENTS(databaseUrl === undefined ? 'BLOB' : 'BYTEA')) {
        await sql.raw(statement).execute(trx);
      }
    });
    return db;
  } catch (cause) {
    await db.destroy();
    // Without the URL, which may carry a password.
    throw new Error(`the ledger can not be opened (${codeOf(cause) || 'unknown'})`, { cause });
  }
}

/** Any number, the same in every gate. */
const LOCK = 4_361;
const CONNECTIONS = 8;
const TIMEOUT_MS = 10_000;

function sqlite(dir: string): SqliteDialect {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'gate.sqlite'), { timeout: TIMEOUT_MS });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return new SqliteDialect({ database: asKyselyWants(db) });
}

/** The few calls of better-sqlite3 that the dialect makes, by Node's own SQLite. */
function asKyselyWants(db: DatabaseSync): SqliteDatabase {
  return {
    close: () => db.close(),
    prepare: (text) => {
      const statement = db.prepare(text);
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
}

function postgres(connectionString: string): PostgresDialect {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS,
    connectionTimeoutMillis: TIMEOUT_MS,
    types: { getTypeParser: (oid, format) => parserOf(oid) ?? pg.types.getTypeParser(oid, format) },
  });
  // An idle connection that breaks is replaced at the next question; unheard, it would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}

/** Times and lengths are far below 2^53; `pg` would give them as text. */
function parserOf(oid: number): ((text: string) => number) | undefined {
  return oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC ? Number : undefined;
}
