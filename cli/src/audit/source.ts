import { ChartkeyError, type EntryFilter, type Index } from '@chartkey/sdk';
import type { Given } from '../command.ts';
import { settingsFor } from '../settings.ts';

/** The index of the settings, if they name one. @throws ChartkeyError `INPUT_INVALID` */
export async function indexFrom(given: Given): Promise<Index | undefined> {
  const { indexUrl } = await settingsFor(given);
  return indexUrl === undefined ? undefined : { url: indexUrl };
}

/** The same for a filter. @throws ChartkeyError `INPUT_INVALID` if it can't be asked for without one */
export async function indexFor(given: Given, filter: EntryFilter): Promise<Index | undefined> {
  const index = await indexFrom(given);
  if (index || filter.organisation === undefined) return index;
  throw new ChartkeyError('INPUT_INVALID', '--organisation: needs an index (--index-url).');
}

/** @throws ChartkeyError `INPUT_INVALID` if the settings name none */
export async function neededIndex(given: Given): Promise<Index> {
  const index = await indexFrom(given);
  if (index) return index;
  throw new ChartkeyError('INPUT_INVALID', 'index: none is named.', {
    advice: 'Name one: --index-url, CHARTKEY_INDEX_URL, or indexUrl in the configuration file.',
  });
}
