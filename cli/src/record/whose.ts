import { accountOf, type ChartkeyClient, patientOf } from '@chartkey/sdk';
import { type Address, isAddressEqual } from 'viem';
import { ownPatient } from '../access.ts';
import type { Given, Option } from '../command.ts';
import { addressFrom } from '../inputs.ts';

export const PATIENT_OPTION = {
  patient: { value: 'ADDRESS', says: 'whose records (default: the wallet’s own)' },
} as const satisfies Record<string, Option>;

/** Whose chart it is, and whom the contracts hold as the author of what this wallet adds to it. */
export async function chartFor(
  given: Given,
  client: ChartkeyClient,
): Promise<{ readonly patient: Address; readonly author: Address }> {
  const named = given.text('patient');
  const patient = named === undefined ? await ownPatient(client) : addressFrom(named, '--patient');
  const own = await patientOf(client, { wallet: accountOf(client) });
  const isOwn = own !== undefined && isAddressEqual(own, patient);
  return { patient, author: isOwn ? patient : accountOf(client) };
}
