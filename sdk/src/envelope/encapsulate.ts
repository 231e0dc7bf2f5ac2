import { sha3_256 } from '@noble/hashes/sha3.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { asBytes, type Bytes, concat, utf8 } from './bytes.ts';

/*
 * X-Wing's encapsulation (draft-connolly-cfrg-xwing-kem, 5.3 and 5.4) for runtimes whose WebCrypto
 * has X25519 but no ML-KEM. JavaScript's X25519 took two thirds of an encapsulation's time, and
 * the platform's is constant-time.
 */

const ML_KEM_PUBLIC_KEY_LENGTH = 1184;
/** XWingLabel */
const LABEL = utf8('\\.//^\\');
/** A PrivateKeyInfo of RFC 8410, section 7, up to the key's 32 bytes. */
const PKCS8_HEAD = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20]);
/** RFC 7748, section 4.1. */
const BASE_POINT = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0));

export type Encapsulated = { readonly cipherText: Uint8Array; readonly sharedSecret: Uint8Array };

let detected: Promise<boolean> | undefined;

/**
 * EncapsulateDerand: 64 `coins`, 32 for ML-KEM, 32 for the ephemeral X25519 key.
 *
 * @throws if `publicKey` (1216 bytes) is no X-Wing key: not reduced, or of low order.
 */
export async function encapsulate(publicKey: Uint8Array, coins: Uint8Array): Promise<Encapsulated> {
  detected ??= hasX25519();
  return (await detected) ? encapsulateWithPlatform(publicKey, coins) : xwing.encapsulate(publicKey, coins);
}

async function encapsulateWithPlatform(publicKey: Uint8Array, coins: Uint8Array): Promise<Encapsulated> {
  const pkX = publicKey.subarray(ML_KEM_PUBLIC_KEY_LENGTH);
  const ekX = coins.subarray(32);
  const ml = ml_kem768.encapsulate(publicKey.subarray(0, ML_KEM_PUBLIC_KEY_LENGTH), coins.subarray(0, 32));
  const [ctX, ssX] = await Promise.all([scalarMult(ekX, BASE_POINT), scalarMult(ekX, pkX)]);

  const sharedSecret = sha3_256(concat(ml.sharedSecret, ssX, ctX, pkX, LABEL));
  for (const secret of [ml.sharedSecret, ssX]) secret.fill(0);
  return { cipherText: concat(ml.cipherText, ctX), sharedSecret };
}

/** X25519 of RFC 7748, section 5; refuses an all-zero result, as WebCrypto must. */
async function scalarMult(scalar: Uint8Array, point: Uint8Array): Promise<Bytes> {
  const { subtle } = globalThis.crypto;
  const pkcs8 = concat(PKCS8_HEAD, scalar);
  const [key, peer] = await Promise.all([
    subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']),
    subtle.importKey('raw', asBytes(point), 'X25519', false, []),
  ]);
  return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: peer }, key, 256));
}

function hasX25519(): Promise<boolean> {
  return scalarMult(BASE_POINT, BASE_POINT).then(
    () => true,
    () => false,
  );
}
