import { ChartkeyError, declineRequest, requestsOf } from '@chartkey/sdk';
import { ownPatient, signerFor } from '../access.ts';
import { type Command, only, UsageError } from '../command.ts';
import { addressFrom, timeText } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { give } from './grant.ts';
import { CONSENT_OPTIONS, consentFrom, SCOPE_OPTIONS } from './scope.ts';

export const answer: Command = {
  name: 'consent answer',
  says: 'Patient: grants what an accessor asked for, or declines it',
  positionals: 'ACCESSOR',
  options: {
    grant: { says: 'give consent: as asked, unless another scope is typed' },
    decline: { says: 'decline' },
    ...SCOPE_OPTIONS,
    ...CONSENT_OPTIONS,
    ...CHAIN_OPTIONS,
    ...WALLET_OPTIONS,
  },
  more: 'Who asked, and for what: chartkey consent list --requests',
  examples: ['consent answer 0x… --grant --until 7d', 'consent answer 0x… --decline'],
  run: async (given) => {
    if (given.on('grant') === given.on('decline'))
      throw new UsageError('Either --grant or --decline must be given');
    const accessor = addressFrom(only(given, 'ACCESSOR'), 'ACCESSOR');
    const client = await signerFor(given);
    const patient = await ownPatient(client);
    const asked = (await requestsOf(client, { patient })).find((one) => one.accessor === accessor);
    if (asked?.state !== 'pending') {
      throw new ChartkeyError('INPUT_INVALID', 'ACCESSOR: there is no request of this accessor that waits.', {
        advice: 'chartkey consent list --requests shows those that do.',
      });
    }
    if (given.on('decline')) {
      const { hash } = await declineRequest(client, { accessor });
      return {
        json: { accessor, state: 'declined', transactionHash: hash },
        lines: [`${accessor} was declined.`],
      };
    }
    const consent = consentFrom(given, asked);
    const { hash } = await give(client, accessor, consent);
    return {
      json: { accessor, state: 'granted', consent, transactionHash: hash },
      lines: [`${accessor} has consent until ${timeText(consent.expiresAt)}.`],
    };
  },
};
