import { recover } from 'tiny-secp256k1';
import { type Address, bytesToHex, type Hex, hexToBytes, size } from 'viem';
import { publicKeyToAddress } from 'viem/accounts';

/** Half the order of secp256k1: of a signature and its mirror image only the one below it counts (EIP-2). */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Who signed a hash, as OpenZeppelin's `ECDSA` takes it: r and s of 32 bytes, v of 27 or 28, the
 * smaller s. Undefined for anything else, such as a smart-contract wallet's signature.
 *
 * libsecp256k1 does it in a tenth of the time that JavaScript takes, and this is most of what a
 * relay computes.
 */
export function recoverSigner(hash: Hex, signature: Hex): Address | undefined {
  if (size(signature) !== 65) return undefined;
  const bytes = hexToBytes(signature);
  const parity = (bytes[64] ?? 0) - 27;
  if (parity !== 0 && parity !== 1) return undefined;
  if (BigInt(bytesToHex(bytes.subarray(32, 64))) > HALF_ORDER) return undefined;
  const key = recovered(hexToBytes(hash), bytes.subarray(0, 64), parity);
  return key ? publicKeyToAddress(bytesToHex(key)) : undefined;
}

function recovered(hash: Uint8Array, signature: Uint8Array, parity: 0 | 1): Uint8Array | null {
  try {
    return recover(hash, signature, parity, false);
  } catch {
    // Numbers that no signature has.
    return null;
  }
}
