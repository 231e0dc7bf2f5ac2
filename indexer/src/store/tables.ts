/**
 * The read model. Addresses and hashes are lower-case hex; times are Unix seconds; switches are 0 or 1.
 *
 * `position` is a block's number times 2^20 plus the log's number in the block: one number orders
 * everything, and it is where a page goes on.
 */

/** What happened, only ever added to; a reorganisation takes rows off the end. */
export type EntriesTable = {
  position: number;
  patient: string;
  accessor: string;
  /** Whose member the accessor was then. */
  organisation: string | null;
  record_id: string;
  sequence: number;
  purpose: number;
  decision: number;
  refused: number;
  /** What a marked opening was permitted on, as the contracts number it; 0 of any other. */
  ground: number;
  emergency: number;
  opened_at: number;
  key_hash: string;
  transaction_hash: string;
  /** The head after this entry. */
  head: string;
};

export type HistoryTable = {
  position: number;
  name: string;
  /** Whose state it changes: the patient, the provider, the person. */
  subject: string;
  patient: string | null;
  account: string | null;
  record_id: string | null;
  at: number;
  transaction_hash: string;
  /** JSON. */
  topics: string;
  data: string;
};

/** What follows from it: made again from history for whomever a reorganisation touched. */
export type HeadsTable = { patient: string; count: number; head: string; position: number };

export type PatientsTable = {
  patient: string;
  area: number;
  pid: string;
  public_key_hash: string;
  position: number;
};

export type ProvidersTable = {
  provider: string;
  area: number;
  role: number;
  organisation: string;
  credential_hash: string;
  status: number;
  expires_at: number;
  vouched: number;
  position: number;
};

export type ConsentsTable = {
  patient: string;
  accessor: string;
  state: 'standing' | 'revoked';
  /** Decimal. */
  compartments: string;
  purposes: number;
  starts_at: number;
  expires_at: number;
  may_write: number;
  position: number;
};

export type RequestsTable = {
  patient: string;
  accessor: string;
  state: 'pending' | 'granted' | 'declined';
  compartments: string;
  purposes: number;
  expires_at: number;
  message_digest: string;
  position: number;
};

export type RecordsTable = {
  record_id: string;
  patient: string;
  author: string;
  compartment: number;
  status: number;
  superseded: number;
  envelope_digest: string;
  position: number;
};

/** Blocks that were read up to, with their hashes: the newest is where reading goes on. */
export type BlocksTable = { number: number; hash: string };

export type MetaTable = { name: string; value: string };

export type Tables = {
  entries: EntriesTable;
  history: HistoryTable;
  heads: HeadsTable;
  patients: PatientsTable;
  providers: ProvidersTable;
  consents: ConsentsTable;
  requests: RequestsTable;
  records: RecordsTable;
  blocks: BlocksTable;
  meta: MetaTable;
};

/** Logs of one block, at most. */
const LOGS_PER_BLOCK = 2 ** 20;

export function positionOf(blockNumber: number, logIndex: number): number {
  return blockNumber * LOGS_PER_BLOCK + logIndex;
}

/** The first position after a block. */
export function endOf(blockNumber: number): number {
  return positionOf(blockNumber + 1, 0);
}

export function placeOf(position: number): { readonly blockNumber: number; readonly logIndex: number } {
  return { blockNumber: Math.floor(position / LOGS_PER_BLOCK), logIndex: position % LOGS_PER_BLOCK };
}
