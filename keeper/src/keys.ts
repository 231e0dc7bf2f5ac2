import { execFile } from 'node:child_process';
import { argon2 } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Argon2id, type KeyPair, keyPairFromSeed, openKeyFile } from '@chartkey/sdk';
import { hexToBytes } from 'viem';

/**
 * Where a keeper's seeds come from: 32 bytes each, the one of the newest epoch first. A key
 * management service is one function: it fetches or unwraps the seeds and returns them.
 *
 * Warning: whoever can call this has one share of every record of the keeper's epochs. It is
 * called once, at the start; the seeds are wiped from memory after keys were made of them.
 */
export type KeySource = () => Promise<readonly Uint8Array[]>;

/** More epochs with keys of their own than a keeper will see before their records are re-wrapped. */
const MAX_KEYS = 32;

const SEED = /^0x[0-9a-fA-F]{64}$/;

/** How long a program that brings keys may take, in milliseconds: somebody may have to touch a token. */
const COMMAND_TIMEOUT_MS = 60_000;

/** OpenSSL's Argon2id: a tenth of the time of the one in JavaScript, to the same result. */
export const nativeArgon2id: Argon2id = (message, nonce, { memoryKib: memory, passes, lanes }) =>
  promisify(argon2)('argon2id', { message, nonce, memory, passes, parallelism: lanes, tagLength: 32 });

/** Seeds in hex, separated by blanks, commas or lines. @throws Error that never repeats them */
export function seedsFromText(text: string): KeySource {
  const seeds = text.trim().split(/[\s,]+/);
  if (!seeds.every((seed) => SEED.test(seed))) throw new Error('must hold 0x and 64 hex digits for each key');
  return async () => seeds.map((seed) => hexToBytes(seed as `0x${string}`));
}

export function seedsFromFile(path: string): KeySource {
  return async () => seedsFromText(await readSecret(path))();
}

/** Key files as `chartkey keeper init` writes them, all under one passphrase. */
export function seedsFromKeyFiles(paths: readonly string[], passphrase: () => Promise<string>): KeySource {
  return async () => {
    const secret = await passphrase();
    const seeds: Uint8Array[] = [];
    for (const path of paths) {
      const options = { passphrase: secret, argon2id: nativeArgon2id };
      seeds.push(await openKeyFile(await readSecret(path), options));
    }
    return seeds;
  };
}

/**
 * A program that prints the seeds, such as the command line of a key management service that
 * decrypts them. It is started without a shell; what it says on stderr goes nowhere.
 */
export function seedsFromCommand([program, ...args]: readonly string[]): KeySource {
  return async () => {
    const started = promisify(execFile)(program ?? '', args, {
      timeout: COMMAND_TIMEOUT_MS,
      encoding: 'utf8',
    });
    const { stdout } = await started.catch((cause: unknown) => {
      // Node's message has the whole command line in it.
      throw new Error(`the program failed (${codeOf(cause)})`);
    });
    return seedsFromText(stdout)();
  };
}

/** A file that nobody else may read. @throws Error with one line, without the path or what is in it */
export async function readSecret(path: string): Promise<string> {
  const { mode } = await stat(path).catch(unreadable);
  if ((mode & 0o077) !== 0) throw new Error('others may read it; its mode must be 0600 or less');
  return (await readFile(path, 'utf8').catch(unreadable)).trim();
}

/** The keeper's keys, the newest first. @throws Error with one line */
export async function keyPairsOf(source: KeySource): Promise<readonly [KeyPair, ...KeyPair[]]> {
  const seeds = await source();
  if (seeds.length > MAX_KEYS) throw new Error(`a keeper has at most ${MAX_KEYS} keys`);
  const [newest, ...older] = await Promise.all(seeds.map(keyPairFromSeed));
  for (const seed of seeds) seed.fill(0);
  if (!newest) throw new Error('a keeper needs a key');
  return [newest, ...older];
}

function unreadable(cause: unknown): never {
  throw new Error(`can’t be read (${codeOf(cause)})`, { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
