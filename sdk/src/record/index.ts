export { type AuditRecordsParameters, auditRecords, type RecordAudit } from './audit-records.ts';
export { describeFile } from './describe-file.ts';
export { type EraseRecordParameters, type ErasureReceipt, eraseRecord } from './erase-record.ts';
export { fileDigest } from './file-digest.ts';
export {
  currentKeepers,
  patientKeyBlock,
  patientPublicKey,
  publishPatientKey,
  publishPublicKey,
} from './keys.ts';
export { openOwnRecord } from './open-own-record.ts';
export {
  fetchOpening,
  type OpenedThroughKeepers,
  type OpenOutcome,
  type OpenStage,
  type OpenThroughKeepersParameters,
  openThroughKeepers,
} from './open-records.ts';
export { type OpenedRecord, readEnvelope } from './opened-record.ts';
export { recordIdFrom } from './record-id.ts';
export { recipientOf, sealRewrapped } from './rewrap.ts';
export {
  type SealedRecord,
  type SealProgress,
  type SealRecordParameters,
  sealRecord,
} from './seal-record.ts';
export { createSealSession, type SealSession } from './seal-session.ts';
