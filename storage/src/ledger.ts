import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { base58btc } from 'multiformats/bases/base58';
import { codeOf } from './errors.ts';

export type PinType = 'recursive' | 'direct';
export type Pin = { readonly cid: string; readonly type: PinType; readonly name: string };

export type Ledger = {
  /** A name for this node, in the form of a peer id. Nothing can be reached by it. */
  readonly nodeId: string;
  find(cid: string): Pin | undefined;
  /** A recursive pin outranks a direct one, as in Kubo. */
  add(pin: Pin): void;
  /** False when there was none. */
  remove(cid: string): boolean;
  list(type?: PinType): Iterable<Pin>;
  close(): void;
};

const MIGRATIONS = [
  `CREATE TABLE pins (
     cid        TEXT PRIMARY KEY,
     type       TEXT NOT NULL CHECK (type IN ('recursive', 'direct')),
     name       TEXT NOT NULL,
     created_at INTEGER NOT NULL -- Unix time in seconds
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE node (id TEXT NOT NULL) STRICT;`,
];

/** @throws Error with a plain message when another process has the folder open */
export function openLedger(dir: string): Ledger {
  const db = new DatabaseSync(join(dir, 'ledger.sqlite'));
  try {
    prepare(db);
  } catch (cause) {
    db.close();
    if (codeOf(cause) === 'ERR_SQLITE_ERROR' && /locked/.test(String(cause))) {
      throw new Error('the storage folder is in use by another process', { cause });
    }
    throw cause;
  }

  const find = db.prepare('SELECT cid, type, name FROM pins WHERE cid = ?');
  const add = db.prepare(
    `INSERT INTO pins VALUES (?, ?, ?, unixepoch())
     ON CONFLICT (cid) DO UPDATE SET type = excluded.type, name = excluded.name
     WHERE pins.type = 'direct' OR excluded.type = 'recursive'`,
  );
  const remove = db.prepare('DELETE FROM pins WHERE cid = ?');
  const list = db.prepare('SELECT cid, type, name FROM pins WHERE ?1 IS NULL OR type = ?1 ORDER BY cid');
  return {
    nodeId: nodeIdOf(db),
    find: (cid) => {
      const row = find.get(cid);
      return row === undefined ? undefined : toPin(row);
    },
    add: ({ cid, type, name }) => void add.run(cid, type, name),
    remove: (cid) => remove.run(cid).changes > 0,
    list: (type) => list.all(type ?? null).map(toPin),
    close: () => db.close(),
  };
}

/**
 * The exclusive lock is held for the life of the process and freed by the system when it
 * dies: two nodes on one folder would clear each other's half-written blocks.
 */
function prepare(db: DatabaseSync): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec('BEGIN IMMEDIATE');
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) throw new Error('the storage folder was written by a newer version');
  for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  db.exec('COMMIT');
}

function toPin(row: Record<string, unknown>): Pin {
  return {
    cid: String(row.cid),
    type: row.type === 'direct' ? 'direct' : 'recursive',
    name: String(row.name),
  };
}

function nodeIdOf(db: DatabaseSync): string {
  const known = db.prepare('SELECT id FROM node').get()?.id;
  if (typeof known === 'string') return known;
  const id = freshPeerId();
  db.prepare('INSERT INTO node VALUES (?)').run(id);
  return id;
}

/** An Ed25519 peer id (libp2p spec, "peer-ids"). The private key is dropped: nothing is signed. */
function freshPeerId(): string {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const publicKey = Buffer.from(x ?? '', 'base64url');
  // Identity multihash of the protobuf {type: Ed25519, data: 32 bytes}.
  return base58btc.baseEncode(Buffer.concat([Buffer.from([0x00, 0x24, 0x08, 0x01, 0x12, 0x20]), publicKey]));
}
