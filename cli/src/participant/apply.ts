import { accountOf, ROLES, registerProvider } from '@chartkey/sdk';
import { keccak256, toBytes, zeroAddress, zeroHash } from 'viem';
import { signerFor } from '../access.ts';
import type { Command } from '../command.ts';
import { readText } from '../files.ts';
import { AREA_OPTION, addressFrom, areaFrom, oneOf } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

const PROVIDER_ROLES = ROLES.filter((role) => role !== 'None');

export const apply: Command = {
  name: 'participant apply',
  says: 'Applies to be a provider; the manager of the area verifies',
  options: {
    role: { value: 'ROLE', says: PROVIDER_ROLES.join(', '), needed: true, choices: PROVIDER_ROLES },
    area: { ...AREA_OPTION, needed: true },
    organisation: { value: 'ADDRESS', says: 'whose member this provider is' },
    'credential-file': {
      value: 'FILE',
      says: 'the licence’s number, as text; its Keccak-256 goes on the chain, and the text nowhere',
    },
    ...CHAIN_OPTIONS,
    ...WALLET_OPTIONS,
  },
  examples: ['participant apply --role clinician --area 1 --credential-file licence.txt'],
  run: async (given) => {
    const organisation = given.text('organisation');
    const credential = given.text('credential-file');
    const application = {
      role: oneOf(PROVIDER_ROLES, given.needed('role'), '--role'),
      area: areaFrom(given.needed('area')),
      organisation: organisation === undefined ? zeroAddress : addressFrom(organisation, '--organisation'),
      credentialHash:
        credential === undefined
          ? zeroHash
          : keccak256(toBytes((await readText(credential, 'credential-file')).trim())),
    };
    const client = await signerFor(given);
    const { hash } = await registerProvider(client, application);
    const provider = accountOf(client);
    return {
      json: { provider, application, transactionHash: hash },
      lines: [`${provider} has applied as ${application.role} in area ${application.area}.`],
    };
  },
};
