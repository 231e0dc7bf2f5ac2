import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Argon2id,
  ChartkeyError,
  fromBase64Url,
  type Keeper,
  type KeyPair,
  keyPairFromSeed,
  openKeyFile,
  sealKeyFile,
  toBase64Url,
} from '@chartkey/sdk';
import { type Address, bytesToHex, sha256 } from 'viem';
import type { Given, Option } from '../command.ts';
import { readJson, readSecret, writeNew } from '../files.ts';
import { addressFrom, endpointFrom } from '../inputs.ts';
import { secretFrom } from '../secrets.ts';

export const PASSPHRASE_OPTIONS = {
  'passphrase-file': {
    value: 'FILE',
    says: 'the passphrase of key files, mode 0600; else CHARTKEY_KEEPER_PASSPHRASE, else asked',
  },
} as const satisfies Record<string, Option>;

/** A keeper as it applies for a place in the KeeperSet. Nothing in it is secret. */
export type Seat = Keeper & { readonly publicKey: Uint8Array };

const argon2id: Argon2id = (message, nonce, { memoryKib: memory, passes, lanes: parallelism }) =>
  promisify(argon2)('argon2id', { message, nonce, memory, passes, parallelism, tagLength: 32 });

/** Makes a key, writes its file and beside it the seat, which goes to governance. */
export async function makeSeat(
  path: string,
  { operator, endpoint, passphrase }: { operator: Address; endpoint: string; passphrase: string },
): Promise<{ readonly seat: Seat; readonly seatFile: string }> {
  const seed = randomBytes(32);
  try {
    await writeNew(path, await sealKeyFile(seed, { passphrase, argon2id }), 0o600);
    const { publicKey, publicKeyHash } = await keyPairFromSeed(seed);
    const seat = { operator, publicKeyHash: bytesToHex(publicKeyHash), endpoint, publicKey };
    const seatFile = `${path}.seat.json`;
    await writeNew(
      seatFile,
      `${JSON.stringify({ ...seat, publicKey: toBase64Url(publicKey) }, null, 2)}\n`,
      0o644,
    );
    return { seat, seatFile };
  } finally {
    seed.fill(0);
  }
}

/** @throws ChartkeyError `INPUT_INVALID` if its parts do not belong together */
export async function readSeat(path: string): Promise<Seat> {
  const json = (await readJson(path, 'seat')) as Record<string, unknown> | null;
  const publicKey = fromBase64Url(String(json?.['publicKey']));
  const publicKeyHash = String(json?.['publicKeyHash']);
  if (!publicKey || sha256(publicKey) !== publicKeyHash) {
    throw new ChartkeyError('INPUT_INVALID', '--seat: its public key is not the one that its hash names.');
  }
  const operator = addressFrom(String(json?.['operator']), '--seat');
  return {
    operator,
    publicKeyHash: sha256(publicKey),
    endpoint: endpointFrom(String(json?.['endpoint']), '--seat'),
    publicKey,
  };
}

export async function openKey(path: string, passphrase: string): Promise<KeyPair> {
  const seed = await openKeyFile(await readSecret(path, 'key-file'), { passphrase, argon2id });
  const keyPair = await keyPairFromSeed(seed);
  seed.fill(0);
  return keyPair;
}

/** @param fresh whether it is chosen now, and so is asked for twice */
export function passphraseFor(given: Given, { fresh }: { readonly fresh: boolean }): Promise<string> {
  return secretFrom({
    name: 'A passphrase',
    option: 'passphrase-file',
    file: given.text('passphrase-file'),
    variable: 'CHARTKEY_KEEPER_PASSPHRASE',
    fresh,
  });
}
