import { type ColumnDataType, type Kysely, sql } from 'kysely';
import type { Engine } from './open.ts';
import type { Tables } from './tables.ts';

/** Another number makes the read model anew from the chain. */
const SCHEMA_VERSION = '3';

type Columns = Readonly<Record<string, ColumnDataType | 'key'>>;

const TABLES: Readonly<Record<keyof Tables, { columns: Columns; key: readonly string[] }>> = {
  entries: {
    columns: {
      position: 'key',
      patient: 'text',
      accessor: 'text',
      organisation: 'text',
      record_id: 'text',
      sequence: 'bigint',
      purpose: 'integer',
      decision: 'integer',
      refused: 'integer',
      ground: 'integer',
      emergency: 'integer',
      opened_at: 'bigint',
      key_hash: 'text',
      transaction_hash: 'text',
      head: 'text',
    },
    key: ['position'],
  },
  history: {
    columns: {
      position: 'key',
      name: 'text',
      subject: 'text',
      patient: 'text',
      account: 'text',
      record_id: 'text',
      at: 'bigint',
      transaction_hash: 'text',
      topics: 'text',
      data: 'text',
    },
    key: ['position'],
  },
  heads: {
    columns: { patient: 'text', count: 'bigint', head: 'text', position: 'bigint' },
    key: ['patient'],
  },
  patients: {
    columns: { patient: 'text', area: 'bigint', pid: 'text', public_key_hash: 'text', position: 'bigint' },
    key: ['patient'],
  },
  providers: {
    columns: {
      provider: 'text',
      area: 'bigint',
      role: 'integer',
      organisation: 'text',
      credential_hash: 'text',
      status: 'integer',
      expires_at: 'bigint',
      vouched: 'integer',
      position: 'bigint',
    },
    key: ['provider'],
  },
  consents: {
    columns: {
      patient: 'text',
      accessor: 'text',
      state: 'text',
      compartments: 'text',
      purposes: 'integer',
      starts_at: 'bigint',
      expires_at: 'bigint',
      may_write: 'integer',
      position: 'bigint',
    },
    key: ['patient', 'accessor'],
  },
  requests: {
    columns: {
      patient: 'text',
      accessor: 'text',
      state: 'text',
      compartments: 'text',
      purposes: 'integer',
      expires_at: 'bigint',
      message_digest: 'text',
      position: 'bigint',
    },
    key: ['patient', 'accessor'],
  },
  records: {
    columns: {
      record_id: 'text',
      patient: 'text',
      author: 'text',
      compartment: 'integer',
      status: 'integer',
      superseded: 'integer',
      envelope_digest: 'text',
      position: 'bigint',
    },
    key: ['record_id'],
  },
  blocks: { columns: { number: 'key', hash: 'text' }, key: ['number'] },
  meta: { columns: { name: 'text', value: 'text' }, key: ['name'] },
};

/** What may be absent; everything else is there. */
const NULLABLE = new Set(['entries.organisation', 'history.patient', 'history.account', 'history.record_id']);

/** Each list is read along one of these, so that none looks at every row. */
const INDEXES: Partial<Readonly<Record<keyof Tables, readonly (readonly string[])[]>>> = {
  entries: [
    ['patient', 'position'],
    // What an auditor narrows by besides stands behind the position: rows that are not wanted are never read.
    ['accessor', 'position', 'organisation', 'purpose', 'decision', 'refused', 'emergency'],
    ['organisation', 'position', 'purpose', 'decision', 'refused', 'emergency'],
    ['purpose', 'position', 'decision', 'refused', 'emergency'],
    ['decision', 'position', 'emergency'],
    ['refused', 'position', 'emergency'],
    ['emergency', 'position'],
    ['opened_at', 'position'],
  ],
  history: [
    ['subject', 'position'],
    ['account', 'position'],
    ['name', 'position'],
    ['at', 'position'],
  ],
  heads: [['position']],
  patients: [['area', 'position'], ['position']],
  providers: [['area', 'position'], ['organisation', 'position'], ['status', 'position'], ['position']],
  consents: [['patient', 'position'], ['accessor', 'position'], ['state', 'position'], ['position']],
  requests: [['patient', 'position'], ['accessor', 'position'], ['state', 'position'], ['position']],
  records: [['patient', 'position'], ['author', 'position'], ['status', 'position'], ['position']],
};

/**
 * Makes what is not there yet; a read model of another version is dropped, since the chain has it all.
 *
 * @throws Error with one line if the database holds the read model of other contracts
 */
export async function prepareSchema(db: Kysely<Tables>, engine: Engine, contracts: string): Promise<void> {
  if ((await storedMeta(db, 'version')) !== SCHEMA_VERSION) await dropAll(db);
  const stored = await storedMeta(db, 'contracts');
  if (stored !== undefined && stored !== contracts) {
    throw new Error('database: holds the index of other contracts; give each its own');
  }
  for (const [name, { columns, key }] of Object.entries(TABLES)) {
    let table = db.schema.createTable(name).ifNotExists();
    for (const [column, type] of Object.entries(columns)) {
      // SQLite keeps a table in the order of an INTEGER PRIMARY KEY, and only of one that is called so.
      const actual =
        type === 'key' ? (engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)) : type;
      table = table.addColumn(column, actual, (c) => (NULLABLE.has(`${name}.${column}`) ? c : c.notNull()));
    }
    await table.addPrimaryKeyConstraint(`${name}_key`, key as never).execute();
  }
  await setMeta(db, 'version', SCHEMA_VERSION);
  await setMeta(db, 'contracts', contracts);
}

/** After the first backfill: an index over what is there takes a fraction of the time of one kept row by row. */
export async function createIndexes(db: Kysely<Tables>): Promise<void> {
  if (await isIndexed(db)) return;
  for (const [table, lists] of Object.entries(INDEXES)) {
    for (const columns of lists) {
      const name = `${table}_by_${columns[0]}`;
      await db.schema
        .createIndex(name)
        .ifNotExists()
        .on(table)
        .columns([...columns])
        .execute();
    }
  }
  // Planners choose by what the tables hold.
  await sql`analyze`.execute(db);
  await setMeta(db, 'indexed', '1');
}

export async function isIndexed(db: Kysely<Tables>): Promise<boolean> {
  return (await storedMeta(db, 'indexed')) === '1';
}

async function dropAll(db: Kysely<Tables>): Promise<void> {
  for (const name of Object.keys(TABLES)) await db.schema.dropTable(name).ifExists().execute();
}

async function storedMeta(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  // The table may not be there: that is how a new database looks.
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
    .catch(() => undefined);
  return row?.value;
}

async function setMeta(db: Kysely<Tables>, name: string, value: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
