import { ArchiveError, ChartkeyError } from '@chartkey/sdk';
import type { Translate } from '../i18n/messages.ts';
import type { Said } from './said.ts';

export type Explained = {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly retryable: boolean;
  /** The file in an archive that it is about. */
  readonly path?: string;
};

/**
 * Any error in words for a person. Never shows what a library wrote for programmers. Codes that
 * people meet have a heading; the error itself brings the sentence and the advice.
 */
export function explain(error: unknown, t: Translate<'errors'>, said: Said): Explained {
  if (isOurs(error)) {
    const { code, retryable, message, advice } = error;
    const heading = `titles.${code}` as Parameters<typeof t>[0];
    const sentence = said(message, code);
    const title = t.has(heading) ? t(heading) : sentence;
    const again = title.replace(/\.$/, '') === sentence.replace(/\.$/, '');
    const parts = [again ? '' : sentence, said.orNothing(advice)];
    return {
      ...{ title, text: parts.filter(Boolean).join(' '), code, retryable },
      ...(error instanceof ArchiveError && error.path !== undefined && { path: error.path }),
    };
  }
  if (error instanceof Error && UNANSWERED.has(error.name)) {
    return {
      title: t('titles.CHAIN_UNREACHABLE'),
      text: t('nothingWasLostTryAgain'),
      ...{ code: 'CHAIN_UNREACHABLE', retryable: true },
    };
  }
  return {
    title: t('somethingWentWrong'),
    text: t('nothingWasLost'),
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
