import { requestConsent } from '@chartkey/sdk';
import { signerFor } from '../access.ts';
import { type Command, only } from '../command.ts';
import { addressFrom } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { SCOPE_OPTIONS, scopeFrom } from './scope.ts';

export const request: Command = {
  name: 'consent request',
  says: 'Provider: asks a patient for consent. Gives nothing by itself',
  positionals: 'PATIENT',
  options: { ...SCOPE_OPTIONS, ...CHAIN_OPTIONS, ...WALLET_OPTIONS },
  examples: ['consent request 0x… --compartments 0 --purposes TREAT --until 30d'],
  run: async (given) => {
    const patient = addressFrom(only(given, 'PATIENT'), 'PATIENT');
    const scope = scopeFrom(given);
    const { hash } = await requestConsent(await signerFor(given), { patient, ...scope });
    return {
      json: { patient, ...scope, transactionHash: hash },
      lines: [`${patient} has been asked.`],
    };
  },
};
