/**
 * The record format: the only code that knows its bytes. docs/format.md describes them.
 *
 * @example
 * const contentKey = generateContentKey();
 * const binding = { chainId, recordIndex, patient, author, salt: generateSalt() };
 * const body = sealBody({ contentKey, binding, source: file, length: file.size });
 * // … store body.ciphertext, which gives bodyDigest …
 * const envelope = await sealEnvelope({ contentKey, binding, bodyDigest, … });
 * const recordId = await recordIdOf(envelope);
 */
export { SEGMENT_LENGTH } from './body-length.ts';
export { answerChallenge, answerTo, type ChallengePlace, sealChallenge } from './challenge.ts';
export type { ByteSource } from './chunks.ts';
export {
  type OpenHandoverParameters,
  openHandover,
  type SealHandoverParameters,
  sealHandover,
} from './handover.ts';
export { generateOneTimeKeyPair, hasNativeKem, type KeyPair, keyPairFromSeed } from './hpke.ts';
export { MAX_ENVELOPE_LENGTH, PUBLIC_KEY_LENGTH, RELEASE_LENGTH, SEED_LENGTH } from './layout.ts';
export { fitTitle, openMetadata } from './metadata.ts';
export {
  MAX_RANGE_LENGTH,
  type OpenBodyParameters,
  type OpenBodyRangeParameters,
  openBody,
  openBodyRange,
  type ReadRange,
} from './open-body.ts';
export {
  combineShares,
  openKeeperBlock,
  openPatientBlock,
  recordIdOf,
  verifyContentKey,
} from './open-envelope.ts';
export { MAX_CONTENT_LENGTH, paddedLength } from './padding.ts';
export { parseEnvelope } from './parse.ts';
export {
  type OpenReleaseParameters,
  openRelease,
  type SealReleaseParameters,
  sealRelease,
} from './release.ts';
export { type RewrapParameters, rewrapEnvelope } from './rewrap.ts';
export {
  type BodySealer,
  prepareBody,
  type SealBodyParameters,
  type SealedBody,
  sealBody,
} from './seal-body.ts';
export {
  generateContentKey,
  generateSalt,
  type KeeperSeat,
  keeperSetDigest,
  type SealEnvelopeParameters,
  sealEnvelope,
} from './seal-envelope.ts';
export { ShareWrongError } from './share-wrong-error.ts';
export type {
  Binding,
  Envelope,
  KeeperBlock,
  KeeperShare,
  Metadata,
  OpeningId,
  PatientBlock,
  Progress,
  RecordId,
} from './types.ts';
