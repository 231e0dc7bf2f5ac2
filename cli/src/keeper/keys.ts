import { argon2, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
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
import { type Address, bytesToHex, getAddress, isAddress, sha256 } from 'viem';
import type { Given, Option } from '../command.ts';
import { readJson, readSecret, writeNew } from '../files.ts';

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
  const operator = addressFrom(String(json?.['operator']), 'seat');
  return {
    operator,
    publicKeyHash: sha256(publicKey),
    endpoint: endpointFrom(String(json?.['endpoint']), 'seat'),
    publicKey,
  };
}

export async function openKey(path: string, passphrase: string): Promise<KeyPair> {
  const seed = await openKeyFile(await readSecret(path, 'key-file'), { passphrase, argon2id });
  const keyPair = await keyPairFromSeed(seed);
  seed.fill(0);
  return keyPair;
}

export function addressFrom(text: string, option: string): Address {
  if (isAddress(text, { strict: false })) return getAddress(text);
  throw new ChartkeyError('INPUT_INVALID', `--${option}: must be an address.`);
}

export function endpointFrom(text: string, option: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new ChartkeyError('INPUT_INVALID', `--${option}: must be an http or https URL.`);
}

/** @param fresh whether it is chosen now, and so is asked for twice */
export async function passphraseFor(given: Given, { fresh }: { readonly fresh: boolean }): Promise<string> {
  const file = given.text('passphrase-file');
  if (file !== undefined) return readSecret(file, 'passphrase-file');
  const fromEnvironment = process.env['CHARTKEY_KEEPER_PASSPHRASE'];
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new ChartkeyError(
      'INPUT_INVALID',
      'A passphrase is needed: --passphrase-file or CHARTKEY_KEEPER_PASSPHRASE.',
    );
  }
  const passphrase = await askSecret('Passphrase: ');
  if (fresh && (await askSecret('Once more: ')) !== passphrase) {
    throw new ChartkeyError('INPUT_INVALID', 'The two passphrases differ.');
  }
  return passphrase;
}

async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
