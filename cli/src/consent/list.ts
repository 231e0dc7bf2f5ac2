import {
  type ChartkeyClient,
  ChartkeyError,
  type ConsentGiven,
  type ConsentRequest,
  consentsOf,
  patientOf,
  requestsFrom,
  requestsOf,
  sharedWith,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { ownAddress, readerFor } from '../access.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { addressFrom, timeText } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { scopeCells } from './scope.ts';

export const list: Command = {
  name: 'consent list',
  says: 'Lists consents that stand, or requests for one, of a patient or of an accessor',
  options: {
    patient: { value: 'ADDRESS', says: 'what this patient has given' },
    accessor: { value: 'ADDRESS', says: 'what this accessor holds' },
    requests: { says: 'requests instead, with what became of them' },
    ...CHAIN_OPTIONS,
    'wallet-file': WALLET_OPTIONS['wallet-file'],
  },
  more: 'Without either: those of the wallet of the settings, as a patient if it is one. Expired consents are in it too.',
  lists: true,
  examples: ['consent list', 'consent list --requests --json', 'consent list --accessor 0x… --ndjson'],
  run: async (given) => {
    const client = await readerFor(given);
    const who = await partyFor(given, client);
    return given.on('requests') ? requests(client, who) : consents(client, who);
  },
};

type Party = { readonly patient: Address } | { readonly accessor: Address };

async function partyFor(given: Given, client: ChartkeyClient): Promise<Party> {
  const [patient, accessor] = [given.text('patient'), given.text('accessor')];
  if (patient !== undefined && accessor !== undefined) throw new UsageError('Either --patient or --accessor');
  if (patient !== undefined) return { patient: addressFrom(patient, '--patient') };
  if (accessor !== undefined) return { accessor: addressFrom(accessor, '--accessor') };
  const wallet = await ownAddress(given);
  if (wallet === undefined) {
    throw new ChartkeyError(
      'INPUT_INVALID',
      '--patient or --accessor: none was given, and the settings name no wallet.',
    );
  }
  const own = await patientOf(client, { wallet });
  return own === undefined ? { accessor: wallet } : { patient: own };
}

async function consents(client: ChartkeyClient, who: Party): Promise<Listing<ConsentGiven>> {
  return {
    items: await ('patient' in who ? consentsOf(client, who) : sharedWith(client, who)),
    columns: ['patient', 'accessor', 'compartments', 'purposes', 'until', 'from', 'may write'],
    row: ({ patient, accessor, consent }) => [
      patient,
      accessor,
      ...scopeCells(consent),
      timeText(consent.startsAt),
      consent.mayWrite ? 'yes' : 'no',
    ],
    empty: 'No consent.',
  };
}

async function requests(client: ChartkeyClient, who: Party): Promise<Listing<ConsentRequest>> {
  return {
    items: await ('patient' in who ? requestsOf(client, who) : requestsFrom(client, who)),
    columns: ['patient', 'accessor', 'compartments', 'purposes', 'until', 'state'],
    row: (asked) => [asked.patient, asked.accessor, ...scopeCells(asked), asked.state],
    empty: 'No request.',
  };
}
