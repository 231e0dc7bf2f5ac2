import type { Command } from '../command.ts';
import { addressFrom, endpointFrom } from '../inputs.ts';
import { makeSeat, PASSPHRASE_OPTIONS, passphraseFor } from './keys.ts';

export const init: Command = {
  name: 'keeper init',
  says: 'Makes a keeper’s key and writes it to a file under a passphrase',
  options: {
    operator: { value: 'ADDRESS', says: 'the keeper’s id in the KeeperSet', needed: true },
    endpoint: { value: 'URL', says: 'where it will be reached', needed: true },
    out: {
      value: 'FILE',
      says: 'the key file; beside it comes FILE.seat.json, for governance',
      needed: true,
    },
    ...PASSPHRASE_OPTIONS,
  },
  more: 'The key is the keeper’s only state. Keep a copy of the file offline, and the passphrase elsewhere.',
  examples: ['keeper init --operator 0x… --endpoint https://keeper.example --out keeper.key'],
  run: async (given) => {
    const operator = addressFrom(given.needed('operator'), '--operator');
    const endpoint = endpointFrom(given.needed('endpoint'), '--endpoint');
    const passphrase = await passphraseFor(given, { fresh: true });
    const keyFile = given.needed('out');
    const { seat, seatFile } = await makeSeat(keyFile, { operator, endpoint, passphrase });
    const { publicKeyHash } = seat;
    return {
      json: { keyFile, seatFile, operator, endpoint, publicKeyHash },
      lines: [
        `Key ${publicKeyHash} is in ${keyFile}.`,
        `Give ${seatFile} to governance, which runs: chartkey keeper register --seat ${seatFile}`,
      ],
    };
  },
};
