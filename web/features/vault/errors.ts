import { ArchiveError, ChartkeyError, type ErrorCode } from '@chartkey/sdk';

/** What of an error crosses from the worker: the words, never a stack or a cause. */
export type PlainError = {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly retryable: boolean;
  /** The file in an archive that it is about. */
  readonly path?: string | undefined;
};

const MARK = 'chartkey:';

/** comlink keeps an error's message and name only, so ours travels inside the message. */
export function packed(error: unknown): Error {
  return new Error(`${MARK}${JSON.stringify(plain(error))}`);
}

export function plain(error: unknown): PlainError {
  if (error instanceof ChartkeyError) {
    const { code, message, advice, retryable } = error;
    const path = error instanceof ArchiveError ? error.path : undefined;
    return { code, message, advice, retryable, ...(path !== undefined && { path }) };
  }
  return {
    code: 'UNKNOWN',
    message: 'Something went wrong.',
    advice: 'Nothing was lost. Try again; if it happens again, reload the page.',
    retryable: true,
  };
}

/** The error of ours again that {@link packed} or {@link plain} made. */
export function revive(error: unknown): Error {
  const words = wordsOf(error);
  if (!words) return error instanceof Error ? error : new Error('The worker failed.');
  const { code, message, advice, retryable, path } = words;
  if (path !== undefined) return new ArchiveError(code as ErrorCode, message, { advice, retryable, path });
  return new ChartkeyError(code as ErrorCode, message, { advice, retryable });
}

function wordsOf(error: unknown): PlainError | undefined {
  if (error instanceof Error) {
    if (!error.message.startsWith(MARK)) return undefined;
    return JSON.parse(error.message.slice(MARK.length)) as PlainError;
  }
  return typeof error === 'object' && error !== null && 'code' in error ? (error as PlainError) : undefined;
}
