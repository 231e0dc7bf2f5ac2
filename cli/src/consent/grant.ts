import {
  accountOf,
  amendConsent,
  type ChartkeyClient,
  type Consent,
  consentOf,
  grantConsent,
  patientOf,
  type Sent,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { signerFor } from '../access.ts';
import { type Command, only } from '../command.ts';
import { addressFrom, timeText } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { CONSENT_OPTIONS, consentFrom, SCOPE_OPTIONS } from './scope.ts';

export const grant: Command = {
  name: 'consent grant',
  says: 'Patient: gives an accessor consent, or replaces the one that stands',
  positionals: 'ACCESSOR',
  options: { ...SCOPE_OPTIONS, ...CONSENT_OPTIONS, ...CHAIN_OPTIONS, ...WALLET_OPTIONS },
  examples: ['consent grant 0x… --compartments 0,3 --purposes TREAT --until 90d'],
  run: async (given) => {
    const accessor = addressFrom(only(given, 'ACCESSOR'), 'ACCESSOR');
    const consent = consentFrom(given);
    const { hash } = await give(await signerFor(given), accessor, consent);
    return {
      json: { accessor, consent, transactionHash: hash },
      lines: [`${accessor} has consent until ${timeText(consent.expiresAt)}.`],
    };
  },
};

/** The contracts tell a new consent from one that replaces another. */
export async function give(client: ChartkeyClient, accessor: Address, consent: Consent): Promise<Sent> {
  const patient = await patientOf(client, { wallet: accountOf(client) });
  const standing = patient && (await consentOf(client, { patient, accessor }));
  return (standing ? amendConsent : grantConsent)(client, { accessor, consent });
}
