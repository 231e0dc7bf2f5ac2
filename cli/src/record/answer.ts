import {
  acceptRecord,
  type ChartkeyClient,
  type RecordId,
  rejectRecord,
  retireRecord,
  type Sent,
} from '@chartkey/sdk';
import { signerFor } from '../access.ts';
import { type Command, only } from '../command.ts';
import { compartmentFrom, recordIdFrom } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const accept: Command = {
  name: 'record accept',
  says: 'Patient: takes a submitted record into the chart',
  positionals: 'RECORD',
  options: {
    compartment: { value: 'N', says: 'the part of the chart, 0 to 63', needed: true },
    ...CHAIN_OPTIONS,
    ...WALLET_OPTIONS,
  },
  examples: ['record accept 0x… --compartment 3'],
  run: async (given) => {
    const recordId = recordIdFrom(only(given, 'RECORD'), 'RECORD');
    const compartment = compartmentFrom(given.needed('compartment'), '--compartment');
    const { hash } = await acceptRecord(await signerFor(given), { recordId, compartment });
    return {
      json: { recordId, status: 'Active', compartment, transactionHash: hash },
      lines: [`${recordId} is in compartment ${compartment}.`],
    };
  },
};

export const reject = ending('reject', {
  says: 'Patient: rejects a submitted record for good',
  status: 'Rejected',
  act: rejectRecord,
});

export const retire = ending('retire', {
  says: 'Patient: ends a record for good: keepers refuse it from this block on',
  more: 'Its ciphertext stays in storage until somebody who runs the nodes erases it: chartkey storage erase',
  status: 'Retired',
  act: retireRecord,
});

type Ending = {
  readonly says: string;
  readonly more?: string;
  readonly status: 'Rejected' | 'Retired';
  readonly act: (client: ChartkeyClient, parameters: { readonly recordId: RecordId }) => Promise<Sent>;
};

function ending(verb: string, { says, more, status, act }: Ending): Command {
  return {
    name: `record ${verb}`,
    says,
    ...(more === undefined ? {} : { more }),
    positionals: 'RECORD',
    options: { ...CHAIN_OPTIONS, ...WALLET_OPTIONS },
    examples: [`record ${verb} 0x…`],
    run: async (given) => {
      const recordId = recordIdFrom(only(given, 'RECORD'), 'RECORD');
      const { hash } = await act(await signerFor(given), { recordId });
      return {
        json: { recordId, status, transactionHash: hash },
        lines: [`${recordId} is ${status.toLowerCase()}.`],
      };
    },
  };
}
