import { concat } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { SEED_LENGTH } from '../envelope/index.ts';
import { ChartkeyError } from '../errors.ts';

/** Crockford's base32: no I, L, O, U, so that nothing is misread from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECKSUM_LENGTH = 2;
const CODE_LENGTH = Math.ceil(((SEED_LENGTH + CHECKSUM_LENGTH) * 8) / 5);

/** A patient's seed as 55 characters in groups of five, with a checksum against slips of the pen. */
export function encodeRecoveryCode(seed: Uint8Array): string {
  if (seed.length !== SEED_LENGTH) throw new ChartkeyError('INPUT_INVALID', 'A seed is 32 bytes.');
  const text = toBase32(concat(seed, checksumOf(seed)));
  return (text.match(/.{5}/g) ?? []).join('-');
}

/**
 * The seed in a recovery code; case, blanks and dashes don't matter, O reads as 0, I and L as 1.
 *
 * @throws ChartkeyError `INPUT_INVALID` for a wrong length, character or checksum.
 */
export function decodeRecoveryCode(code: string): Uint8Array<ArrayBuffer> {
  const text = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (text.length !== CODE_LENGTH)
    throw invalid(`A recovery code has ${CODE_LENGTH} characters; this has ${text.length}.`);
  const bytes = fromBase32(text);
  const seed = bytes.slice(0, SEED_LENGTH);
  if (toBase32(concat(seed, checksumOf(seed))) !== text)
    throw invalid('The recovery code has a slip in it: its checksum does not match.');
  return seed;
}

function checksumOf(seed: Uint8Array): Uint8Array {
  return sha256(seed).subarray(0, CHECKSUM_LENGTH);
}

function toBase32(bytes: Uint8Array): string {
  let value =
    bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) << BigInt(CODE_LENGTH * 5 - bytes.length * 8);
  let text = '';
  for (let i = 0; i < CODE_LENGTH; i++) {
    text = `${ALPHABET[Number(value & 31n)] ?? ''}${text}`;
    value >>= 5n;
  }
  return text;
}

function fromBase32(text: string): Uint8Array<ArrayBuffer> {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw invalid('The recovery code has a character that no code has.');
    value = (value << 5n) | BigInt(digit);
  }
  const length = SEED_LENGTH + CHECKSUM_LENGTH;
  value >>= BigInt(CODE_LENGTH * 5 - length * 8);
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message, {
    advice: 'Compare it with your recovery kit, character by character.',
  });
}
