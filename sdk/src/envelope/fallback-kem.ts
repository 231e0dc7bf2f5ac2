import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import type { KEM, Key } from 'hpke';
import type { Bytes } from './bytes.ts';
import { encapsulate } from './encapsulate.ts';
import { ENC_LENGTH, PUBLIC_KEY_LENGTH, SEED_LENGTH } from './layout.ts';

/**
 * MLKEM768-X25519 in JavaScript, for runtimes whose WebCrypto has no ML-KEM.
 *
 * Warning: not constant-time, and `@noble/post-quantum` is not independently audited.
 */
export class FallbackKey implements Key {
  readonly algorithm = { name: 'MLKEM768-X25519' };
  readonly extractable: boolean;
  readonly type: 'private' | 'public';
  readonly #bytes: Uint8Array;

  constructor(type: 'private' | 'public', bytes: Uint8Array) {
    this.type = type;
    this.extractable = type === 'public';
    this.#bytes = Uint8Array.from(bytes);
  }

  static bytesOf(key: FallbackKey): Uint8Array {
    return key.#bytes;
  }
}

/**
 * @param randomBytes - where key generation and encapsulation take their coins from. X-Wing
 * encapsulates with 64: 32 for ML-KEM, 32 for the ephemeral X25519 key.
 */
export function fallbackKem(randomBytes: (length: number) => Bytes): KEM<FallbackKey> {
  return {
    id: 0x647a,
    type: 'KEM',
    name: 'MLKEM768-X25519',
    Nsecret: 32,
    Nenc: ENC_LENGTH,
    Npk: PUBLIC_KEY_LENGTH,
    Nsk: SEED_LENGTH,
    async DeriveKeyPair() {
      // Seeds are imported, never derived from other keying material.
      throw new Error('Not used by this format.');
    },
    async GenerateKeyPair() {
      return keyPairOf(randomBytes(SEED_LENGTH));
    },
    async SerializePublicKey(key) {
      return FallbackKey.bytesOf(key).slice();
    },
    async DeserializePublicKey(bytes) {
      return new FallbackKey('public', bytes);
    },
    async SerializePrivateKey() {
      throw new Error('Private keys stay inside.');
    },
    async DeserializePrivateKey(seed) {
      return new FallbackKey('private', seed);
    },
    async Encap(publicKey) {
      const coins = randomBytes(64);
      const { cipherText, sharedSecret } = await encapsulate(FallbackKey.bytesOf(publicKey), coins);
      return { enc: cipherText, shared_secret: sharedSecret };
    },
    async Decap(enc, privateKey) {
      return xwing.decapsulate(enc, FallbackKey.bytesOf(privateKey));
    },
  };
}

function keyPairOf(seed: Uint8Array) {
  return {
    privateKey: new FallbackKey('private', seed),
    publicKey: new FallbackKey('public', xwing.keygen(seed).publicKey),
  };
}
