import { ArchiveError, ChartkeyError, type ErrorCode } from '@chartkey/sdk';

export type Explained = {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly retryable: boolean;
  /** The file in an archive that it is about. */
  readonly path?: string;
};

/** Headings for what people meet; the error itself brings the sentence and the advice. */
const TITLES: Partial<Record<ErrorCode, string>> = {
  WALLET_REJECTED: 'You declined this in your wallet',
  WALLET_MISSING: 'No wallet is connected',
  CHAIN_WRONG: 'Your wallet is on another network',
  CHAIN_UNREACHABLE: 'The network does not answer',
  CONTRACT_REFUSED: 'This was refused',
  STORAGE_UNREACHABLE: 'Storage does not answer',
  STORAGE_NOT_STORED: 'The file could not be stored',
  STORAGE_NOT_FOUND: 'Storage does not have this record',
  STORAGE_FULL: 'Storage is full',
  STORAGE_WRONG_BYTES: 'Storage sent wrong bytes',
  STORAGE_SIGNED_OUT: 'Your sign-in to storage is over',
  STORAGE_NOT_ADMITTED: 'Storage takes nothing from this account',
  STORAGE_QUOTA: 'Your room in storage is used up',
  STORAGE_REFUSED: 'Storage refused',
  KEEPER_UNREACHABLE: 'The keepers do not answer',
  KEEPERS_TOO_FEW: 'Too few keepers answered',
  KEEPER_REFUSED: 'The keepers refused',
  KEEPER_ATTEST_FAILED: 'The keepers could not confirm',
  OPENING_REFUSED: 'You may not open this',
  INPUT_TOO_LARGE: 'This file is too large',
  ARCHIVE_MALFORMED: 'This is not a chart export',
  ARCHIVE_VERSION_UNKNOWN: 'This export is newer than this app',
  ARCHIVE_TRUNCATED: 'This export is not complete',
  ARCHIVE_UNSAFE_PATH: 'This archive is not safe',
  ARCHIVE_ALTERED: 'This export was changed',
  FILE_UNWRITABLE: 'The file could not be saved',
  RELAY_UNREACHABLE: 'The relay can’t send this now',
  RELAY_REFUSED: 'The relay refused this',
  RELAY_WRONG_ANSWER: 'The relay answered wrongly',
  SESSION_ENDED: 'Your shift has ended',
  CANCELLED: 'Cancelled',
};

/** Any error in words for a person. Never shows what a library wrote for programmers. */
export function explain(error: unknown): Explained {
  if (isOurs(error)) {
    const message = TITLES[error.code] === undefined ? '' : error.message;
    const title = TITLES[error.code] ?? error.message;
    const parts = message.replace(/\.$/, '') === title ? [error.advice] : [message, error.advice];
    return {
      ...{ title, text: parts.filter(Boolean).join(' '), code: error.code, retryable: error.retryable },
      ...(error instanceof ArchiveError && error.path !== undefined && { path: error.path }),
    };
  }
  if (error instanceof Error && UNANSWERED.has(error.name)) {
    return {
      title: TITLES.CHAIN_UNREACHABLE ?? '',
      text: 'Nothing was lost. Try again in a moment.',
      ...{ code: 'CHAIN_UNREACHABLE', retryable: true },
    };
  }
  return {
    title: 'Something went wrong',
    text: 'Nothing was lost. Try again; if it happens again, reload the page.',
    code: error instanceof Error ? error.name : 'UNKNOWN',
    retryable: true,
  };
}

/** What viem throws where a page asks the chain by itself. */
const UNANSWERED: ReadonlySet<string> = new Set(['HttpRequestError', 'TimeoutError']);

type Ours = Pick<ChartkeyError, 'code' | 'message' | 'advice' | 'retryable'>;

/** Errors from a worker have lost their class on the way, not their fields. */
function isOurs(error: unknown): error is Ours {
  if (error instanceof ChartkeyError) return true;
  return error instanceof Error && 'code' in error && 'advice' in error && 'retryable' in error;
}
