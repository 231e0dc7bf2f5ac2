import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, PostgresDialect, type SqliteDatabase, SqliteDialect, sql } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';

export type Engine = 'sqlite' | 'postgres';

export type Database = {
  readonly engine: Engine;
  /** For whoever writes: the one connection that does. */
  readonly writer: Kysely<Tables>;
  /** For questions: sees what is committed, and nothing half written. */
  readonly reader: Kysely<Tables>;
  readonly close: () => Promise<void>;
};

/** Taken while an index writes; whoever comes second is told. */
export type WriterLock = { readonly release: () => Promise<void> };

/** Kibibytes of pages that each connection keeps. */
const CACHE_KIB = 65_536;
/** How long a question waits for a lock that a checkpoint holds, in milliseconds. */
const BUSY_MS = 10_000;
/** Statements that stay prepared. */
const MAX_STATEMENTS = 256;
const POOL_SIZE = 8;
const CONNECT_MS = 10_000;
/** No question to PostgreSQL takes longer, in milliseconds; making the tables' indexes may. */
const QUESTION_MS = 30_000;
/** "chartkey" in ASCII, as PostgreSQL's number of an advisory lock. */
const LOCK_NUMBER = '7163384699739103609';

/** A PostgreSQL URL, or the path of a SQLite file. */
export function engineOf(database: string): Engine {
  return /^postgres(ql)?:\/\//.test(database) ? 'postgres' : 'sqlite';
}

/** @throws Error with one line, without the database's URL, which may carry a password */
export async function openDatabase(database: string, access: 'write' | 'read'): Promise<Database> {
  try {
    return engineOf(database) === 'sqlite' ? openSqlite(database, access) : await openPostgres(database);
  } catch (cause) {
    throw new Error(`database: can’t be opened (${codeOf(cause)})`, { cause });
  }
}

/** @throws Error with one line if another index writes there */
export async function lockForWriting(database: string): Promise<WriterLock> {
  const taken = 'database: another index writes to it; start this one as a reader';
  return engineOf(database) === 'sqlite' ? lockSqlite(database, taken) : lockPostgres(database, taken);
}

function openSqlite(file: string, access: 'write' | 'read'): Database {
  const reading = () =>
    new Kysely<Tables>({ dialect: new SqliteDialect({ database: connect(file, 'read') }) });
  const writer =
    access === 'write'
      ? new Kysely<Tables>({ dialect: new SqliteDialect({ database: connect(file, 'write') }) })
      : undefined;
  const reader = reading();
  const close = async () => {
    await reader.destroy();
    await writer?.destroy();
  };
  return { engine: 'sqlite', writer: writer ?? reader, reader, close };
}

/** `node:sqlite` in the shape that Kysely's SQLite dialect expects. */
function connect(file: string, access: 'write' | 'read'): SqliteDatabase {
  const db = new DatabaseSync(file, { readOnly: access === 'read', timeout: BUSY_MS });
  // The chain has it all, so a power cut may cost the last commits; it can't leave half of one.
  if (access === 'write') db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA temp_store = MEMORY;`);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const oldest = statements.keys().next().value;
    if (statements.size >= MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    statements.set(sql, statement);
    return statement;
  };
  return {
    close: () => db.close(),
    prepare(sql) {
      const statement = prepared(sql);
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
}

async function openPostgres(connectionString: string): Promise<Database> {
  const connect = settings(connectionString);
  const reader = await openPool({ ...connect, max: POOL_SIZE, statement_timeout: QUESTION_MS });
  const writer = poolOf({ ...connect, max: 1 });
  const close = async () => {
    await reader.destroy();
    await writer.destroy();
  };
  return { engine: 'postgres', writer, reader, close };
}

async function openPool(config: pg.PoolConfig): Promise<Kysely<Tables>> {
  const db = poolOf(config);
  try {
    await sql`select 1`.execute(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function poolOf(config: pg.PoolConfig): Kysely<Tables> {
  const pool = new pg.Pool(config);
  // An idle connection that the server closes is opened again by the next question.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

const INT8 = 20;

function settings(connectionString: string): pg.ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'chartkey-indexer',
    types: {
      // Ours are all below 2^53.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    } as pg.CustomTypesConfig,
  };
}

/** SQLite lets one process at a time write; held for as long as the process lives, and free when it is killed. */
function lockSqlite(file: string, taken: string): WriterLock {
  const lock = new DatabaseSync(`${file}.writer`);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (cause) {
    lock.close();
    throw new Error(taken, { cause });
  }
  return { release: async () => lock.close() };
}

/** An advisory lock lives as long as its connection. */
async function lockPostgres(connectionString: string, taken: string): Promise<WriterLock> {
  const client = new pg.Client(settings(connectionString));
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw new Error(`database: can’t be opened (${codeOf(cause)})`, { cause });
  });
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
    LOCK_NUMBER,
  ]);
  if (rows[0]?.mine) return { release: () => client.end() };
  await client.end();
  throw new Error(taken);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
