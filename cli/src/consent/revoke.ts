import { revokeAll, revokeConsent } from '@chartkey/sdk';
import { signerFor } from '../access.ts';
import { type Command, only, UsageError } from '../command.ts';
import { addressFrom } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const revoke: Command = {
  name: 'consent revoke',
  says: 'Patient: ends a consent, from this block on',
  positionals: '[ACCESSOR]',
  options: { all: { says: 'instead: every consent at once' }, ...CHAIN_OPTIONS, ...WALLET_OPTIONS },
  more: 'What was read already can’t be taken back.',
  examples: ['consent revoke 0x…', 'consent revoke --all'],
  run: async (given) => {
    if (given.on('all')) {
      if (given.positionals.length > 0) throw new UsageError('Either ACCESSOR or --all');
      const { hash } = await revokeAll(await signerFor(given));
      return { json: { all: true, transactionHash: hash }, lines: ['Every consent has ended.'] };
    }
    const accessor = addressFrom(only(given, 'ACCESSOR'), 'ACCESSOR');
    const { hash } = await revokeConsent(await signerFor(given), { accessor });
    return { json: { accessor, transactionHash: hash }, lines: [`The consent of ${accessor} has ended.`] };
  },
};
