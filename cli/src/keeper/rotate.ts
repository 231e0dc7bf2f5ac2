import { ChartkeyError, keeperEpoch } from '@chartkey/sdk';
import { isAddressEqual } from 'viem';
import { readerFor } from '../access.ts';
import type { Command } from '../command.ts';
import { addressFrom, endpointFrom } from '../inputs.ts';
import { makeSeat, PASSPHRASE_OPTIONS, passphraseFor } from './keys.ts';
import { REGISTER_OPTIONS, startNextEpoch } from './register.ts';

export const rotate: Command = {
  name: 'keeper rotate',
  says: 'Makes a new key for a keeper that has a seat',
  options: {
    operator: { value: 'ADDRESS', says: 'the keeper’s id in the KeeperSet', needed: true },
    endpoint: { value: 'URL', says: 'where it will be reached (default: as before)' },
    out: { value: 'FILE', says: 'the new key file', needed: true },
    register: { says: 'start the epoch as well; for whoever is governance too' },
    ...PASSPHRASE_OPTIONS,
    ...REGISTER_OPTIONS,
  },
  more: 'The old key stays needed until every record of its epochs was re-wrapped.',
  examples: ['keeper rotate --operator 0x… --out keeper-2.key'],
  run: async (given) => {
    const operator = addressFrom(given.needed('operator'), '--operator');
    const current = await keeperEpoch(await readerFor(given));
    const seat = current?.keepers.find((keeper) => isAddressEqual(keeper.operator, operator));
    if (!seat) {
      throw new ChartkeyError('INPUT_INVALID', 'This operator has no seat in the current epoch.', {
        advice: 'A new keeper begins with: chartkey keeper init',
      });
    }
    const endpoint = endpointFrom(given.text('endpoint') ?? seat.endpoint, '--endpoint');
    const keyFile = given.needed('out');
    const passphrase = await passphraseFor(given, { fresh: true });
    const made = await makeSeat(keyFile, { operator, endpoint, passphrase });
    const steps = [
      `Key ${made.seat.publicKeyHash} is in ${keyFile}.`,
      '1. Put it in front of the old one (CHARTKEY_KEEPER_KEY_FILES=new,old) and restart the keeper.',
      `2. Governance runs: chartkey keeper register --seat ${made.seatFile}`,
    ];
    const json = { keyFile, seatFile: made.seatFile, publicKeyHash: made.seat.publicKeyHash };
    if (!given.on('register')) return { json, lines: steps };
    const started = await startNextEpoch(given, { seats: [made.seat], leaving: [] });
    return { json: { ...json, epoch: started.json }, lines: [...steps.slice(0, 2), ...started.lines] };
  },
};
