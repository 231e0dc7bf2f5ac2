import type { DatabaseSync } from 'node:sqlite';

/** Where a block's bytes lie. */
export type Place = {
  /** Number of the pack. */
  readonly pack: number;
  /** First of the bytes, from the start of the pack. */
  readonly offset: number;
  readonly length: number;
  /** Bytes of the section's own head, right before them. */
  readonly head: number;
};
export type Placed = Place & { readonly digest: Uint8Array };
type Spot = Pick<Place, 'pack' | 'offset'>;

/** Which blocks there are, and where. A block that is not listed does not exist, whatever lies on the disk. */
export type BlockIndex = {
  find(digest: Uint8Array): Place | undefined;
  /** All at once, or none: one transaction. Whoever was listed elsewhere is listed here from now on. */
  add(placed: readonly Placed[]): void;
  /** All at once. */
  remove(digests: readonly Uint8Array[]): void;
  /** The next ones after `spot`, in the order in which they lie on the disk. */
  after(spot: Spot, limit: number): Placed[];
  inPack(pack: number): Placed[];
  /** To their new place, all at once, unless they left `pack` in the meantime. */
  move(pack: number, placed: readonly Placed[]): void;
  /** Bytes of listed sections, by pack. */
  packs(): Map<number, number>;
  totals(): { readonly blocks: number; readonly bytes: number };
};

export const INDEX_TABLES = `CREATE TABLE blocks (
     digest BLOB PRIMARY KEY,
     pack   INTEGER NOT NULL,
     offset INTEGER NOT NULL,
     length INTEGER NOT NULL,
     head   INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX blocks_in ON blocks (pack, offset);`;

const COLUMNS = 'digest, pack, offset, length, head';

export function blockIndexIn(db: DatabaseSync, transaction: (work: () => void) => void): BlockIndex {
  const find = db.prepare('SELECT pack, offset, length, head FROM blocks WHERE digest = ?');
  const add = db.prepare(
    `INSERT INTO blocks (${COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE
     SET pack = excluded.pack, offset = excluded.offset, length = excluded.length, head = excluded.head`,
  );
  const remove = db.prepare('DELETE FROM blocks WHERE digest = ?');
  const after = db.prepare(
    `SELECT ${COLUMNS} FROM blocks WHERE (pack, offset) > (?, ?) ORDER BY pack, offset LIMIT ?`,
  );
  const inPack = db.prepare(`SELECT ${COLUMNS} FROM blocks WHERE pack = ? ORDER BY offset`);
  const move = db.prepare('UPDATE blocks SET pack = ?, offset = ? WHERE digest = ? AND pack = ?');
  const packs = db.prepare('SELECT pack, sum(head + length) AS bytes FROM blocks GROUP BY pack');
  const totals = db.prepare('SELECT count(*) AS blocks, coalesce(sum(length), 0) AS bytes FROM blocks');
  return {
    find: (digest) => {
      const row = find.get(digest);
      return row === undefined ? undefined : toPlace(row);
    },
    add: (placed) =>
      transaction(() => {
        for (const { digest, pack, offset, length, head } of placed)
          add.run(digest, pack, offset, length, head);
      }),
    remove: (digests) =>
      transaction(() => {
        for (const digest of digests) remove.run(digest);
      }),
    after: ({ pack, offset }, limit) => after.all(pack, offset, limit).map(toPlaced),
    inPack: (pack) => inPack.all(pack).map(toPlaced),
    move: (pack, placed) =>
      transaction(() => {
        for (const place of placed) move.run(place.pack, place.offset, place.digest, pack);
      }),
    packs: () => new Map(packs.all().map((row) => [Number(row['pack']), Number(row['bytes'])])),
    totals: () => {
      const row = totals.get();
      return { blocks: Number(row?.['blocks']), bytes: Number(row?.['bytes']) };
    },
  };
}

function toPlace(row: Record<string, unknown>): Place {
  const { pack, offset, length, head } = row;
  return { pack: Number(pack), offset: Number(offset), length: Number(length), head: Number(head) };
}

function toPlaced(row: Record<string, unknown>): Placed {
  const digest = row['digest'] instanceof Uint8Array ? row['digest'] : new Uint8Array(0);
  return { digest, ...toPlace(row) };
}
