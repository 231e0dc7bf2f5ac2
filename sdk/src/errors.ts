/**
 * The one error tree. Each error has a stable `code` for programs, a `message` and
 * `advice` in plain words for people, and says whether trying again can help.
 *
 * Warning: messages reach screens and logs. They never carry health data, a name, a
 * file name, a key or a patient's address; field names and public limits are fine.
 */
export class ChartkeyError extends Error {
  override readonly name: string = 'ChartkeyError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly advice: string;

  constructor(code: ErrorCode, message: string, options: ChartkeyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.advice = options.advice ?? defaultAdvice(this.retryable);
  }
}

export type ChartkeyErrorOptions = {
  readonly retryable?: boolean;
  readonly advice?: string;
  readonly cause?: unknown;
};

/** Bytes that are not what the format demands: refused before anything is believed. */
export class EnvelopeError extends ChartkeyError {
  override readonly name = 'EnvelopeError';
}

/** Sealed bytes that do not open: wrong key, altered, cut, reordered, or transplanted. */
export class IntegrityError extends ChartkeyError {
  override readonly name = 'IntegrityError';
}

/** Storage that is down, lacks the bytes, or answered with others than were asked for. */
export class StorageError extends ChartkeyError {
  override readonly name = 'StorageError';
}

/** An archive that is none of ours, damaged, or made to hurt. */
export class ArchiveError extends ChartkeyError {
  override readonly name = 'ArchiveError';
  /**
   * The file in the archive that it is about, for the screen of whoever chose the archive. It may
   * say what a record is about, so it stands outside the message and belongs in no log.
   */
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, options: ChartkeyErrorOptions & { path?: string } = {}) {
    super(code, message, options);
    this.path = options.path;
  }
}

/** Keepers that are down, refused, or answered with something that does not verify. */
export class KeeperError extends ChartkeyError {
  override readonly name = 'KeeperError';
}

/** The chain or the wallet said no, or is not the one that was expected. */
export class ChainError extends ChartkeyError {
  override readonly name = 'ChainError';
}

/** A relay that is down, refuses, or answered with something that is no answer. */
export class RelayError extends ChartkeyError {
  override readonly name = 'RelayError';
}

/** An index that is down, refuses, or answered with something that is no answer. */
export class IndexError extends ChartkeyError {
  override readonly name = 'IndexError';
}

export type ErrorCode =
  // input
  | 'INPUT_INVALID'
  | 'INPUT_TOO_LARGE'
  | 'FILE_UNWRITABLE'
  | 'CANCELLED'
  // envelope
  | 'ENVELOPE_MALFORMED'
  | 'ENVELOPE_VERSION_UNKNOWN'
  | 'ENVELOPE_SUITE_UNKNOWN'
  | 'ENVELOPE_LENGTH'
  | 'ENVELOPE_FIELD'
  // integrity
  | 'SEAL_BROKEN'
  | 'SHARE_WRONG'
  | 'SHARES_INCONSISTENT'
  | 'SHARES_TOO_FEW'
  | 'KEY_COMMITMENT_MISMATCH'
  | 'ENVELOPE_MAC_MISMATCH'
  | 'METADATA_BROKEN'
  | 'BODY_HEADER_BROKEN'
  | 'BODY_SEGMENT_BROKEN'
  | 'BODY_TRUNCATED'
  | 'BODY_EXTENDED'
  | 'JOURNAL_BROKEN'
  | 'PROOF_MALFORMED'
  | 'PROOF_BROKEN'
  | 'LOG_BROKEN'
  // storage
  | 'STORAGE_UNREACHABLE'
  | 'STORAGE_REFUSED'
  | 'STORAGE_NOT_FOUND'
  | 'STORAGE_WRONG_BYTES'
  | 'STORAGE_FULL'
  | 'STORAGE_NOT_STORED'
  | 'STORAGE_SIGNED_OUT'
  | 'STORAGE_NOT_ADMITTED'
  | 'STORAGE_QUOTA'
  // archives
  | 'ARCHIVE_MALFORMED'
  | 'ARCHIVE_VERSION_UNKNOWN'
  | 'ARCHIVE_TRUNCATED'
  | 'ARCHIVE_UNSAFE_PATH'
  | 'ARCHIVE_ALTERED'
  // keepers
  | 'KEEPER_UNREACHABLE'
  | 'KEEPER_REFUSED'
  | 'KEEPER_WRONG_ANSWER'
  | 'KEEPERS_TOO_FEW'
  | 'KEEPER_ATTEST_FAILED'
  // what a keeper says no with (words: keeper/problems.ts)
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'MEDIA_TYPE_UNKNOWN'
  | 'RATE_LIMITED'
  | 'WRONG_CHAIN'
  | 'WRONG_CONTRACT'
  | 'KEEPER_SET_WRONG'
  | 'NOT_MY_ENVELOPE'
  | 'SHARE_BROKEN'
  | 'INTERNAL'
  | 'BUSY'
  // chain and wallet
  | 'CHAIN_UNREACHABLE'
  | 'CHAIN_WRONG'
  | 'CHAIN_STALE'
  | 'CHAIN_BEHIND'
  | 'CHAIN_DISAGREES'
  | 'CONTRACT_REFUSED'
  | 'WALLET_REJECTED'
  | 'WALLET_MISSING'
  | 'RECORD_UNKNOWN'
  | 'OPENING_REFUSED'
  // relay
  | 'SESSION_ENDED'
  | 'RELAY_UNREACHABLE'
  | 'RELAY_REFUSED'
  | 'RELAY_WRONG_ANSWER'
  // index
  | 'INDEX_UNREACHABLE'
  | 'INDEX_REFUSED'
  | 'INDEX_WRONG_ANSWER';

function defaultAdvice(retryable: boolean): string {
  return retryable ? 'Try again in a moment; nothing was lost.' : 'Nothing was changed.';
}
