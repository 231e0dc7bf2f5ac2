import type { Command } from '../command.ts';
import { secretFrom } from '../secrets.ts';
import { WALLET_OPTIONS } from '../settings.ts';
import { createWalletFile } from '../wallet-file.ts';

export const create: Command = {
  name: 'wallet create',
  says: 'Makes a key that signs, encrypted under a passphrase',
  options: {
    out: { value: 'FILE', says: 'the new file; never one that is there', needed: true },
    'wallet-passphrase-file': WALLET_OPTIONS['wallet-passphrase-file'],
  },
  more: 'The file is Web3 Secret Storage: geth, Foundry, MetaMask and ethers read it, and theirs work here.',
  examples: ['wallet create --out clinic.wallet.json'],
  run: async (given) => {
    const passphrase = await secretFrom({
      name: 'A passphrase',
      option: 'wallet-passphrase-file',
      file: given.text('wallet-passphrase-file'),
      variable: 'CHARTKEY_WALLET_PASSPHRASE',
      fresh: true,
    });
    const walletFile = given.needed('out');
    const address = await createWalletFile(walletFile, passphrase);
    return { json: { walletFile, address }, lines: [`The key of ${address} is in ${walletFile}.`] };
  },
};
