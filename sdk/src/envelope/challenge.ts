import { type Bytes, concat, requireLength, uint, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { hpkeOpen, hpkeSeal, joinSealed, type KeyPair, splitSealed } from './hpke.ts';
import { ENC_LENGTH } from './layout.ts';
import { INFO_CHALLENGE } from './schedule.ts';

/**
 * Where a challenge counts. It is bound into the seal, so that a challenge of one site, chain or
 * number opens nowhere else.
 */
export type ChallengePlace = {
  /** Of the page: `https://chartkey.example`. */
  readonly origin: string;
  readonly chainId: number;
  readonly nonce: string;
};

const SECRET_LENGTH = 32;
const SEALED_LENGTH = ENC_LENGTH + SECRET_LENGTH + 16;

/**
 * Seals 32 random bytes to a patient's public key: only who holds the key can answer
 * (docs/format.md, section 16).
 *
 * @returns enc ‖ ciphertext, 1168 bytes
 * @throws ChartkeyError `INPUT_INVALID` for a key or a secret that is none
 */
export async function sealChallenge(
  publicKey: Uint8Array,
  secret: Uint8Array,
  place: ChallengePlace,
): Promise<Bytes> {
  requireLength(secret, SECRET_LENGTH, 'A challenge');
  return joinSealed(await hpkeSeal(publicKey, secret, { info: INFO_CHALLENGE, aad: aadOf(place) }));
}

/**
 * The answer to a challenge: the SHA-256 of what it holds. A seal of any other kind (a content key,
 * a share) does not open here, so nobody can have one opened by calling it a challenge.
 *
 * @returns 32 bytes
 * @throws IntegrityError `SEAL_BROKEN` for another key or place, or for what is no challenge
 * @throws ChartkeyError `INPUT_INVALID` for a wrong length
 */
export async function answerChallenge(
  keyPair: KeyPair,
  sealed: Uint8Array,
  place: ChallengePlace,
): Promise<Bytes> {
  requireLength(sealed, SEALED_LENGTH, 'A sealed challenge');
  const { enc, ciphertext } = splitSealed(sealed);
  return answerTo(await hpkeOpen(keyPair, enc, ciphertext, { info: INFO_CHALLENGE, aad: aadOf(place) }));
}

/** What the right answer to a secret is. */
export function answerTo(secret: Uint8Array): Bytes {
  return sha256(utf8('chartkey/1 answer'), secret);
}

/** Lengths stand before what varies, so that no two places have one encoding. */
function aadOf({ origin, chainId, nonce }: ChallengePlace): Bytes {
  const parts = [utf8(origin), utf8(nonce)];
  return concat(uint(BigInt(chainId), 8), ...parts.flatMap((part) => [uint(BigInt(part.length), 4), part]));
}
