import { argon2idAsync } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { asBytes, type Bytes, concat, requireLength, uint, utf8 } from '../envelope/bytes.ts';
import { decodeRecoveryCode } from './recovery-code.ts';

/** What a patient unlocks with: the code of the recovery kit, or the 32 bytes that a passkey's PRF gives. */
export type Unlocker =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'passkey'; readonly prf: Uint8Array };

/** The ring key, sealed to one way of unlocking. `head` says how; all of it is authenticated. */
export type Wrap = {
  readonly kind: Unlocker['kind'];
  /** Kind, parameters, salt: what the wrapping key is made with. */
  readonly head: Bytes;
  /** Nonce 12 ‖ ring key 32 ‖ tag 16. */
  readonly sealed: Bytes;
};

export const WRAP_KINDS = { code: 1, passkey: 2 } as const;
/** Bytes of `head`: kind 1 ‖ memory 4 ‖ passes 2 ‖ lanes 1 ‖ salt 32; kind 1 ‖ salt 32. */
export const HEAD_LENGTHS = { code: 40, passkey: 33 } as const;
export const SEALED_LENGTH = 12 + 32 + 16;
export const RING_KEY_LENGTH = 32;

/**
 * Argon2id (RFC 9106) for new kits: 64 MiB, two passes, one lane; about a second in JavaScript.
 * A code has 160 random bits, so this is a second wall, not the one that everything rests on.
 */
const ARGON2 = { memoryKib: 65_536, passes: 2, lanes: 1 };

/** What a reader is willing to spend, so that a forged wrap can't exhaust it. */
const MAX_MEMORY_KIB = 262_144;
const MAX_PASSES = 16;
const MAX_LANES = 4;

/** The PRF input of every passkey. A passkey answers each site and each of its keys differently anyway. */
export const PASSKEY_PRF_INPUT: Bytes = utf8('chartkey/1 passkey');

/** Seals the ring key to one way of unlocking, with fresh salt and nonce. */
export async function wrapRingKey(unlocker: Unlocker, ringKey: Uint8Array): Promise<Wrap> {
  requireLength(ringKey, RING_KEY_LENGTH, 'A ring key');
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const head =
    unlocker.kind === 'code'
      ? concat(
          Uint8Array.of(WRAP_KINDS.code),
          uint(ARGON2.memoryKib, 4),
          uint(ARGON2.passes, 2),
          uint(ARGON2.lanes, 1),
          salt,
        )
      : concat(Uint8Array.of(WRAP_KINDS.passkey), salt);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const key = await wrappingKey(unlocker, head, ['encrypt']);
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: wrapAad(head) };
  const ciphertext = await crypto.subtle.encrypt(parameters, key, asBytes(ringKey));
  return { kind: unlocker.kind, head, sealed: concat(nonce, new Uint8Array(ciphertext)) };
}

/**
 * The ring key, which nothing can read out again; undefined if this wrap is another's.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a code with a slip in it.
 */
export async function unwrapRingKey(unlocker: Unlocker, wrap: Wrap): Promise<CryptoKey | undefined> {
  if (wrap.kind !== unlocker.kind) return undefined;
  const key = await wrappingKey(unlocker, wrap.head, ['decrypt', 'unwrapKey']);
  const parameters = {
    name: 'AES-GCM',
    iv: wrap.sealed.slice(0, 12),
    additionalData: wrapAad(wrap.head),
  };
  try {
    return await crypto.subtle.unwrapKey('raw', wrap.sealed.slice(12), key, parameters, 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
  } catch {
    return undefined;
  }
}

/**
 * The ring key as bytes, to be wrapped once more; undefined if this wrap is another's. The caller
 * wipes it.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a code with a slip in it.
 */
export async function readRingKey(unlocker: Unlocker, wrap: Wrap): Promise<Bytes | undefined> {
  if (wrap.kind !== unlocker.kind) return undefined;
  const key = await wrappingKey(unlocker, wrap.head, ['decrypt']);
  const parameters = { name: 'AES-GCM', iv: wrap.sealed.slice(0, 12), additionalData: wrapAad(wrap.head) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, wrap.sealed.slice(12)));
  } catch {
    return undefined;
  }
}

/** Whether the numbers in a code's wrap are ones that a reader follows. */
export function isAcceptableArgon2(head: Uint8Array): boolean {
  const { memoryKib, passes, lanes } = argon2Of(head);
  return (
    lanes >= 1 &&
    lanes <= MAX_LANES &&
    passes >= 1 &&
    passes <= MAX_PASSES &&
    memoryKib >= 8 * lanes &&
    memoryKib <= MAX_MEMORY_KIB
  );
}

function argon2Of(head: Uint8Array) {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return { memoryKib: view.getUint32(1), passes: view.getUint16(5), lanes: view.getUint8(7) };
}

async function wrappingKey(unlocker: Unlocker, head: Bytes, usages: KeyUsage[]): Promise<CryptoKey> {
  const raw = await rawWrappingKey(unlocker, head);
  const key = await crypto.subtle.importKey('raw', asBytes(raw), 'AES-GCM', false, usages);
  raw.fill(0);
  return key;
}

async function rawWrappingKey(unlocker: Unlocker, head: Bytes): Promise<Uint8Array> {
  if (unlocker.kind === 'code') {
    const { memoryKib, passes, lanes } = argon2Of(head);
    const code = decodeRecoveryCode(unlocker.code);
    return argon2idAsync(code, head.subarray(8), { m: memoryKib, t: passes, p: lanes, dkLen: 32 });
  }
  requireLength(unlocker.prf, 32, 'What a passkey gives');
  return hkdf(sha256, unlocker.prf, head.subarray(1), utf8('chartkey/1 passkey wrap'), 32);
}

function wrapAad(head: Uint8Array): Bytes {
  return concat(utf8('chartkey/1 wrap'), new Uint8Array(1), head);
}
