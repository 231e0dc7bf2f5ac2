export { fromBase64Url, toBase64Url } from './base64url.ts';
export { type KeeperNetwork, requestAttest, requestInfo, requestShares } from './client.ts';
export {
  encodeHandoverEntry,
  encodeHandoverHeader,
  HANDOVER_ENTRY_LENGTH,
  HANDOVER_HEADER_LENGTH,
  type HandoverEntry,
  type HandoverHeader,
  parseHandoverEntry,
  parseHandoverHeader,
} from './handover.ts';
export {
  followJournal,
  type JournalEntry,
  type JournalHead,
  journalLine,
  journalStart,
  verifyJournal,
} from './journal.ts';
export {
  type Argon2Cost,
  type Argon2id,
  type KeyFileOptions,
  keyFileHash,
  MIN_PASSPHRASE_LENGTH,
  openKeyFile,
  sealKeyFile,
} from './key-file.ts';
export * from './problems.ts';
export {
  attestRequestSchema,
  attestResponseSchema,
  infoResponseSchema,
  journalResponseSchema,
  type KeeperInfo,
  MAX_RECORDS_PER_REQUEST,
  REFUSALS,
  type Refusal,
  type SharesRequest,
  type SharesResponse,
  sharesRequestSchema,
  sharesResponseSchema,
} from './protocol.ts';
export {
  type GatheredShares,
  type GatherSharesParameters,
  gatherShares,
  type KeeperProgress,
  type KeeperReport,
} from './shares.ts';
