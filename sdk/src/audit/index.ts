export { alertNotice } from './alert-notice.ts';
export {
  auditIndex,
  entryOfIndex,
  type LogAudit,
} from './audit-log.ts';
export { auditLogs, patientsOf, type TrustedBlock } from './audit-logs.ts';
export { type BlockHeader, decodeHeader, encodeHeader } from './block-header.ts';
export { type AuditedEntry, checkLog, type LogFault, type LogVerdict } from './check-log.ts';
export { compareLogs, type LogFinding } from './compare-logs.ts';
export {
  describeFilter,
  type EntryFilter,
  entriesFrom,
  isWantedEntry,
  type WantedEntries,
} from './entries-from.ts';
export * from './export/index.ts';
export {
  fetchLogProof,
  HEADS_SLOT,
  headSlot,
  type LogProof,
  openLogProof,
  type PatientProof,
  type ProvenHead,
  type ProvenLog,
  verifyLogProof,
} from './log-proof.ts';
export {
  type ProofFileOptions,
  type ProofFileVerdict,
  proofFileLines,
  verifyProofFile,
} from './proof-file.ts';
export { type ProvenEntries, provenEntries } from './proven-entries.ts';
export { describeVerdict, patientsFor, reportVerdict } from './report.ts';
export {
  type Alert,
  RULES,
  type RuleChoice,
  type RuleName,
  type RuleSettings,
  type WatchedEvent,
  watchRules,
} from './rules.ts';
export { trieValue } from './trie.ts';
export { createWatcher, type Watcher } from './watcher.ts';
