import {
  createHeadHasher,
  decodeEntry,
  EMPTY_HEAD_BYTES,
  type HeadHasher,
  type LogRange,
  type RawEntry,
  type RawLog,
} from '@chartkey/sdk';
import type { Kysely } from 'kysely';
import type { Hex } from 'viem';
import { type ChartEvent, decodeEvent, partiesOf } from '../chain/events.ts';
import type { Block } from '../chain/node.ts';
import { ProblemError } from '../problems.ts';
import { applyEvent } from './apply.ts';
import { insertMany } from './bulk.ts';
import { Memory, type PatientHead } from './memory.ts';
import { type EntriesTable, type HistoryTable, positionOf, type Tables } from './tables.ts';

/** `ETREAT` and `BTG`, as the contracts number them. */
const EMERGENCIES = new Set([1, 2]);
const PERMIT = 1;
const HEAD_BYTES = 28;

export type Written = {
  readonly entries: number;
  readonly events: number;
  /** Whose logs grew, with where they stand now. */
  readonly heads: ReadonlyMap<Hex, PatientHead>;
};

/** Puts ranges of events into the read model: all of a range and the block it ends with, or nothing of it. */
export class Writer {
  readonly #db: Kysely<Tables>;
  readonly #memory: Memory;
  readonly #hash: HeadHasher;

  private constructor(db: Kysely<Tables>, hash: HeadHasher) {
    this.#db = db;
    this.#hash = hash;
    this.#memory = new Memory(db);
  }

  static async open(db: Kysely<Tables>): Promise<Writer> {
    return new Writer(db, await createHeadHasher());
  }

  /** Whatever is remembered of the database: it was changed by somebody else. */
  forget(): void {
    this.#memory.forget();
  }

  /**
   * @param timeOf Unix seconds of a block
   * @throws ProblemError `LOG_BROKEN` if an entry does not follow the one before; nothing is written then
   */
  async write(range: LogRange, end: Block, timeOf: (log: RawLog) => Promise<number>): Promise<Written> {
    const found = sorted(range.logs);
    await this.#memory.load(found.entries.map(({ patient }) => patient));
    try {
      const history = await Promise.all(found.events.map(async (event) => this.#historyRow(event, timeOf)));
      const { rows, heads } = this.#entryRows(found);
      await this.#db.transaction().execute(async (trx) => {
        await insertMany(trx, 'history', history);
        for (const { event, position } of found.events) await applyEvent(trx, event, position);
        await insertMany(trx, 'entries', rows);
        await putHeads(trx, heads);
        await insertMany(trx, 'blocks', [{ number: end.number, hash: end.hash }]);
      });
      this.#memory.keep(heads);
      return { entries: rows.length, events: history.length, heads };
    } catch (error) {
      // Memberships may have moved on, and nothing of it stands.
      this.#memory.forget();
      throw error;
    }
  }

  async #historyRow(
    { log, event, position }: FoundEvent,
    timeOf: (log: RawLog) => Promise<number>,
  ): Promise<HistoryTable> {
    const { subject, patient, account, record_id } = partiesOf(event);
    return {
      position,
      name: event.eventName,
      subject,
      patient,
      account,
      record_id,
      at: await timeOf(log),
      transaction_hash: log.transactionHash,
      topics: JSON.stringify(log.topics),
      data: log.data,
    };
  }

  /** Entries and memberships by turns, as they came: an entry says whose member its accessor was then. */
  #entryRows({ entries, events }: Found): { rows: EntriesTable[]; heads: Map<Hex, PatientHead> } {
    const heads = new Map<Hex, PatientHead>();
    const rows: EntriesTable[] = [];
    let next = 0;
    for (const entry of entries) {
      const position = positionOf(entry.blockNumber, entry.logIndex);
      for (; next < events.length; next++) {
        const before = events[next];
        if (!before || before.position > position) break;
        this.#memory.follow(before.event);
      }
      const head = this.#headAfter(
        heads.get(entry.patient) ?? this.#memory.headOf(entry.patient),
        entry,
        position,
      );
      heads.set(entry.patient, head);
      rows.push(rowOf(entry, position, head, this.#memory.organisationOf(entry.accessor)));
    }
    for (const { event } of events.slice(next)) this.#memory.follow(event);
    return { rows, heads };
  }

  #headAfter(last: PatientHead | undefined, entry: RawEntry, position: number): PatientHead {
    const count = last?.count ?? 0;
    if (entry.sequence !== count + 1) {
      throw new ProblemError(
        'LOG_BROKEN',
        entry.sequence > count + 1
          ? `The node leaves out ${entry.sequence - count - 1} entries before block ${entry.blockNumber}.`
          : `The node has an entry in block ${entry.blockNumber} whose number was there already.`,
      );
    }
    const bytes = this.#hash(last?.bytes ?? EMPTY_HEAD_BYTES, entry);
    return { count: entry.sequence, bytes, position: last?.position ?? position };
  }
}

type FoundEvent = { readonly log: RawLog; readonly event: ChartEvent; readonly position: number };
type Found = { readonly entries: readonly RawEntry[]; readonly events: readonly FoundEvent[] };

function sorted(logs: readonly RawLog[]): Found {
  const entries: RawEntry[] = [];
  const events: FoundEvent[] = [];
  for (const log of logs) {
    const entry = decodeEntry(log);
    if (entry) {
      entries.push(entry);
      continue;
    }
    const event = decodeEvent(log);
    const position = positionOf(Number(log.blockNumber), Number(log.logIndex));
    if (event) events.push({ log, event, position });
  }
  // Nodes answer in order; what is checked does not depend on it.
  entries.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  events.sort((a, b) => a.position - b.position);
  return { entries, events };
}

function rowOf(
  entry: RawEntry,
  position: number,
  head: PatientHead,
  organisation: string | undefined,
): EntriesTable {
  return {
    position,
    patient: entry.patient,
    accessor: entry.accessor,
    organisation: organisation ?? null,
    record_id: entry.recordId,
    sequence: entry.sequence,
    purpose: entry.purpose,
    decision: entry.decision,
    refused: entry.decision === PERMIT ? 0 : 1,
    ground: entry.ground,
    emergency: EMERGENCIES.has(entry.purpose) ? 1 : 0,
    opened_at: entry.openedAt,
    key_hash: entry.keyHash,
    transaction_hash: entry.transactionHash,
    head: headText(head),
  };
}

const AT_ONCE = 500;

async function putHeads(db: Kysely<Tables>, heads: ReadonlyMap<Hex, PatientHead>): Promise<void> {
  const rows = [...heads].map(([patient, head]) => ({
    patient,
    count: head.count,
    head: headText(head),
    position: head.position,
  }));
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const patients = rows.slice(at, at + AT_ONCE).map(({ patient }) => patient);
    await db.deleteFrom('heads').where('patient', 'in', patients).execute();
  }
  await insertMany(db, 'heads', rows);
}

export function headText({ bytes }: Pick<PatientHead, 'bytes'>): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, HEAD_BYTES).toString('hex')}`;
}
