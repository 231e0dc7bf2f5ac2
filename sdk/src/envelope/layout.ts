/*
 * The envelope's bytes: fixed, big-endian, nothing optional. docs/format.md, section 2.
 * Every offset and length of the format is here and nowhere else.
 */

/** "CHARTKY1" */
export const MAGIC = Uint8Array.of(0x43, 0x48, 0x41, 0x52, 0x54, 0x4b, 0x59, 0x31);
export const VERSION = 1;
/** HPKE base mode: MLKEM768-X25519 (0x647a), HKDF-SHA256, AES-256-GCM. */
export const KEM_SUITE = 2;
/** FLOE: AES-256-GCM, HKDF-Expand-SHA-384, IV 32, encrypted segments of 262144 bytes. */
export const BODY_SUITE = 1;
/** The patient has no key yet: the patient block is there and all zero. */
export const FLAG_NO_PATIENT_BLOCK = 1;

export const MIN_THRESHOLD = 2;
export const MAX_KEEPERS = 32;

export const PUBLIC_KEY_LENGTH = 1216;
export const SEED_LENGTH = 32;
/** E: what HPKE sends along so that the recipient finds the shared secret. */
export const ENC_LENGTH = 1120;
/** 32 sealed bytes and a tag of 16: the content key, or one share of it. */
export const SEALED_LENGTH = 48;
export const RELEASE_LENGTH = ENC_LENGTH + SEALED_LENGTH;

export const CONTENT_KEY_LENGTH = 32;
export const FLOE_HEADER_LENGTH = 74;
export const METADATA_PLAIN_LENGTH = 512;
export const METADATA_NONCE_LENGTH = 12;
export const METADATA_LENGTH = METADATA_NONCE_LENGTH + METADATA_PLAIN_LENGTH + 16;
export const MAC_LENGTH = 32;

export const OFFSET = {
  magic: 0,
  version: 8,
  kemSuite: 10,
  bodySuite: 11,
  threshold: 12,
  keepers: 13,
  flags: 14,
  length: 16,
  epoch: 20,
  chainId: 24,
  recordIndex: 32,
  patient: 52,
  author: 72,
  salt: 92,
  keeperSet: 124,
  bodyLength: 156,
  bodyDigest: 164,
  keyCommit: 196,
  floeHeader: 228,
  metadata: 302,
  patientBlock: 842,
} as const;

/** Bytes 0..301 are what `ctx` hashes: all that stands before the first sealed thing. */
export const PREFIX_LENGTH = OFFSET.metadata;

/** recipient 32 ‖ enc ‖ sealed content key */
export const PATIENT_BLOCK_LENGTH = 32 + ENC_LENGTH + SEALED_LENGTH;
/** x 1 ‖ recipient 32 ‖ commitment 32 ‖ enc ‖ sealed share */
export const KEEPER_BLOCK_LENGTH = 65 + ENC_LENGTH + SEALED_LENGTH;

export const KEEPER_BLOCKS_OFFSET = OFFSET.patientBlock + PATIENT_BLOCK_LENGTH;

/** The one length an envelope with `n` keeper blocks has. */
export function envelopeLength(n: number): number {
  return KEEPER_BLOCKS_OFFSET + n * KEEPER_BLOCK_LENGTH + MAC_LENGTH;
}

export const MIN_ENVELOPE_LENGTH = envelopeLength(MIN_THRESHOLD);
export const MAX_ENVELOPE_LENGTH = envelopeLength(MAX_KEEPERS);
