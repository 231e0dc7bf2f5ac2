import type { Translate } from '../../i18n/messages.ts';
import type { Item } from './item.ts';

/** Where a file stands. */
export function wordsFor(
  t: Translate<'addRecords'>,
  { state, split }: Pick<Item, 'state' | 'split'>,
): string {
  switch (state.step) {
    case 'waiting':
      return t('ready');
    case 'sealing':
      if (split) return t('ofEncryptedAndStored', { done: state.done, total: state.total });
      if (state.stage === 'confirming') return t('storedAskingTheKeepersTo');
      if (state.stage === 'waiting') {
        return t('interruptedAtGoingOnFrom', { percent: percentOf(state) });
      }
      return t('encryptingAndStoring', { percent: percentOf(state) });
    case 'sealed':
      return t('storedNotSignedYet');
    case 'signing':
      return t('storedWaitingForYourSignature');
    case 'done':
      return t('done');
    case 'failed':
      return state.stored ? t('storedNotSignedYet') : t('notStored');
  }
}

/** Whole, from 0 to 100. */
export function percentOf({ done, total }: { readonly done: number; readonly total: number }): number {
  return Math.floor((100 * done) / Math.max(1, total));
}
