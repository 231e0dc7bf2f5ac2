import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Hex } from 'viem';
import { asBytes, type Bytes, concat, fromHex, requireLength, toHex, uint, utf8 } from '../envelope/bytes.ts';
import { keyPairFromSeed, SEED_LENGTH } from '../envelope/index.ts';
import { ChartkeyError, IntegrityError } from '../errors.ts';
import { z } from '../zod.ts';
import { toBase64Url } from './base64url.ts';
import { bytes } from './protocol.ts';

/** How much work a passphrase costs (Argon2id, RFC 9106). */
export type Argon2Cost = { readonly memoryKib: number; readonly passes: number; readonly lanes: number };

/** Argon2id as a runtime brings it; 32 bytes come out. */
export type Argon2id = (passphrase: Uint8Array, salt: Uint8Array, cost: Argon2Cost) => Promise<Uint8Array>;

/** RFC 9106, section 4, the second recommended choice: 64 MiB, three passes, four lanes. */
const COST: Argon2Cost = { memoryKib: 65_536, passes: 3, lanes: 4 };

/** Shorter ones are refused when a file is made; length is what guessing costs. */
export const MIN_PASSPHRASE_LENGTH = 12;

const FORMAT = 'chartkey-keeper-key/1';
const SALT_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

const schema = z.strictObject({
  format: z.literal(FORMAT),
  /** SHA-256 of the public key: which key this is, as the KeeperSet names it. */
  publicKeyHash: z.string().regex(/^0x[0-9a-f]{64}$/),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    // A file can't ask for more than a reader is willing to spend.
    memoryKib: z.int().min(8_192).max(1_048_576),
    passes: z.int().min(1).max(16),
    lanes: z.int().min(1).max(16),
    salt: bytes(SALT_LENGTH, SALT_LENGTH),
  }),
  nonce: bytes(NONCE_LENGTH, NONCE_LENGTH),
  ciphertext: bytes(SEED_LENGTH + TAG_LENGTH, SEED_LENGTH + TAG_LENGTH),
});

export type KeyFileOptions = {
  readonly passphrase: string;
  /** A faster Argon2id than the one in JavaScript, where the runtime has one. */
  readonly argon2id?: Argon2id;
};

/**
 * A keeper's seed under a passphrase, as the text of a file: Argon2id makes the key, AES-256-GCM
 * seals, and everything else in the file is authenticated with it.
 *
 * Warning: who has this file and the passphrase has one share of every record of the keeper's epochs.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a short passphrase.
 */
export async function sealKeyFile(seed: Uint8Array, options: KeyFileOptions): Promise<string> {
  requireLength(seed, SEED_LENGTH, 'A key seed');
  if (options.passphrase.length < MIN_PASSPHRASE_LENGTH) {
    throw new ChartkeyError(
      'INPUT_INVALID',
      `A passphrase has at least ${MIN_PASSPHRASE_LENGTH} characters.`,
    );
  }
  const { publicKeyHash } = await keyPairFromSeed(seed);
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
  const key = await keyOf(options, salt, COST, 'encrypt');
  const additionalData = aadOf(publicKeyHash, COST, salt);
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, asBytes(seed));
  const file = {
    format: FORMAT,
    publicKeyHash: toHex(publicKeyHash),
    kdf: { name: 'argon2id', ...COST, salt: toBase64Url(salt) },
    nonce: toBase64Url(iv),
    ciphertext: toBase64Url(new Uint8Array(ciphertext)),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The seed in a key file.
 *
 * @throws ChartkeyError `INPUT_INVALID` for what is no key file; IntegrityError `SEAL_BROKEN` for
 * another passphrase or a file that was changed.
 */
export async function openKeyFile(text: string, options: KeyFileOptions): Promise<Bytes> {
  const { publicKeyHash, kdf, nonce, ciphertext } = parseKeyFile(text);
  const { salt, memoryKib, passes, lanes } = kdf;
  const cost = { memoryKib, passes, lanes };
  const key = await keyOf(options, salt, cost, 'decrypt');
  const additionalData = aadOf(fromHex(publicKeyHash, 32, 'A key hash'), cost, salt);
  try {
    const gcm = { name: 'AES-GCM', iv: nonce, additionalData };
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, ciphertext));
  } catch (cause) {
    throw new IntegrityError('SEAL_BROKEN', 'The key file does not open with this passphrase.', {
      cause,
      advice: 'Check the passphrase. If it is right, the file was changed: take the copy.',
    });
  }
}

/** Which key a file holds, without opening it. @throws ChartkeyError `INPUT_INVALID` */
export function keyFileHash(text: string): Hex {
  return parseKeyFile(text).publicKeyHash as Hex;
}

function parseKeyFile(text: string): z.output<typeof schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the file';
  throw new ChartkeyError('INPUT_INVALID', `This is no key file of a keeper: ${field} is not valid.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function keyOf(
  { passphrase, argon2id = inJavaScript }: KeyFileOptions,
  salt: Uint8Array,
  cost: Argon2Cost,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  // One passphrase has one encoding, whatever keyboard it came from.
  const raw = await argon2id(utf8(passphrase.normalize('NFKC')), salt, cost);
  const key = await crypto.subtle.importKey('raw', asBytes(raw), 'AES-GCM', false, [usage]);
  raw.fill(0);
  return key;
}

const inJavaScript: Argon2id = (passphrase, salt, { memoryKib, passes, lanes }) =>
  argon2idAsync(passphrase, salt, { m: memoryKib, t: passes, p: lanes, dkLen: 32 });

function aadOf(publicKeyHash: Uint8Array, { memoryKib, passes, lanes }: Argon2Cost, salt: Uint8Array): Bytes {
  const numbers = [uint(memoryKib, 4), uint(passes, 2), uint(lanes, 1)];
  return concat(utf8('chartkey/1 keeper key'), new Uint8Array(1), publicKeyHash, ...numbers, salt);
}
