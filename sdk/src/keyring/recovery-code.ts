import { concat, utf8 } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { ChartkeyError } from '../errors.ts';

/** Crockford's base32: no I, L, O, U, so that nothing is misread from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 160 random bits: out of reach for guessing, whatever a guess costs. */
const CODE_BYTES = 20;
const CHECKSUM_BITS = 15n;
const CHARACTERS = 35;

/** A fresh code as a recovery kit prints it: 35 characters in groups of five. */
export function generateRecoveryCode(): string {
  return encodeRecoveryCode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
}

/** 160 bits and a checksum of 15 against slips of the pen. */
export function encodeRecoveryCode(bytes: Uint8Array): string {
  if (bytes.length !== CODE_BYTES) throw new ChartkeyError('INPUT_INVALID', 'A code is 20 bytes.');
  let value = (toNumber(bytes) << CHECKSUM_BITS) | checksumOf(bytes);
  let text = '';
  for (let i = 0; i < CHARACTERS; i++) {
    text = `${ALPHABET[Number(value & 31n)] ?? ''}${text}`;
    value >>= 5n;
  }
  return (text.match(/.{5}/g) ?? []).join('-');
}

/**
 * The 20 bytes in a recovery code; case, blanks and dashes don't matter, O reads as 0, I and L as 1.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a wrong length, character or checksum.
 */
export function decodeRecoveryCode(code: string): Uint8Array<ArrayBuffer> {
  const text = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (text.length !== CHARACTERS)
    throw invalid(`A recovery code has ${CHARACTERS} characters; this has ${text.length}.`);
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw invalid('The recovery code has a character that no code has.');
    value = (value << 5n) | BigInt(digit);
  }
  const bytes = new Uint8Array(CODE_BYTES);
  let rest = value >> CHECKSUM_BITS;
  for (let i = CODE_BYTES - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  if (checksumOf(bytes) !== (value & ((1n << CHECKSUM_BITS) - 1n)))
    throw invalid('The recovery code has a slip in it: its checksum does not match.');
  return bytes;
}

function checksumOf(bytes: Uint8Array): bigint {
  const digest = sha256(concat(utf8('chartkey/1 code'), new Uint8Array(1), bytes));
  return toNumber(digest.subarray(0, 2)) >> (16n - CHECKSUM_BITS);
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message, {
    advice: 'Compare it with your recovery kit, character by character.',
  });
}
