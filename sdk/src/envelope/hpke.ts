import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519, type Key } from 'hpke';
import { ChartkeyError, IntegrityError } from '../errors.ts';
import { asBytes, type Bytes, concat, requireLength } from './bytes.ts';
import { FallbackKey, fallbackKem } from './fallback-kem.ts';
import { sha256 } from './hash.ts';
import { ENC_LENGTH, PUBLIC_KEY_LENGTH, SEED_LENGTH } from './layout.ts';
import { type Entropy, secureEntropy } from './random.ts';

/**
 * A recipient of seals. The private half stays behind an opaque handle; it can't be cloned to
 * another thread, so a worker is given the seed and makes its own.
 */
export type KeyPair = {
  /** 1216 bytes: ML-KEM-768 1184 ‖ X25519 32. */
  readonly publicKey: Bytes;
  /** SHA-256 of the public key: how envelopes and the log name a recipient. */
  readonly publicKeyHash: Bytes;
  readonly privateKey: Key;
};

export type SealContext = { readonly info: Uint8Array; readonly aad: Uint8Array };
export type Sealed = { readonly enc: Bytes; readonly ciphertext: Bytes };

type Suite = { readonly cipher: CipherSuite; readonly native: boolean };

const nativeCipher = () => new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
const fallbackCipher = (bytes: Entropy['bytes']) =>
  new CipherSuite(() => fallbackKem(bytes), KDF_HKDF_SHA256, AEAD_AES_256_GCM) as unknown as CipherSuite;

let detected: Promise<Suite> | undefined;
let fallbackForced = false;

/** Tests only: makes every key and seal from now on use the JavaScript KEM, or stop doing so. */
export function forceFallbackKem(force: boolean): void {
  fallbackForced = force;
}

/** Whether this runtime's own WebCrypto does the KEM. Operators and benchmarks report it. */
export async function hasNativeKem(): Promise<boolean> {
  return (await currentSuite()).native;
}

/** A key pair from a 32-byte seed, as X-Wing expands it (draft-connolly-cfrg-xwing-kem, 5.2). */
export async function keyPairFromSeed(seed: Uint8Array): Promise<KeyPair> {
  requireLength(seed, SEED_LENGTH, 'A key seed');
  const { cipher } = await currentSuite();
  const privateKey = await cipher.DeserializePrivateKey(asBytes(seed), false);
  // WebCrypto gives no public key out of a private one; the same seed expands to it here.
  return withHash(asBytes(xwing.keygen(seed).publicKey), privateKey);
}

/**
 * A fresh key pair for one opening. Non-extractable where the runtime has the KEM itself;
 * elsewhere the seed is in this page's memory for as long as the object is.
 */
export async function generateOneTimeKeyPair(): Promise<KeyPair> {
  const { cipher } = await currentSuite();
  const pair = await cipher.GenerateKeyPair(false);
  return withHash(asBytes(await cipher.SerializePublicKey(pair.publicKey)), pair.privateKey);
}

/**
 * Seals `plaintext` to one recipient: HPKE single-shot, base mode (RFC 9180, section 6.1).
 *
 * @throws ChartkeyError `INPUT_INVALID` if `publicKey` is no MLKEM768-X25519 key.
 */
export async function hpkeSeal(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  context: SealContext,
  entropy: Entropy = secureEntropy,
): Promise<Sealed> {
  requireLength(publicKey, PUBLIC_KEY_LENGTH, 'A public key');
  const { cipher } = entropy.deterministic ? reproducibleSuite(entropy) : await currentSuite();
  try {
    const recipient = await cipher.DeserializePublicKey(asBytes(publicKey));
    const sealed = await cipher.Seal(recipient, plaintext, context);
    return { enc: asBytes(sealed.encapsulatedSecret), ciphertext: asBytes(sealed.ciphertext) };
  } catch (cause) {
    throw new ChartkeyError('INPUT_INVALID', 'A public key is not a valid MLKEM768-X25519 key.', { cause });
  }
}

/**
 * Opens what {@link hpkeSeal} sealed.
 *
 * @throws IntegrityError `SEAL_BROKEN` for another key, context or ciphertext.
 */
export async function hpkeOpen(
  keyPair: KeyPair,
  enc: Uint8Array,
  ciphertext: Uint8Array,
  context: SealContext,
): Promise<Bytes> {
  try {
    const { privateKey } = keyPair;
    const cipher = privateKey instanceof FallbackKey ? fallbackCipher(secureEntropy.bytes) : nativeCipher();
    return asBytes(await cipher.Open(privateKey, enc, ciphertext, context));
  } catch (cause) {
    throw new IntegrityError('SEAL_BROKEN', 'A seal does not open with this key in this place.', { cause });
  }
}

/** enc ‖ ciphertext, as blocks and releases carry them. */
export function joinSealed(sealed: Sealed): Bytes {
  return concat(sealed.enc, sealed.ciphertext);
}

export function splitSealed(bytes: Uint8Array): Sealed {
  return { enc: asBytes(bytes.subarray(0, ENC_LENGTH)), ciphertext: asBytes(bytes.subarray(ENC_LENGTH)) };
}

function withHash(publicKey: Bytes, privateKey: Key): KeyPair {
  return { publicKey, publicKeyHash: sha256(publicKey), privateKey };
}

async function currentSuite(): Promise<Suite> {
  if (fallbackForced) return reproducibleSuite(secureEntropy);
  detected ??= detectSuite();
  return detected;
}

function reproducibleSuite(entropy: Entropy): Suite {
  return { cipher: fallbackCipher(entropy.bytes), native: false };
}

/** Tries a whole seal and open once: half an ML-KEM (no SHA-3, no raw keys) must not be chosen. */
async function detectSuite(): Promise<Suite> {
  try {
    const cipher = nativeCipher();
    const pair = await cipher.GenerateKeyPair(false);
    const publicKey = await cipher.SerializePublicKey(pair.publicKey);
    const seed = new Uint8Array(SEED_LENGTH).fill(1);
    await cipher.DeserializePrivateKey(seed, false);
    const sealed = await cipher.Seal(await cipher.DeserializePublicKey(publicKey), seed);
    await cipher.Open(pair.privateKey, sealed.encapsulatedSecret, sealed.ciphertext);
    return { cipher, native: true };
  } catch {
    return reproducibleSuite(secureEntropy);
  }
}
