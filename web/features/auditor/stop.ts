import { ChartkeyError } from '@chartkey/sdk';

/** @throws ChartkeyError `CANCELLED` once its person has left, or said so */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ChartkeyError('CANCELLED', 'This was cancelled.', { retryable: true });
}
