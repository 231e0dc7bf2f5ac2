export {
  headOf,
  MAX_OPENING_BATCH,
  type Opening,
  type OpenRecordsResult,
  openingIdOf,
  openingToChain,
  openRecords,
  strikesOf,
} from './access-log.ts';
export { type Action, actionOf, actionTypedData, forwardTypedData, type UnsignedRequest } from './actions.ts';
export { type Activity, activityIn, historyOf, MAX_ACTIVITY_BLOCKS, recordIdOfEnvelope } from './activity.ts';
export {
  type AroundRelay,
  accountOf,
  type ChartkeyClient,
  createChartkeyClient,
  type RelayChoice,
  type Sent,
  type Session,
  type SessionKey,
  type Wallet,
} from './client.ts';
export { COMPARTMENT_COUNT, compartmentsFromMask, compartmentsToMask } from './compartments.ts';
export * from './consents.ts';
export {
  DECISIONS,
  type Decision,
  decisionAt,
  describeDecision,
  GROUNDS,
  type Ground,
  type MarkedGround,
  markAt,
} from './decisions.ts';
export { type Deployment, parseDeployment } from './deployment.ts';
export * from './emergencies.ts';
export { ERROR_WORDS } from './error-words.ts';
export * from './events.ts';
export { canPay } from './fees.ts';
export * from './generated/index.ts';
export {
  advanceEpoch,
  type EpochPlan,
  type EpochProgress,
  type KeeperChange,
  planEpoch,
} from './governance.ts';
export * from './guardianship.ts';
export * from './keepers.ts';
export { type LogEntriesQuery, logEntries } from './log-entries.ts';
export { type LogQuery, type LogRange, logRanges, type RawLog } from './log-ranges.ts';
export * from './participants.ts';
export { type ProviderList, providerListOf } from './provider-list.ts';
export * from './records.ts';
export { forwardedData } from './relayed.ts';
export { type OpenedState, releaseState } from './release-state.ts';
export * from './representatives.ts';
export { toChainError } from './revert.ts';
export { endSession, MAX_SESSION_SECONDS, sessionOf, startSession } from './session.ts';
export type { ConsentGiven, ConsentRequest } from './sharing-list.ts';
export {
  describeReason,
  describeRole,
  EMERGENCY_REASONS,
  type EmergencyReason,
  PROVIDER_STATUSES,
  type ProviderStatus,
  RECORD_STATUSES,
  type RecordStatus,
  ROLES,
  type Role,
} from './vocabulary.ts';
