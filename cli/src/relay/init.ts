import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import type { Command } from '../command.ts';
import { writeNew } from '../files.ts';

export const init: Command = {
  name: 'relay init',
  says: 'Makes the key of the account that a relay sends and pays with',
  options: { out: { value: 'FILE', says: 'the key file, which nobody else may read', needed: true } },
  more: [
    'Give its address ether, as much as you are ready to lose: the key has to lie open beside the',
    'relay, and can do nothing but spend that. On a network without fees it needs none.',
  ].join(' '),
  examples: ['relay init --out relay.key'],
  run: async (given) => {
    const keyFile = given.needed('out');
    const key = generatePrivateKey();
    await writeNew(keyFile, `${key}\n`, 0o600);
    const address = privateKeyToAddress(key);
    return {
      json: { keyFile, address },
      lines: [
        `The key of ${address} is in ${keyFile}.`,
        `Give that address ether, set CHARTKEY_RELAY_KEY_FILE=${keyFile}, and run: chartkey relay doctor`,
      ],
    };
  },
};
