export { decodeEntry, ENTRY_TOPICS, entryInWords, type RawEntry } from './decode-entry.ts';
export { EMPTY_HEAD, type LogEntry, nextHead, recomputeHead } from './head.ts';
export {
  createHeadHasher,
  EMPTY_HEAD_BYTES,
  type EntryFields,
  entryFields,
  type HeadHasher,
  headHex,
  packEntry,
} from './head-hasher.ts';
export { DECISION_NUMBERS, PURPOSE_NUMBERS } from './numbers.ts';
