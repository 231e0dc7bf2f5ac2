import { scrypt as nodeScrypt, randomBytes, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { ChartkeyError } from '@chartkey/sdk';
import { type Address, bytesToHex, getAddress, type Hex, isAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { readSecret, writeNew } from './files.ts';

/* Web3 Secret Storage, version 3: what geth, MetaMask's import, Foundry and ethers read and write. */

/** Shorter ones are refused when a file is made. */
export const MIN_PASSPHRASE_LENGTH = 12;

/** A fresh key under a passphrase, in a new file. @throws ChartkeyError `INPUT_INVALID` */
export async function createWalletFile(path: string, passphrase: string): Promise<Address> {
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
    throw invalid(`A passphrase has at least ${MIN_PASSPHRASE_LENGTH} characters.`);
  }
  const privateKey = bytesToHex(randomBytes(32));
  const { address } = privateKeyToAccount(privateKey);
  const { encryptKeystoreJson } = await keystores();
  await writeNew(path, `${await encryptKeystoreJson({ address, privateKey }, passphrase)}\n`, 0o600);
  return address;
}

/** @throws ChartkeyError `INPUT_INVALID` for another passphrase, or a file that is none */
export async function openWalletFile(path: string, passphrase: string): Promise<Hex> {
  const text = await readSecret(path, 'wallet-file');
  const { decryptKeystoreJson, isKeystoreJson } = await keystores();
  if (!isKeystoreJson(text)) throw notAWallet();
  try {
    return (await decryptKeystoreJson(text, passphrase)).privateKey as Hex;
  } catch (cause) {
    const isPassphrase = cause instanceof Error && 'code' in cause && cause.code === 'INVALID_ARGUMENT';
    throw isPassphrase
      ? invalid('--wallet-file: does not open with this passphrase.', cause)
      : notAWallet(cause);
  }
}

/** Whose key is in a file, as it says itself: nothing is opened. @throws ChartkeyError `INPUT_INVALID` */
export async function addressInWalletFile(path: string): Promise<Address> {
  const text = await readSecret(path, 'wallet-file');
  const address = addressFieldOf(text);
  if (address === undefined) throw notAWallet();
  return address;
}

/** Loaded when it is needed; with Node's own scrypt, which takes a fraction of the time of JavaScript's. */
async function keystores() {
  const [wallet, { scrypt }] = await Promise.all([import('ethers/wallet'), import('ethers/crypto')]);
  if (!isRegistered) {
    isRegistered = true;
    scrypt.register(async (passphrase, salt, N, r, p, length) => {
      // What the algorithm needs (RFC 7914), and a little for Node itself.
      const maxmem = 128 * r * (N + p) + 1_048_576;
      return scryptOf(passphrase, salt, length, { N, r, p, maxmem });
    });
  }
  return wallet;
}

let isRegistered = false;

const scryptOf = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Buffer>(nodeScrypt);

function addressFieldOf(text: string): Address | undefined {
  try {
    const { address } = JSON.parse(text) as { address?: unknown };
    const hex = `0x${String(address).replace(/^0x/, '')}`;
    return isAddress(hex, { strict: false }) ? getAddress(hex) : undefined;
  } catch {
    return undefined;
  }
}

function notAWallet(cause?: unknown): ChartkeyError {
  return invalid('--wallet-file: is not an encrypted key (Web3 Secret Storage, version 3).', cause);
}

function invalid(message: string, cause?: unknown): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message, {
    cause,
    advice: 'A new one is made by: chartkey wallet create',
  });
}
