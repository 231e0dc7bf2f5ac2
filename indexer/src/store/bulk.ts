import { CompiledQuery, type Insertable, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Rows of one statement: PostgreSQL takes 65,535 values and SQLite 32,766. */
const ROWS_AT_ONCE = 500;

/** Statements by table and columns: the query builder takes longer over one than a database does. */
const compiled = new Map<string, string>();

/** Inserts many rows. @param rows all with the same columns in the same order */
export async function insertMany<name extends keyof Tables>(
  db: Kysely<Tables>,
  table: name,
  rows: readonly Insertable<Tables[name]>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE);
    const sql = some.length === ROWS_AT_ONCE ? statementFor(db, table, some) : compile(db, table, some);
    await db.executeQuery(CompiledQuery.raw(sql, valuesOf(some)));
  }
}

function statementFor<name extends keyof Tables>(
  db: Kysely<Tables>,
  table: name,
  rows: readonly Insertable<Tables[name]>[],
): string {
  const key = `${db.getExecutor().adapter.constructor.name} ${table}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const sql = compile(db, table, rows);
  compiled.set(key, sql);
  return sql;
}

function compile<name extends keyof Tables>(
  db: Kysely<Tables>,
  table: name,
  rows: readonly Insertable<Tables[name]>[],
): string {
  // The builder's types don't follow a table that is a type parameter.
  const filled = rows.map((row) =>
    Object.fromEntries(Object.entries(row as object).map(([column, value]) => [column, value ?? ''])),
  );
  return db
    .insertInto(table)
    .values(filled as never)
    .compile().sql;
}

function valuesOf(rows: readonly object[]): unknown[] {
  const values: unknown[] = [];
  for (const row of rows) for (const value of Object.values(row)) values.push(value);
  return values;
}
