import {
  compartmentsFromMask,
  DECISION_NUMBERS,
  decisionAt,
  type IndexList,
  type ListQuery,
  MAX_PAGE,
  markAt,
  PROVIDER_STATUSES,
  PURPOSE_NUMBERS,
  purposeFromNumber,
  purposesFromMask,
  RECORD_STATUSES,
  ROLES,
} from '@chartkey/sdk';
import type { Kysely, Selectable } from 'kysely';
import { decodeEvent } from '../chain/events.ts';
import { newestCheckpoint } from './blocks.ts';
import { endOf, placeOf, type Tables } from './tables.ts';

/** Default length of a page. */
const PAGE = 100;

export type Page = {
  readonly items: readonly object[];
  readonly next: string | null;
  readonly last: string | null;
  readonly upTo: { readonly blockNumber: number; readonly blockHash: string | null };
};

type Column = string;
/** What a question narrows by: column and value, each along an index. */
type Filter = readonly [column: Column, value: string | number];

type List<name extends IndexList> = {
  readonly table: keyof Tables;
  readonly filters: (query: ListQuery<name>) => readonly (Filter | undefined)[];
  /** When it happened, where a period can be asked for. */
  readonly time?: 'opened_at' | 'at';
  readonly itemOf: (row: never) => object;
};

/**
 * One page of a list: what is asked for, from where the last page ended, up to one block. Whatever
 * comes in while somebody pages does not move what is on the pages.
 */
export async function listPage<name extends IndexList>(
  db: Kysely<Tables>,
  name: name,
  query: ListQuery<name>,
): Promise<Page> {
  const { table, filters, time, itemOf } = LISTS[name] as unknown as List<name>;
  const newest = await newestCheckpoint(db);
  const upTo = { blockNumber: Math.max(newest?.number ?? 0, 0), blockHash: newest?.hash || null };
  const limit = Math.min(query.limit ?? PAGE, MAX_PAGE);
  const newestFirst = isNewestFirst(name, query);
  // Each table has a position; the builder's types don't follow a table that is a type parameter.
  let rows = db.selectFrom(table as 'entries').selectAll();
  for (const filter of filters(query)) {
    if (filter) rows = rows.where(filter[0] as 'position', '=', filter[1] as number);
  }
  const period = time === undefined ? {} : await periodOf(db, { table, time }, query);
  const cursor = query.cursor === undefined ? undefined : Number(query.cursor);
  const { from, until } = boundsOf(period, { cursor, newestFirst, end: endOf(newest?.number ?? -1) });
  rows = rows.where('position', '>=', from).where('position', '<', until);
  const found = await rows
    .orderBy('position', newestFirst ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  const shown = found.slice(0, limit);
  const end = shown.at(-1);
  const last = end ? String(end.position) : null;
  const next = found.length > limit ? last : null;
  return { items: shown.map((row) => itemOf(row as never)), next, last, upTo };
}

type Period = { readonly from?: number | undefined; readonly until?: number | undefined };

/** One bound at each end: an engine seeks along one of several, and it may be the wrong one. */
function boundsOf(
  period: Period,
  at: { readonly cursor: number | undefined; readonly newestFirst: boolean; readonly end: number },
): { readonly from: number; readonly until: number } {
  const { cursor, newestFirst, end } = at;
  const [after, before] = newestFirst ? [undefined, cursor] : [cursor, undefined];
  return {
    from: Math.max(period.from ?? 0, after === undefined ? 0 : after + 1),
    until: Math.min(period.until ?? end, before ?? end, end),
  };
}

/**
 * A period as positions. Time never goes back on a chain, so it is a run of them; and each index goes on
 * by position, so that whatever else is asked for is read within the period alone.
 */
async function periodOf(
  db: Kysely<Tables>,
  { table, time }: { readonly table: keyof Tables; readonly time: 'opened_at' | 'at' },
  query: Period | object,
): Promise<Period> {
  const asked: Period = query;
  const firstAt = async (seconds: number | undefined) => {
    if (seconds === undefined) return undefined;
    const first = await db
      .selectFrom(table as 'entries')
      .select('position')
      .where(time as 'opened_at', '>=', seconds)
      .orderBy(time as 'opened_at')
      .orderBy('position')
      .limit(1)
      .executeTakeFirst();
    return first?.position ?? Number.MAX_SAFE_INTEGER;
  };
  return { from: await firstAt(asked.from), until: await firstAt(asked.until) };
}

function isNewestFirst(name: IndexList, query: object): boolean {
  if (name !== 'entries' && name !== 'history') return false;
  return !('order' in query && query.order === 'oldest');
}

const LISTS: { readonly [name in IndexList]: List<name> } = {
  entries: {
    table: 'entries',
    filters: (q) => [
      equals('patient', low(q.patient)),
      equals('accessor', low(q.accessor)),
      equals('organisation', low(q.organisation)),
      equals('purpose', q.purpose && PURPOSE_NUMBERS[q.purpose]),
      equals('decision', q.decision && DECISION_NUMBERS[q.decision]),
      equals('refused', q.outcome && (q.outcome === 'refused' ? 1 : 0)),
      equals('emergency', q.emergency === undefined ? undefined : Number(q.emergency)),
    ],
    time: 'opened_at',
    itemOf: (row: Selectable<Tables['entries']>) => ({
      patient: row.patient,
      accessor: row.accessor,
      organisation: row.organisation,
      recordId: row.record_id,
      sequence: row.sequence,
      purpose: purposeFromNumber(row.purpose),
      decision: decisionAt(row.decision),
      openedAt: row.opened_at,
      keyHash: row.key_hash,
      ground: markAt(row.ground),
      ...placeOf(row.position),
      transactionHash: row.transaction_hash,
    }),
  },
  heads: {
    table: 'heads',
    filters: (q) => [equals('patient', low(q.patient))],
    itemOf: ({ patient, count, head }: Selectable<Tables['heads']>) => ({ patient, count, head }),
  },
  records: {
    table: 'records',
    filters: (q) => [
      equals('patient', low(q.patient)),
      equals('author', low(q.author)),
      equals('status', q.status && RECORD_STATUSES.indexOf(q.status)),
    ],
    itemOf: (row: Selectable<Tables['records']>) => ({
      recordId: row.record_id,
      patient: row.patient,
      author: row.author,
      compartment: row.compartment,
      status: RECORD_STATUSES[row.status],
      superseded: row.superseded === 1,
      envelopeDigest: row.envelope_digest,
    }),
  },
  consents: {
    table: 'consents',
    filters: (q) => [
      equals('patient', low(q.patient)),
      equals('accessor', low(q.accessor)),
      q.state === 'any' ? undefined : equals('state', q.state ?? 'standing'),
    ],
    itemOf: (row: Selectable<Tables['consents']>) => ({
      patient: row.patient,
      accessor: row.accessor,
      state: row.state,
      ...scopeOf(row),
      startsAt: row.starts_at,
      mayWrite: row.may_write === 1,
    }),
  },
  requests: {
    table: 'requests',
    filters: (q) => [
      equals('patient', low(q.patient)),
      equals('accessor', low(q.accessor)),
      equals('state', q.state),
    ],
    itemOf: (row: Selectable<Tables['requests']>) => ({
      patient: row.patient,
      accessor: row.accessor,
      ...scopeOf(row),
      messageDigest: row.message_digest,
      blockNumber: placeOf(row.position).blockNumber,
      state: row.state,
    }),
  },
  providers: {
    table: 'providers',
    filters: (q) => [
      equals('provider', low(q.provider)),
      equals('area', q.area),
      equals('organisation', low(q.organisation)),
      equals('status', q.status && PROVIDER_STATUSES.indexOf(q.status)),
    ],
    itemOf: (row: Selectable<Tables['providers']>) => ({
      provider: row.provider,
      role: ROLES[row.role],
      status: PROVIDER_STATUSES[row.status],
      area: row.area,
      expiresAt: row.expires_at,
      organisation: row.organisation,
      credentialHash: row.credential_hash,
      vouched: row.vouched === 1,
    }),
  },
  patients: {
    table: 'patients',
    filters: (q) => [equals('patient', low(q.patient)), equals('area', q.area)],
    itemOf: (row: Selectable<Tables['patients']>) => ({
      patient: row.patient,
      area: row.area,
      pid: row.pid,
      publicKeyHash: row.public_key_hash,
    }),
  },
  history: {
    table: 'history',
    filters: (q) => [
      // A patient's history is the subject's; the index lies along it.
      equals('subject', low(q.patient)),
      equals('patient', low(q.patient)),
      equals('account', low(q.account)),
      equals('name', q.name),
    ],
    time: 'at',
    itemOf: (row: Selectable<Tables['history']>) => ({
      name: row.name,
      patient: row.patient,
      account: row.account,
      recordId: row.record_id,
      at: row.at,
      args: argsOf(row),
      ...placeOf(row.position),
      transactionHash: row.transaction_hash,
    }),
  },
};

function equals(column: Column, value: string | number | undefined): Filter | undefined {
  return value === undefined ? undefined : [column, value];
}

function low(address: string | undefined): string | undefined {
  return address?.toLowerCase();
}

function scopeOf(row: { compartments: string; purposes: number; expires_at: number }) {
  return {
    compartments: compartmentsFromMask(BigInt(row.compartments)),
    purposes: purposesFromMask(row.purposes),
    expiresAt: row.expires_at,
  };
}

function argsOf({ topics, data }: Pick<Tables['history'], 'topics' | 'data'>): unknown {
  const event = decodeEvent({ topics: JSON.parse(topics), data: data as `0x${string}` });
  return JSON.parse(
    JSON.stringify(event?.args ?? {}, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  );
}
