import { type Bytes, concat, equal, utf8 } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { type KeyPair, keyPairFromSeed, SEED_LENGTH } from '../envelope/index.ts';
import { ChartkeyError, IntegrityError } from '../errors.ts';
import { encodeBeforeRing, encodeSeeds, MAX_SEEDS, MAX_WRAPS, parseKeyBlock, parseSeeds } from './layout.ts';
import {
  RING_KEY_LENGTH,
  readRingKey,
  type Unlocker,
  unwrapRingKey,
  type Wrap,
  wrapRingKey,
} from './wraps.ts';

/** A patient's keys at work. Nothing of it can be read out where the runtime has the KEM itself. */
export type UnlockedRing = {
  /** The newest first: the one that stands on chain, then those of records that were sealed before. */
  readonly keyPairs: readonly [KeyPair, ...KeyPair[]];
  /** Opens the ring again, for {@link renewKeyBlock}. Non-extractable. */
  readonly ringKey: CryptoKey;
};

export type MadeKeyBlock = UnlockedRing & {
  /** To be stored; its SHA-256 goes on chain. */
  readonly block: Bytes;
};

/**
 * A patient's first key: a random seed, in a ring that each of `unlockers` opens.
 *
 * @example
 * const { block, keyPairs } = await createKeyBlock([{ kind: 'code', code: generateRecoveryCode() }]);
 *
 * @throws ChartkeyError `INPUT_INVALID`
 */
export function createKeyBlock(unlockers: readonly Unlocker[]): Promise<MadeKeyBlock> {
  return sealWithNewRingKey([freshSeed()], unlockers);
}

/**
 * The patient's keys out of their block.
 *
 * @throws ChartkeyError `INPUT_INVALID` if it is another's code or passkey, or the code has a slip in it
 * @throws EnvelopeError, IntegrityError `SEAL_BROKEN` for a block that was not made by us
 */
export async function openKeyBlock(block: Uint8Array, unlocker: Unlocker): Promise<UnlockedRing> {
  const { ring } = parseKeyBlock(block);
  for (const wrap of ring?.wraps ?? []) {
    const ringKey = await unwrapRingKey(unlocker, wrap);
    if (ringKey) return unlocked(await openSeeds(block, ringKey), ringKey, block);
  }
  throw belongsElsewhere(unlocker);
}

/**
 * One more way of unlocking the same ring: the key, the kit and everything that is sealed stay
 * what they are. Nothing that is unlocked can do that by itself, so a way that opens it is asked for.
 *
 * @param existing - for instance the code on the kit.
 * @param added - for instance a new passkey.
 * @throws ChartkeyError `INPUT_INVALID` when eight ways are there already; else as {@link openKeyBlock}
 */
export async function addUnlocker(
  block: Uint8Array,
  existing: Unlocker,
  added: Unlocker,
): Promise<MadeKeyBlock> {
  const wraps = parseKeyBlock(block).ring?.wraps ?? [];
  if (wraps.length >= MAX_WRAPS) {
    throw new ChartkeyError('INPUT_INVALID', `A key has at most ${MAX_WRAPS} ways to open it.`, {
      advice: 'Make a new key with a new kit: it starts with the ones that you have now.',
    });
  }
  for (const wrap of wraps) {
    const raw = await readRingKey(existing, wrap);
    if (!raw) continue;
    try {
      const ringKey = await importRingKey(raw);
      const more = [...wraps, await wrapRingKey(added, raw)];
      return await seal(await openSeeds(block, ringKey), ringKey, more);
    } finally {
      raw.fill(0);
    }
  }
  throw belongsElsewhere(existing);
}

/**
 * A new seed in front of those that are there. Without `unlockers` the code and the passkey
 * stay what they are; with them, only the new ones open what comes back.
 *
 * @throws ChartkeyError `INPUT_INVALID` when the ring is full; else as {@link openKeyBlock}
 */
export async function renewKeyBlock(
  block: Uint8Array,
  ringKey: CryptoKey,
  unlockers?: readonly Unlocker[],
): Promise<MadeKeyBlock> {
  const seeds = [freshSeed(), ...(await openSeeds(block, ringKey))];
  if (seeds.length > MAX_SEEDS) {
    throw new ChartkeyError('INPUT_INVALID', `A key ring holds ${MAX_SEEDS} keys, and this one is full.`, {
      advice: 'Move all records to the newest key, then start a new ring.',
    });
  }
  if (unlockers) return sealWithNewRingKey(seeds, unlockers);
  return seal(seeds, ringKey, parseKeyBlock(block).ring?.wraps ?? []);
}

async function sealWithNewRingKey(
  seeds: readonly Bytes[],
  unlockers: readonly Unlocker[],
): Promise<MadeKeyBlock> {
  const raw = crypto.getRandomValues(new Uint8Array(RING_KEY_LENGTH));
  try {
    const ringKey = await importRingKey(raw);
    const wraps: Wrap[] = [];
    for (const unlocker of unlockers) wraps.push(await wrapRingKey(unlocker, raw));
    return await seal(seeds, ringKey, wraps);
  } finally {
    raw.fill(0);
  }
}

async function seal(
  seeds: readonly Bytes[],
  ringKey: CryptoKey,
  wraps: readonly Wrap[],
): Promise<MadeKeyBlock> {
  const [newest] = seeds;
  if (!newest) throw new RangeError('A ring without a seed.');
  const before = encodeBeforeRing((await keyPairFromSeed(newest)).publicKey, wraps);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plaintext = encodeSeeds(seeds);
  const ciphertext = await crypto.subtle.encrypt(gcm(nonce, before), ringKey, plaintext);
  plaintext.fill(0);
  const block = concat(before, nonce, new Uint8Array(ciphertext));
  return { ...(await unlocked(seeds, ringKey, block)), block };
}

async function openSeeds(block: Uint8Array, ringKey: CryptoKey): Promise<readonly Bytes[]> {
  const { publicKey, ring } = parseKeyBlock(block);
  if (!ring) throw broken();
  try {
    const before = encodeBeforeRing(publicKey, ring.wraps);
    const plaintext = await crypto.subtle.decrypt(gcm(ring.nonce, before), ringKey, ring.ciphertext);
    const seeds = parseSeeds(new Uint8Array(plaintext));
    new Uint8Array(plaintext).fill(0);
    return seeds;
  } catch (cause) {
    throw broken(cause);
  }
}

/** Makes the pairs, wipes the seeds. */
async function unlocked(
  seeds: readonly Bytes[],
  ringKey: CryptoKey,
  block: Uint8Array,
): Promise<UnlockedRing> {
  const [newest, ...older] = await Promise.all(seeds.map(keyPairFromSeed));
  for (const seed of seeds) seed.fill(0);
  if (!newest || !equal(newest.publicKey, parseKeyBlock(block).publicKey)) throw broken();
  return { keyPairs: [newest, ...older], ringKey };
}

function importRingKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function belongsElsewhere({ kind }: Unlocker): ChartkeyError {
  return kind === 'code'
    ? new ChartkeyError('INPUT_INVALID', 'This code belongs to another chart.', {
        advice: 'Use the newest recovery kit of this chart.',
      })
    : new ChartkeyError('INPUT_INVALID', 'This passkey does not open this chart.', {
        advice: 'Choose the one that you made for this chart, or use the code on your recovery kit.',
      });
}

function gcm(iv: Bytes, before: Uint8Array) {
  const additionalData = concat(utf8('chartkey/1 ring'), new Uint8Array(1), sha256(before));
  return { name: 'AES-GCM', iv, additionalData };
}

function freshSeed(): Bytes {
  return crypto.getRandomValues(new Uint8Array(SEED_LENGTH));
}

function broken(cause?: unknown): IntegrityError {
  return new IntegrityError(
    'SEAL_BROKEN',
    'The key ring does not open: its block is not the one that was made.',
    {
      cause,
    },
  );
}
