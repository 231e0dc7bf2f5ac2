import type { Hex } from 'viem';
import { concat, toHex, uint, utf8 } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { ChartkeyError } from '../errors.ts';

export const PID_SALT_LENGTH = 32;

/** 32 fresh random bytes. Whoever shows salt and identifier later proves that the pid is theirs. */
export function generatePidSalt(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(PID_SALT_LENGTH));
}

/**
 * The `PID` of a patient address `<AID, PID>`: SHA-256 over "chartkey/1 pid" ‖ 00 ‖ area (4 bytes)
 * ‖ salt (32) ‖ identifier in UTF-8 (NFKC, without blanks around it).
 *
 * Warning: without a random salt anybody who can list national numbers finds the patient.
 *
 * @throws ChartkeyError `INPUT_INVALID`
 */
export function commitPid({
  area,
  identifier,
  salt,
}: {
  readonly area: number;
  readonly identifier: string;
  readonly salt: Uint8Array;
}): Hex {
  const text = identifier.normalize('NFKC').trim();
  if (!Number.isInteger(area) || area < 0 || area > 0xffff_ffff)
    throw invalid('An area is a number from 0 to 4294967295.');
  if (salt.length !== PID_SALT_LENGTH) throw invalid('A salt is 32 random bytes.');
  if (text === '' || text.length > 256) throw invalid('An identifier is 1 to 256 characters.');
  return toHex(sha256(concat(utf8('chartkey/1 pid'), new Uint8Array(1), uint(area, 4), salt, utf8(text))));
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message);
}
