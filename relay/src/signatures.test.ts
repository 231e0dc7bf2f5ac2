import fc from 'fast-check';
import { bytesToHex, type Hex, numberToHex, recoverAddress, sliceHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { recoverSigner } from './signatures.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const account = privateKeyToAccount(generatePrivateKey());
const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes));

describe('recoverSigner', () => {
  test('default: who signed', async () => {
    await fc.assert(
      fc.asyncProperty(hashes, async (hash) => {
        expect(recoverSigner(hash, await account.sign({ hash }))).toBe(account.address);
      }),
      { numRuns: 50 },
    );
  });

  test('behavior: a signature that somebody changed is somebody else’s, as an independent library has it', async () => {
    await fc.assert(
      fc.asyncProperty(hashes, fc.nat(63), fc.integer({ min: 1, max: 255 }), async (hash, place, change) => {
        const bytes = Buffer.from((await account.sign({ hash })).slice(2), 'hex');
        bytes[place] = (bytes[place] ?? 0) ^ change;
        const signature = bytesToHex(bytes);
        const low = BigInt(sliceHex(signature, 32, 64)) <= ORDER / 2n;
        const other = low ? await recoverAddress({ hash, signature }).catch(() => undefined) : undefined;
        expect(recoverSigner(hash, signature)).toBe(other);
        expect(other).not.toBe(account.address);
      }),
      { numRuns: 50 },
    );
  });

  test('error: a mirror image, other lengths, another v, numbers out of range', async () => {
    const hash = numberToHex(7n, { size: 32 });
    const signature = await account.sign({ hash });
    const [r, s, v] = [sliceHex(signature, 0, 32), sliceHex(signature, 32, 64), signature.slice(-2)];
    const mirrored = numberToHex(ORDER - BigInt(s), { size: 32 }).slice(2);
    const none = '0'.repeat(64);
    const refused: readonly Hex[] = [
      `${r}${mirrored}${v === '1b' ? '1c' : '1b'}`,
      '0x',
      `${signature}00`,
      sliceHex(signature, 0, 64),
      `${r}${s.slice(2)}00`,
      `${r}${s.slice(2)}1d`,
      `0x${none}${s.slice(2)}${v}`,
      `${r}${none}${v}`,
      `${numberToHex(ORDER, { size: 32 })}${s.slice(2)}${v}`,
    ];
    for (const other of refused) expect(recoverSigner(hash, other)).toBeUndefined();
  });
});
