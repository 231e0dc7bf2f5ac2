import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { base58btc } from 'multiformats/bases/base58';
import { type BlockIndex, blockIndexIn, INDEX_TABLES } from './block-index.ts';
import { codeOf } from './errors.ts';

export type PinType = 'recursive' | 'direct';
export type Pin = { readonly cid: string; readonly type: PinType; readonly name: string };
/** A block that a pin keeps, the root included. */
export type Member = { readonly digest: Uint8Array; readonly codec: number };

/**
 * Pins with every block that each of them keeps, and leases on blocks that no pin keeps yet.
 * As it knows all members, sweeping reads no tree: a pinned tree with a missing block neither
 * stops the collector nor loses what is left of it.
 */
export type Ledger = {
  /** A name for this node, in the form of a peer id. Nothing can be reached by it. */
  readonly nodeId: string;
  find(cid: string): Pin | undefined;
  /** The pin that keeps this block without being of it. */
  findIndirect(member: Member): string | undefined;
  /** A recursive pin outranks a direct one, as in Kubo. Ends the leases of its members. */
  add(pin: Pin, members: readonly Member[]): void;
  /** False when there was none. */
  remove(cid: string): boolean;
  list(type?: PinType): Iterable<Pin>;
  /** Members of recursive pins that are no pin themselves, each once. */
  listIndirect(): Iterable<Member>;
  /** A block is kept until then even though nothing pins it. Unix time in milliseconds. */
  lease(digests: Iterable<Uint8Array>, until: number): void;
  /** Kept by a pin, or by a lease that has not run out. */
  keeps(digest: Uint8Array, now: number): boolean;
  dropLeases(before: number): void;
  /** Pins from before members were written down. Sweeping has to wait for them. */
  withoutMembers(): Iterable<Pin>;
  /** Where blocks lie, in the same file, so that it can't belong to another state of the rest. */
  readonly index: BlockIndex;
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
  `CREATE TABLE numbered_pins (
     id         INTEGER PRIMARY KEY,
     cid        TEXT NOT NULL UNIQUE,
     type       TEXT NOT NULL CHECK (type IN ('recursive', 'direct')),
     name       TEXT NOT NULL,
     created_at INTEGER NOT NULL -- Unix time in seconds
   ) STRICT;
   INSERT INTO numbered_pins (cid, type, name, created_at) SELECT cid, type, name, created_at FROM pins;
   DROP TABLE pins;
   ALTER TABLE numbered_pins RENAME TO pins;
   CREATE TABLE members (
     digest BLOB NOT NULL,
     pin    INTEGER NOT NULL REFERENCES pins (id) ON DELETE CASCADE,
     codec  INTEGER NOT NULL,
     PRIMARY KEY (digest, pin, codec)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX members_of ON members (pin);
   CREATE TABLE leases (
     digest     BLOB PRIMARY KEY,
     expires_at INTEGER NOT NULL -- Unix time in milliseconds
   ) STRICT, WITHOUT ROWID;`,
  INDEX_TABLES,
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
  const index = blockIndexIn(db, (work) => transaction(db, work));
  return { nodeId: nodeIdOf(db), ...pinsIn(db), ...leasesIn(db), index, close: () => db.close() };
}

function pinsIn(db: DatabaseSync) {
  const find = db.prepare('SELECT id, cid, type, name FROM pins WHERE cid = ?');
  const findIndirect = db.prepare(
    `SELECT pins.cid FROM members JOIN pins ON pins.id = members.pin
     WHERE digest = ? AND codec = ? AND pins.type = 'recursive' LIMIT 1`,
  );
  const add = db.prepare(
    `INSERT INTO pins (cid, type, name, created_at) VALUES (?, ?, ?, unixepoch())
     ON CONFLICT (cid) DO UPDATE SET type = excluded.type, name = excluded.name`,
  );
  const addMember = db.prepare('INSERT OR IGNORE INTO members VALUES (?, ?, ?)');
  const endLease = db.prepare('DELETE FROM leases WHERE digest = ?');
  const remove = db.prepare('DELETE FROM pins WHERE cid = ?');
  const list = db.prepare('SELECT cid, type, name FROM pins WHERE ?1 IS NULL OR type = ?1 ORDER BY cid');
  const withoutMembers = db.prepare(
    'SELECT cid, type, name FROM pins WHERE NOT EXISTS (SELECT 1 FROM members WHERE pin = pins.id)',
  );
  return {
    find: (cid: string) => {
      const row = find.get(cid);
      return row === undefined ? undefined : toPin(row);
    },
    findIndirect: ({ digest, codec }: Member) => {
      const cid = findIndirect.get(digest, codec)?.cid;
      return typeof cid === 'string' ? cid : undefined;
    },
    add: ({ cid, type, name }: Pin, members: readonly Member[]) => {
      transaction(db, () => {
        if (type === 'recursive' || find.get(cid)?.type !== 'recursive') add.run(cid, type, name);
        const id = Number(find.get(cid)?.id);
        for (const { digest, codec } of members) {
          addMember.run(digest, id, codec);
          endLease.run(digest);
        }
      });
    },
    remove: (cid: string) => remove.run(cid).changes > 0,
    list: (type?: PinType) => list.all(type ?? null).map(toPin),
    listIndirect: function* () {
      // A statement of its own: two lists may be read at the same time.
      for (const row of db.prepare(LIST_INDIRECT).iterate()) yield toMember(row);
    },
    withoutMembers: () => withoutMembers.all().map(toPin),
  };
}

const LIST_INDIRECT = `SELECT DISTINCT digest, codec FROM members JOIN pins ON pins.id = members.pin
  WHERE pins.type = 'recursive'`;

function leasesIn(db: DatabaseSync) {
  const lease = db.prepare(
    `INSERT INTO leases VALUES (?, ?)
     ON CONFLICT (digest) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)`,
  );
  const pinned = db.prepare('SELECT 1 FROM members WHERE digest = ? LIMIT 1');
  const leased = db.prepare('SELECT 1 FROM leases WHERE digest = ? AND expires_at > ?');
  const drop = db.prepare('DELETE FROM leases WHERE expires_at <= ?');
  return {
    lease: (digests: Iterable<Uint8Array>, until: number) => {
      transaction(db, () => {
        for (const digest of digests) lease.run(digest, until);
      });
    },
    keeps: (digest: Uint8Array, now: number) =>
      pinned.get(digest) !== undefined || leased.get(digest, now) !== undefined,
    dropLeases: (before: number) => void drop.run(before),
  };
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
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

function toMember(row: Record<string, unknown>): Member {
  const digest = row.digest instanceof Uint8Array ? row.digest : new Uint8Array(0);
  return { digest, codec: Number(row.codec) };
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
