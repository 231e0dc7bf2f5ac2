import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';

/* Node's OpenSSL and @hpke/*, under the names of docs/format.md. */

export const text = (ascii: string) => Buffer.from(ascii, 'latin1');
export const join = (...parts: Uint8Array[]) => Buffer.concat(parts);

export function number(value: number | bigint, width: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out.subarray(8 - width);
}

export function sha256(...parts: Uint8Array[]): Buffer {
  return createHash('sha256')
    .update(join(...parts))
    .digest();
}

export function hmac(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  return createHmac('sha256', key)
    .update(join(...parts))
    .digest();
}

/** HKDF-Expand with SHA-384, one block. */
export function expand384(key: Uint8Array, info: Uint8Array, length: number): Buffer {
  return createHmac('sha384', key).update(info).update(Buffer.of(1)).digest().subarray(0, length);
}

/** nonce ‖ ciphertext ‖ tag */
export function sealGcm(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  return join(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

export function openGcm(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  cipher.setAAD(aad).setAuthTag(sealed.subarray(-16));
  return join(cipher.update(sealed.subarray(12, -16)), cipher.final());
}

const suite = () => new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
/** A copy that fills its buffer, which is what @hpke/core takes. */
const own = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;

/** enc 1120 ‖ ciphertext */
export async function sealHpke(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  info: string,
  aad: Uint8Array,
): Promise<Buffer> {
  const recipientPublicKey = await suite().kem.importKey('raw', own(publicKey), true);
  const sender = await suite().createSenderContext({ recipientPublicKey, info: own(text(info)) });
  const ciphertext = await sender.seal(own(plaintext), own(aad));
  return join(new Uint8Array(sender.enc), new Uint8Array(ciphertext));
}

export async function openHpke(
  seed: Uint8Array,
  sealed: Uint8Array,
  info: string,
  aad: Uint8Array,
): Promise<Buffer> {
  const recipientKey = await suite().kem.importKey('raw', own(seed), false);
  const enc = own(sealed.subarray(0, 1120));
  const opener = await suite().createRecipientContext({ recipientKey, enc, info: own(text(info)) });
  return Buffer.from(await opener.open(own(sealed.subarray(1120)), own(aad)));
}
