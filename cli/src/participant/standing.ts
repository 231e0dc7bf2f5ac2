import {
  ChartkeyError,
  providers,
  reinstateProvider,
  type Sent,
  suspendProvider,
  verifyProvider,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { signerFor } from '../access.ts';
import { type Command, only } from '../command.ts';
import { addressFrom, timeFrom, timeText } from '../inputs.ts';
import type { Result } from '../output.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const verify: Command = {
  name: 'participant verify',
  says: 'Manager: verifies exactly what a provider applied with',
  positionals: 'PROVIDER',
  options: {
    until: { value: 'TIME', says: 'when the verification ends: 2027-01-31, 365d', needed: true },
    ...CHAIN_OPTIONS,
    ...WALLET_OPTIONS,
  },
  more: 'Look at the application first: chartkey participant list --status applied',
  examples: ['participant verify 0x… --until 365d'],
  run: async (given) => {
    const provider = addressFrom(only(given, 'PROVIDER'), 'PROVIDER');
    const expiresAt = timeFrom(given.needed('until'), '--until', 'ahead');
    const client = await signerFor(given);
    const listed = (await providers(client)).find((one) => one.provider === provider);
    if (listed === undefined) throw unknown();
    const { application } = listed;
    const { hash } = await verifyProvider(client, { provider, application, expiresAt });
    return {
      json: { provider, status: 'Verified', expiresAt, application, transactionHash: hash },
      lines: [`${provider} is verified as ${application.role} until ${timeText(expiresAt)}.`],
    };
  },
};

export const suspend = standing('suspend', {
  says: 'Manager: from this block on the provider opens nothing',
  status: 'Suspended',
  act: suspendProvider,
});

export const reinstate = standing('reinstate', {
  says: 'Manager: lifts a suspension',
  status: 'Verified',
  act: reinstateProvider,
});

type Change = {
  readonly says: string;
  readonly status: 'Suspended' | 'Verified';
  readonly act: (
    client: Awaited<ReturnType<typeof signerFor>>,
    parameters: { readonly provider: Address },
  ) => Promise<Sent>;
};

function standing(verb: string, { says, status, act }: Change): Command {
  return {
    name: `participant ${verb}`,
    says,
    positionals: 'PROVIDER',
    options: { ...CHAIN_OPTIONS, ...WALLET_OPTIONS },
    examples: [`participant ${verb} 0x…`],
    run: async (given): Promise<Result> => {
      const provider = addressFrom(only(given, 'PROVIDER'), 'PROVIDER');
      const { hash } = await act(await signerFor(given), { provider });
      return {
        json: { provider, status, transactionHash: hash },
        lines: [`${provider} is ${status === 'Suspended' ? 'suspended' : 'reinstated'}.`],
      };
    },
  };
}

function unknown(): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', 'PROVIDER: nobody has applied with this address.', {
    advice: 'chartkey participant list shows who has.',
  });
}
