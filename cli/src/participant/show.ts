import {
  type ChartkeyClient,
  ChartkeyError,
  isAuditor,
  isManager,
  type Provider,
  patientOf,
  providerOf,
  publicKeyHashOf,
  strikesOf,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { ownAddress, readerFor } from '../access.ts';
import { type Command, type Given, only } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { AREA_OPTION, addressFrom, areaFrom, timeText } from '../inputs.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const show: Command = {
  name: 'participant show',
  says: 'Tells who an address is: patient, provider, manager, auditor',
  positionals: '[ADDRESS]',
  options: {
    area: { ...AREA_OPTION, says: 'also tell whether it manages this area' },
    ...CHAIN_OPTIONS,
    'wallet-file': WALLET_OPTIONS['wallet-file'],
  },
  more: 'Without an address: the wallet of the settings; its passphrase is not needed. Exit code 1: nobody is registered there.',
  examples: ['participant show', 'participant show 0x… --area 1 --json'],
  run: async (given) => {
    const address = await addressAsked(given);
    const area = given.text('area');
    const client = await readerFor(given);
    const who = await lookUp(client, address, area === undefined ? undefined : areaFrom(area));
    const isKnown = who.patient !== null || who.provider !== null || who.auditor || who.manager === true;
    return {
      json: who,
      lines: isKnown ? linesOf(who) : [`${address} is not registered.`],
      exitCode: isKnown ? EXIT.done : EXIT.found,
    };
  },
};

async function addressAsked(given: Given): Promise<Address> {
  if (given.positionals.length > 0) return addressFrom(only(given, 'ADDRESS'), 'ADDRESS');
  const own = await ownAddress(given);
  if (own !== undefined) return own;
  throw new ChartkeyError('INPUT_INVALID', 'ADDRESS: none was given, and the settings name no wallet.');
}

async function lookUp(client: ChartkeyClient, address: Address, area: number | undefined) {
  const [patient, provider, auditor, strikes] = await Promise.all([
    patientOf(client, { wallet: address }),
    providerOf(client, { provider: address }),
    isAuditor(client, { account: address }),
    strikesOf(client, { accessor: address }),
  ]);
  const publicKeyHash = patient && (await publicKeyHashOf(client, { patient }));
  return {
    address,
    patient: patient === undefined ? null : { id: patient, publicKeyHash: publicKeyHash ?? null },
    provider: provider.status === 'None' ? null : { ...provider, strikes: strikes.count },
    auditor,
    manager: area === undefined ? null : await isManager(client, { account: address, area }),
  };
}

function linesOf({
  address,
  patient,
  provider,
  auditor,
  manager,
}: Awaited<ReturnType<typeof lookUp>>): string[] {
  return [
    address,
    ...(patient ? [`  patient ${patient.id}, key ${patient.publicKeyHash ?? 'none yet'}`] : []),
    ...(provider ? [`  ${providerLine(provider)}`] : []),
    ...(auditor ? ['  auditor'] : []),
    ...(manager ? ['  manager of the area'] : []),
  ];
}

function providerLine({
  role,
  status,
  area,
  expiresAt,
  strikes,
}: Provider & { readonly strikes: number }): string {
  const until = status === 'Applied' ? '' : `, until ${timeText(expiresAt)}`;
  return `${role} in area ${area}: ${status}${until}${strikes > 0 ? `, ${strikes} strikes` : ''}`;
}
