import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { DECISIONS } from '../contracts/decisions.ts';
import { PROVIDER_STATUSES, RECORD_STATUSES, ROLES } from '../contracts/vocabulary.ts';
import type { RecordId } from '../envelope/index.ts';
import { PURPOSES_OF_USE } from '../hl7/index.ts';
import { z } from '../zod.ts';

/**
 * What goes over the wire between an index and whoever asks it: JSON both ways. Questions are posted,
 * because an address in a URL would end up in the logs of whatever stands between.
 */

/** No page is longer. */
export const MAX_PAGE = 1_000;

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'must be an address')
  .transform((text): Address => getAddress(text));

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
  .transform((text) => text as Hex);

const recordId = hash.transform((text) => text as RecordId);

const head = z
  .string()
  .regex(/^0x[0-9a-f]{56}$/, 'must be 0x and 56 lower-case hex digits')
  .transform((text) => text as Hex);

const whole = z.int().min(0);
const uint32 = z.int().min(0).max(0xff_ff_ff_ff);
const purpose = z.enum(PURPOSES_OF_USE.map(({ code }) => code));
const decision = z.enum(DECISIONS.map(({ code }) => code));
const compartments = z.array(z.int().min(0).max(63));

/** Where in its order the index goes on: what the last page said. */
const cursor = z.string().regex(/^\d{1,16}$/, 'must be what the last page said');
const page = { limit: z.int().min(1).max(MAX_PAGE).optional(), cursor: cursor.optional() };

/** `POST /v1/entries` */
export const entriesQuerySchema = z.strictObject({
  patient: address.optional(),
  accessor: address.optional(),
  /** Whose member the accessor was at the time, as both said. */
  organisation: address.optional(),
  purpose: purpose.optional(),
  outcome: z.enum(['permitted', 'refused']).optional(),
  decision: decision.optional(),
  /** Whether the purpose was `ETREAT` or `BTG`. */
  emergency: z.boolean().optional(),
  /** Unix seconds; entries at this time or later. */
  from: whole.optional(),
  /** Unix seconds; entries before this time. */
  until: whole.optional(),
  /** Default: `newest` first. */
  order: z.enum(['newest', 'oldest']).optional(),
  ...page,
});
export type EntriesQuery = z.input<typeof entriesQuerySchema>;

/** `POST /v1/heads`: every patient that has entries; the index's own word, which `audit` holds against the chain. */
export const headsQuerySchema = z.strictObject({ patient: address.optional(), ...page });
/** `POST /v1/records` */
export const recordsQuerySchema = z.strictObject({
  patient: address.optional(),
  author: address.optional(),
  status: z.enum(RECORD_STATUSES).optional(),
  ...page,
});
/** `POST /v1/consents` */
export const consentsQuerySchema = z.strictObject({
  patient: address.optional(),
  accessor: address.optional(),
  /** Default: `standing`. */
  state: z.enum(['standing', 'revoked', 'any']).optional(),
  ...page,
});
/** `POST /v1/requests` */
export const requestsQuerySchema = z.strictObject({
  patient: address.optional(),
  accessor: address.optional(),
  state: z.enum(['pending', 'granted', 'declined']).optional(),
  ...page,
});
/** `POST /v1/providers` */
export const providersQuerySchema = z.strictObject({
  provider: address.optional(),
  area: uint32.optional(),
  organisation: address.optional(),
  status: z.enum(PROVIDER_STATUSES).optional(),
  ...page,
});
/** `POST /v1/patients` */
export const patientsQuerySchema = z.strictObject({
  patient: address.optional(),
  area: uint32.optional(),
  ...page,
});
/** `POST /v1/history`: every event that is no entry, as it came. */
export const historyQuerySchema = z.strictObject({
  patient: address.optional(),
  /** Who else it was about: accessor, provider, author, person. */
  account: address.optional(),
  name: z.string().max(64).optional(),
  from: whole.optional(),
  until: whole.optional(),
  order: z.enum(['newest', 'oldest']).optional(),
  ...page,
});

const place = { blockNumber: whole, logIndex: whole, transactionHash: hash };

export const indexedEntrySchema = z.object({
  patient: address,
  accessor: address,
  organisation: address.nullable(),
  recordId,
  sequence: uint32,
  purpose,
  decision,
  openedAt: whole,
  keyHash: hash,
  /** Of marked openings alone: in an emergency, or by a representative. */
  ground: z.enum(['Emergency', 'Representative']).optional(),
  ...place,
});

/** The newest block that an answer knows of. */
const upToSchema = z.object({ blockNumber: whole, blockHash: hash.nullable() });
export type UpTo = z.output<typeof upToSchema>;

const pageOf = <item extends z.ZodType>(item: item) =>
  z.object({
    items: z.array(item).max(MAX_PAGE),
    /** Where the next page begins; null after the last one. */
    next: cursor.nullable(),
    /** Where this page ended, for what comes later; null if nothing was on it. */
    last: cursor.nullable(),
    upTo: upToSchema,
  });

const scope = { compartments, purposes: z.array(purpose), expiresAt: whole };

export const entriesPageSchema = pageOf(indexedEntrySchema);
export const headsPageSchema = pageOf(z.object({ patient: address, count: uint32, head }));
export const recordsPageSchema = pageOf(
  z.object({
    recordId,
    patient: address,
    author: address,
    compartment: z.int().min(0).max(63),
    status: z.enum(RECORD_STATUSES),
    superseded: z.boolean(),
    envelopeDigest: hash,
  }),
);
export const consentsPageSchema = pageOf(
  z.object({
    patient: address,
    accessor: address,
    state: z.enum(['standing', 'revoked']),
    ...scope,
    startsAt: whole,
    mayWrite: z.boolean(),
  }),
);
export const requestsPageSchema = pageOf(
  z.object({
    patient: address,
    accessor: address,
    ...scope,
    messageDigest: hash,
    blockNumber: whole,
    state: z.enum(['pending', 'granted', 'declined']),
  }),
);
export const providersPageSchema = pageOf(
  z.object({
    provider: address,
    role: z.enum(ROLES),
    status: z.enum(PROVIDER_STATUSES),
    area: uint32,
    expiresAt: whole,
    organisation: address,
    credentialHash: hash,
    vouched: z.boolean(),
  }),
);
export const patientsPageSchema = pageOf(
  z.object({ patient: address, area: uint32, pid: hash, publicKeyHash: hash }),
);
export const historyPageSchema = pageOf(
  z.object({
    name: z.string(),
    patient: address.nullable(),
    account: address.nullable(),
    recordId: recordId.nullable(),
    /** Unix seconds. */
    at: whole,
    /** The event's own values; numbers that may be large in decimal. */
    args: z.record(z.string(), z.json()),
    ...place,
  }),
);

export type IndexedEntry = z.output<typeof indexedEntrySchema>;
export type HistoryEvent = z.output<typeof historyPageSchema>['items'][number];

/** `GET /v1/info` */
export const indexInfoSchema = z.object({
  chainId: whole,
  log: address,
  /** `behind`: has not caught up yet; `following`; `halted`: what it read does not add up; `reader`: another one writes. */
  state: z.enum(['behind', 'following', 'halted', 'reader']),
  upTo: upToSchema,
  /** The chain's newest block when the index last looked; null before. */
  chainBlock: whole.nullable(),
  maxPage: whole,
  version: z.string(),
});
export type IndexInfo = z.output<typeof indexInfoSchema>;

/** What is asked, and what with: one list each. */
export const INDEX_LISTS = {
  entries: { query: entriesQuerySchema, page: entriesPageSchema },
  heads: { query: headsQuerySchema, page: headsPageSchema },
  records: { query: recordsQuerySchema, page: recordsPageSchema },
  consents: { query: consentsQuerySchema, page: consentsPageSchema },
  requests: { query: requestsQuerySchema, page: requestsPageSchema },
  providers: { query: providersQuerySchema, page: providersPageSchema },
  patients: { query: patientsQuerySchema, page: patientsPageSchema },
  history: { query: historyQuerySchema, page: historyPageSchema },
} as const;

export type IndexList = keyof typeof INDEX_LISTS;
export type ListQuery<list extends IndexList> = z.input<(typeof INDEX_LISTS)[list]['query']>;
export type ListPage<list extends IndexList> = z.output<(typeof INDEX_LISTS)[list]['page']>;
export type ListItem<list extends IndexList> = ListPage<list>['items'][number];
