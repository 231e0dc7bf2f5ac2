import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  type RelayProblemCode,
  type RequestState,
  type RequestStatus,
  requestToWire,
  type SignedRequest,
} from '@chartkey/sdk';
import { type Address, type Hex, keccak256, stringToHex } from 'viem';

/** A request that was looked at and found good. */
export type Admitted = {
  readonly id: Hex;
  readonly request: SignedRequest;
  /** Whose nonce it carries: the person's, or a session key's. */
  readonly signer: Address;
  /** A smart-contract wallet may use all gas to look at its signature: it goes in no batch. */
  readonly alone: boolean;
  /** The newest block when it came: it stands in none before. */
  readonly sinceBlock: bigint;
};

export type Waiting = Admitted & {
  /** How often it was in a transaction and came back. */
  readonly tries: number;
};

/** One signed transaction; a replacement has another hash. */
export type Attempt = {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly fee: bigint;
  readonly sentAt: number;
};

/** A number of the relay's own account, what it is used for, and every attempt at it. */
export type Transaction = {
  readonly id: number;
  readonly nonce: number;
  readonly requests: readonly Waiting[];
  readonly attempts: readonly Attempt[];
};

export type Outcome =
  | { readonly state: 'done' | 'failed'; readonly transaction?: Hex | undefined }
  | { readonly state: 'refused'; readonly problem: RelayProblemCode };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS transactions (id INTEGER PRIMARY KEY, nonce INTEGER NOT NULL, open INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS attempts (
    hash TEXT PRIMARY KEY, transaction_id INTEGER NOT NULL REFERENCES transactions, raw TEXT NOT NULL,
    fee TEXT NOT NULL, sent_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS requests (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, signer TEXT NOT NULL,
    nonce INTEGER NOT NULL, alone INTEGER NOT NULL, since_block INTEGER NOT NULL,
    body TEXT NOT NULL, deadline INTEGER NOT NULL,
    state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    transaction_id INTEGER REFERENCES transactions, hash TEXT, problem TEXT
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS one_for_each_number ON requests (signer, nonce) WHERE state IN ('waiting', 'sent');
  CREATE INDEX IF NOT EXISTS by_state ON requests (state, position);
  CREATE INDEX IF NOT EXISTS by_person ON requests (person) WHERE state IN ('waiting', 'sent');
`;

const LASTING = { lasting: true } as const;
const LOSABLE = { lasting: false } as const;

/** How long what is over can be asked about, in seconds; then it is forgotten. */
const KEPT_SECONDS = 86_400;

/**
 * What was accepted and what became of it, in one SQLite file that survives the process. Written
 * before anything is answered or sent. It holds nothing that the chain will not show.
 */
export class Queue {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** What was added and is not on the disk yet. */
  #group: PromiseWithResolvers<void> | undefined;

  /** @throws Error with one line if another relay has the file */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    try {
      // One process only; and each commit is on the disk before it is answered.
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      this.#db.exec(SCHEMA);
    } catch (cause) {
      this.#db.close();
      throw new Error('databaseFile: can’t be used; another relay may have it', { cause });
    }
  }

  close(): void {
    this.#writeGroup();
    this.#db.close();
  }

  /** All or none, seen at once by whoever asks here. On the disk once {@link written} has come to its end. */
  add(admitted: readonly Admitted[]): void {
    this.#beginGroup();
    this.#db.exec('SAVEPOINT one_post');
    try {
      for (const one of admitted) this.#insert(one);
      this.#db.exec('RELEASE one_post');
    } catch (error) {
      this.#db.exec('ROLLBACK TO one_post; RELEASE one_post');
      throw error;
    }
  }

  /** Posts that come together reach the disk together: that takes some milliseconds, however many they are. */
  async written(): Promise<void> {
    await this.#group?.promise;
  }

  #insert({ id, request, signer, alone, sinceBlock }: Admitted): void {
    const body = JSON.stringify(requestToWire(request));
    const numbers = [Number(request.nonce), Number(alone), Number(sinceBlock)];
    // Posted once more after it was refused: it comes after what came since.
    this.#prepared(`DELETE FROM requests WHERE id = ? AND state NOT IN ('waiting', 'sent')`).run(id);
    this.#prepared(
      `INSERT INTO requests (id, person, signer, nonce, alone, since_block, body, deadline, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    ).run(id, request.from, signer, ...numbers, body, request.deadline);
  }

  #beginGroup(): void {
    if (this.#group) return;
    this.#db.exec('BEGIN IMMEDIATE');
    const group = Promise.withResolvers<void>();
    // Whoever waits for it is told; nobody else has to.
    group.promise.catch(() => undefined);
    this.#group = group;
    setImmediate(() => {
      if (this.#group === group) this.#writeGroup();
    });
  }

  #writeGroup(): void {
    const group = this.#group;
    if (!group) return;
    this.#group = undefined;
    try {
      this.#commit();
      group.resolve();
    } catch (error) {
      group.reject(error);
    }
  }

  statusOf(id: Hex): RequestStatus | undefined {
    const row = this.#prepared('SELECT id, state, hash, problem FROM requests WHERE id = ?').get(id);
    if (!row) return undefined;
    return {
      id,
      state: row.state as RequestState,
      ...(row.hash === null ? {} : { transaction: row.hash as Hex }),
      ...(row.problem === null ? {} : { problem: String(row.problem) }),
    };
  }

  /** The numbers of a signer that wait or are under way. */
  numbersOf(signer: Address): ReadonlySet<bigint> {
    const rows = this.#prepared(
      `SELECT nonce FROM requests WHERE signer = ? AND state IN ('waiting', 'sent')`,
    ).all(signer);
    return new Set(rows.map(({ nonce }) => BigInt(Number(nonce))));
  }

  /** Waiting or under way, of one person or of all. */
  countOf(person?: Address): number {
    const active = `SELECT count(*) AS n FROM requests WHERE state IN ('waiting', 'sent')`;
    const row =
      person === undefined
        ? this.#prepared(active).get()
        : this.#prepared(`${active} AND person = ?`).get(person);
    return Number(row?.n);
  }

  /** How many are in each state; what is over is forgotten after a day. */
  counts(): Readonly<Partial<Record<RequestState, number>>> {
    const rows = this.#prepared('SELECT state, count(*) AS n FROM requests GROUP BY state').all();
    return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
  }

  /** What waits or is under way, in the order in which it came, without whose it is. */
  active(): readonly (RequestStatus & { readonly deadline: number; readonly tries: number })[] {
    return this.#prepared(
      `SELECT id, state, hash, tries, deadline FROM requests WHERE state IN ('waiting', 'sent') ORDER BY position`,
    )
      .all()
      .map(({ id, state, hash, tries, deadline }) => ({
        id: id as Hex,
        state: state as RequestState,
        ...(hash === null ? {} : { transaction: hash as Hex }),
        tries: Number(tries),
        deadline: Number(deadline),
      }));
  }

  /** In the order in which they came. */
  waiting(limit: number): readonly Waiting[] {
    return this.#prepared(`SELECT * FROM requests WHERE state = 'waiting' ORDER BY position LIMIT ?`)
      .all(limit)
      .map(toWaiting);
  }

  /** The one transaction that is under way. */
  underWay(): Transaction | undefined {
    const row = this.#prepared('SELECT id, nonce FROM transactions WHERE open = 1').get();
    if (!row) return undefined;
    const id = Number(row.id);
    const attempts = this.#prepared(
      'SELECT * FROM attempts WHERE transaction_id = ? ORDER BY sent_at, rowid',
    );
    const requests = this.#prepared('SELECT * FROM requests WHERE transaction_id = ? ORDER BY position');
    return {
      id,
      nonce: Number(row.nonce),
      requests: requests.all(id).map(toWaiting),
      attempts: attempts.all(id).map((a) => ({
        hash: a.hash as Hex,
        raw: a.raw as Hex,
        fee: BigInt(String(a.fee)),
        sentAt: Number(a.sent_at),
      })),
    };
  }

  /** Before it is sent: whatever happens next, this is what was going to happen. */
  begin(nonce: number, requests: readonly Waiting[], attempt: Attempt): void {
    this.#atOnce(() => {
      const { lastInsertRowid } = this.#prepared('INSERT INTO transactions (nonce, open) VALUES (?, 1)').run(
        nonce,
      );
      this.#attempt(Number(lastInsertRowid), attempt);
      const take = this.#prepared(
        `UPDATE requests SET state = 'sent', transaction_id = ?, hash = ?, tries = tries + 1 WHERE id = ?`,
      );
      for (const { id } of requests) take.run(lastInsertRowid, attempt.hash, id);
    }, LASTING);
  }

  /** Before the replacement is sent. */
  replace(transaction: number, attempt: Attempt): void {
    this.#atOnce(() => {
      this.#attempt(transaction, attempt);
      this.#prepared('UPDATE requests SET hash = ? WHERE transaction_id = ?').run(attempt.hash, transaction);
    }, LASTING);
  }

  /** The transaction is over; requests without an outcome wait again. If this is lost, the chain says it once more. */
  end(transaction: number, outcomes: ReadonlyMap<Hex, Outcome>): void {
    this.#atOnce(() => {
      for (const [id, outcome] of outcomes) this.#settle(id, outcome);
      this.#prepared(
        `UPDATE requests SET state = 'waiting', hash = NULL, transaction_id = NULL
         WHERE transaction_id = ? AND state = 'sent'`,
      ).run(transaction);
      this.#prepared('UPDATE transactions SET open = 0 WHERE id = ?').run(transaction);
    }, LOSABLE);
  }

  settle(id: Hex, outcome: Outcome): void {
    this.#atOnce(() => this.#settle(id, outcome), LOSABLE);
  }

  #settle(id: Hex, outcome: Outcome): void {
    const hash = outcome.state === 'refused' ? null : (outcome.transaction ?? null);
    const problem = outcome.state === 'refused' ? outcome.problem : null;
    this.#prepared(
      'UPDATE requests SET state = ?, hash = ?, problem = ?, transaction_id = NULL WHERE id = ?',
    ).run(outcome.state, hash, problem, id);
  }

  /** What is over for a day is nobody's business here any more. */
  forget(now: number): void {
    this.#atOnce(() => {
      this.#prepared(`DELETE FROM requests WHERE deadline < ? AND state NOT IN ('waiting', 'sent')`).run(
        now - KEPT_SECONDS,
      );
      this.#db.exec(
        `DELETE FROM attempts WHERE transaction_id IN (SELECT id FROM transactions WHERE open = 0);
         DELETE FROM transactions WHERE open = 0;`,
      );
    }, LOSABLE);
  }

  #attempt(transaction: number, { hash, raw, fee, sentAt }: Attempt): void {
    this.#prepared(
      'INSERT INTO attempts (hash, transaction_id, raw, fee, sent_at) VALUES (?, ?, ?, ?, ?)',
    ).run(hash, transaction, raw, String(fee), sentAt);
  }

  /** @param lasting whether it must be on the disk, not only in the file, before anything follows */
  #atOnce(work: () => void, { lasting }: { readonly lasting: boolean }): void {
    this.#writeGroup();
    if (!lasting) this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      work();
      this.#commit();
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      if (!lasting) this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  #commit(): void {
    try {
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The same for the same bytes, and no address in it. */
export function requestIdOf(request: SignedRequest): Hex {
  return keccak256(stringToHex(JSON.stringify(requestToWire(request))));
}

/** Rows are our own: what stands in them was parsed when it came. */
function toWaiting(row: Readonly<Record<string, unknown>>): Waiting {
  const wire = JSON.parse(String(row.body)) as ReturnType<typeof requestToWire>;
  return {
    id: row.id as Hex,
    request: { ...wire, gas: BigInt(wire.gas), nonce: BigInt(wire.nonce) },
    signer: row.signer as Address,
    alone: row.alone === 1,
    sinceBlock: BigInt(Number(row.since_block)),
    tries: Number(row.tries),
  };
}
