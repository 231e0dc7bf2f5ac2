import { ChartkeyError, type ErrorCode } from '@chartkey/sdk';
import { describe, expect, it } from 'vitest';
import { translatorIn } from '../i18n/testing.ts';
import { explain } from './explain.ts';
import { saidIn } from './said.ts';

const inEnglish = (error: unknown) =>
  explain(error, translatorIn('en', 'errors'), saidIn('en', translatorIn('en', 'sdk')));
const inGerman = (error: unknown) =>
  explain(error, translatorIn('de', 'errors'), saidIn('de', translatorIn('de', 'sdk')));

describe('explain', () => {
  it('default: a heading by code, then what the error says and advises', () => {
    const error = new ChartkeyError('STORAGE_FULL', 'No node has room.', { advice: 'Ask who runs it.' });
    expect(inEnglish(error)).toMatchObject({
      ...{ title: 'Storage is full', text: 'No node has room. Ask who runs it.', code: 'STORAGE_FULL' },
    });
  });

  it('behavior: what the heading says already is not said twice', () => {
    const advice = 'Unlock it.';
    const titled = new ChartkeyError('WALLET_REJECTED', 'You declined this in your wallet.', { advice });
    expect(inEnglish(titled)).toMatchObject({ title: 'You declined this in your wallet', text: advice });
    const untitled = new ChartkeyError('INPUT_INVALID', 'Your chart is locked.', { advice });
    expect(inEnglish(untitled)).toMatchObject({ title: 'Your chart is locked.', text: advice });
  });

  it('behavior: in German by the very sentence, with its advice', () => {
    const error = new ChartkeyError('CONTRACT_REFUSED', 'That date lies in the past.', {
      advice: 'Choose a later one.',
    });
    expect(inGerman(error)).toMatchObject({
      ...{ title: 'Das wurde abgelehnt', text: 'Dieses Datum ist vergangen. Wählen Sie ein späteres.' },
    });
  });

  it('behavior: a sentence without a translation is said by its code, and its advice not in English', () => {
    const error = new ChartkeyError('BUSY', 'A keeper says: later.', { advice: 'Wait for it.' });
    const text = 'Gerade ist zu viel los. Versuchen Sie es gleich noch einmal.';
    expect(inGerman(error)).toMatchObject({ title: text, text: '' });
  });

  it('behavior: what nobody translated stays English rather than nothing', () => {
    const error = new ChartkeyError('NEW_CODE' as ErrorCode, 'Something new.');
    expect(inGerman(error)).toMatchObject({ title: 'Something new.', code: 'NEW_CODE' });
  });

  it('error: never what a library wrote for programmers', () => {
    const text = JSON.stringify([inEnglish(new TypeError('x is not a function')), inGerman('broken')]);
    expect(text).not.toMatch(/function|broken/);
    expect(text).toContain('Etwas ist schiefgegangen');
  });
});
