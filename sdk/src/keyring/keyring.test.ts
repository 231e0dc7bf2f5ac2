import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal } from '../envelope/bytes.ts';
import { keyPairFromSeed, PUBLIC_KEY_LENGTH } from '../envelope/index.ts';
import {
  addUnlocker,
  createKeyBlock,
  decodeRecoveryCode,
  encodeRecoveryCode,
  generateRecoveryCode,
  openKeyBlock,
  parseKeyBlock,
  renewKeyBlock,
  type UnlockedRing,
  type Unlocker,
} from './index.ts';
import { encodeSeeds, parseSeeds } from './layout.ts';

const codeOf = (code = generateRecoveryCode()): Unlocker => ({ kind: 'code', code });
const passkeyOf = (fill: number): Unlocker => ({ kind: 'passkey', prf: new Uint8Array(32).fill(fill) });
const hashesOf = ({ keyPairs }: UnlockedRing) => keyPairs.map(({ publicKeyHash }) => publicKeyHash);

describe('encodeRecoveryCode', () => {
  test('default', () => {
    expect(generateRecoveryCode()).toMatch(/^([0-9A-Z]{5}-){6}[0-9A-Z]{5}$/);
  });

  test('vector: twenty bytes of 7', () => {
    expect(encodeRecoveryCode(new Uint8Array(20).fill(7))).toBe('0W3GE-1R70W-3GE1R-70W3G-E1R70-W3GE1-R72R2');
  });

  test('behavior: goes there and back, in small letters, with blanks, with O for 0', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const code = encodeRecoveryCode(bytes);
        expect(decodeRecoveryCode(code)).toEqual(new Uint8Array(bytes));
        expect(decodeRecoveryCode(code.toLowerCase().replaceAll('-', ' '))).toEqual(new Uint8Array(bytes));
        expect(decodeRecoveryCode(code.replaceAll('0', 'O'))).toEqual(new Uint8Array(bytes));
      }),
    );
  });
});

describe('decodeRecoveryCode', () => {
  const code = encodeRecoveryCode(new Uint8Array(20).fill(9));

  test('error: a changed character is noticed', () => {
    const other = code.startsWith('2') ? '3' : '2';
    expect(() => decodeRecoveryCode(other + code.slice(1))).toThrow(/slip/);
  });

  test('error: too short, or a character that no code has', () => {
    expect(() => decodeRecoveryCode(code.slice(1))).toThrow(/35 characters/);
    expect(() => decodeRecoveryCode(`!${code.slice(1)}`)).toThrow(/character that no code has/);
  });
});

describe('createKeyBlock', () => {
  test('default: each way of unlocking gives the same key', async () => {
    const code = codeOf();
    const made = await createKeyBlock([code, passkeyOf(1)]);
    const byCode = await openKeyBlock(made.block, code);
    const byPasskey = await openKeyBlock(made.block, passkeyOf(1));
    expect(hashesOf(byCode)).toEqual(hashesOf(made));
    expect(hashesOf(byPasskey)).toEqual(hashesOf(made));
    expect(byCode.keyPairs[0].publicKey).toEqual(parseKeyBlock(made.block).publicKey);
  });

  test('behavior: the keys that come out can be read by nobody', async () => {
    const { ringKey, keyPairs } = await createKeyBlock([passkeyOf(1)]);
    expect(ringKey.extractable).toBe(false);
    expect(keyPairs[0].privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', ringKey)).rejects.toThrow();
  });

  test('error: no way of unlocking', async () => {
    await expect(createKeyBlock([])).rejects.toThrow(/1 to 8/);
  });
});

describe('openKeyBlock', () => {
  test('error: another code, another passkey, a kind that was not set up, a key without a ring', async () => {
    const { block, keyPairs } = await createKeyBlock([codeOf()]);
    await expect(openKeyBlock(block, codeOf())).rejects.toThrow(/another chart/);
    await expect(openKeyBlock(block, passkeyOf(2))).rejects.toThrow(/passkey/);
    await expect(openKeyBlock(keyPairs[0].publicKey, codeOf())).rejects.toThrow(/another chart/);
  });

  test('error: any changed byte, cut or addition', async () => {
    const { block } = await createKeyBlock([passkeyOf(3)]);
    await fc.assert(
      fc.asyncProperty(fc.nat(block.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const altered = block.slice();
        altered[at] = (altered[at] ?? 0) ^ bits;
        await expect(openKeyBlock(altered, passkeyOf(3))).rejects.toThrow();
      }),
      { numRuns: 300 },
    );
    for (let cut = 1; cut < 120; cut++) {
      await expect(openKeyBlock(block.slice(0, -cut), passkeyOf(3))).rejects.toThrow();
    }
    await expect(openKeyBlock(new Uint8Array([...block, 0]), passkeyOf(3))).rejects.toThrow(/length/);
  });
});

describe('renewKeyBlock', () => {
  test('default: a new key in front, the old ones behind, the same code and passkey', async () => {
    const code = codeOf();
    const first = await createKeyBlock([code, passkeyOf(4)]);
    const second = await renewKeyBlock(first.block, first.ringKey);
    expect(second.keyPairs).toHaveLength(2);
    expect(hashesOf(second)[1]).toEqual(hashesOf(first)[0]);
    expect(hashesOf(second)[0]).not.toEqual(hashesOf(first)[0]);
    for (const unlocker of [code, passkeyOf(4)]) {
      expect(hashesOf(await openKeyBlock(second.block, unlocker))).toEqual(hashesOf(second));
    }
  });

  test('behavior: with a new kit, the old one opens no more', async () => {
    const [old, fresh] = [codeOf(), codeOf()];
    const first = await createKeyBlock([old]);
    const second = await renewKeyBlock(first.block, first.ringKey, [fresh]);
    expect((await openKeyBlock(second.block, fresh)).keyPairs).toHaveLength(2);
    await expect(openKeyBlock(second.block, old)).rejects.toThrow(/another chart/);
    await expect(renewKeyBlock(second.block, first.ringKey)).rejects.toThrow();
  });

  test('error: a ring holds 32 keys', async () => {
    let made = await createKeyBlock([passkeyOf(5)]);
    for (let i = 1; i < 32; i++) made = await renewKeyBlock(made.block, made.ringKey);
    expect(made.keyPairs).toHaveLength(32);
    await expect(renewKeyBlock(made.block, made.ringKey)).rejects.toThrow(/full/);
  });
});

describe('addUnlocker', () => {
  test('error: another code, another passkey, and a ninth way', async () => {
    const { block } = await createKeyBlock([passkeyOf(1)]);
    await expect(addUnlocker(block, passkeyOf(2), passkeyOf(3))).rejects.toThrow(/does not open/);
    await expect(addUnlocker(block, codeOf(), passkeyOf(3))).rejects.toThrow(/another chart/);
    let made = block;
    for (let i = 2; i <= 8; i++) made = (await addUnlocker(made, passkeyOf(1), passkeyOf(i))).block;
    await expect(addUnlocker(made, passkeyOf(1), passkeyOf(9))).rejects.toThrow(/at most 8/);
  });

  test('default: the new passkey opens it, the kit still does, the key is the same', async () => {
    const code = codeOf();
    const first = await renewKeyBlock(
      ...((made) => [made.block, made.ringKey] as const)(await createKeyBlock([code])),
    );
    const second = await addUnlocker(first.block, code, passkeyOf(7));
    expect(parseKeyBlock(second.block).publicKey).toEqual(parseKeyBlock(first.block).publicKey);
    expect(second.ringKey.extractable).toBe(false);
    for (const unlocker of [code, passkeyOf(7)]) {
      const ring = await openKeyBlock(second.block, unlocker);
      expect(hashesOf(ring)).toEqual(hashesOf(first));
      expect((await renewKeyBlock(second.block, ring.ringKey)).keyPairs).toHaveLength(3);
    }
  });
});

describe('parseKeyBlock', () => {
  test('behavior: a public key alone is a block without a ring', async () => {
    const { publicKey } = await keyPairFromSeed(new Uint8Array(32).fill(1));
    expect(parseKeyBlock(publicKey)).toEqual({ publicKey, ring: undefined });
  });

  test('error: too short, no magic, another version, no wrap, an unknown kind, a greedy Argon2', async () => {
    const { block } = await createKeyBlock([codeOf()]);
    const at = (offset: number, ...bytes: number[]) => {
      const altered = block.slice();
      altered.set(bytes, PUBLIC_KEY_LENGTH + offset);
      return () => parseKeyBlock(altered);
    };
    expect(() => parseKeyBlock(block.slice(0, 1000))).toThrow(/length/);
    expect(() => parseKeyBlock(block.slice(0, PUBLIC_KEY_LENGTH + 5))).toThrow(/length/);
    expect(at(0, 0)).toThrow(/no key block/);
    expect(at(8, 2)).toThrow(/version/);
    expect(at(9, 0)).toThrow(/1 to 8/);
    expect(at(10, 9)).toThrow(/kind/);
    expect(at(11, 0x7f)).toThrow(/more than is allowed/);
    expect(at(15, 0xff)).toThrow(/more than is allowed/);
    expect(at(17, 0)).toThrow(/more than is allowed/);
  });

  test('behavior: throws an error of ours or nothing, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1600 }), (bytes) => {
        try {
          parseKeyBlock(bytes);
        } catch (error) {
          expect(error).toHaveProperty('code');
        }
      }),
    );
  });
});

describe('encodeSeeds', () => {
  test('default: there and back; one encoding only', () => {
    const seeds = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const bytes = encodeSeeds(seeds);
    expect(parseSeeds(bytes)).toEqual(seeds);
    expect(equal(bytes.subarray(0, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(() => parseSeeds(Uint8Array.of(2, ...bytes.subarray(1)))).toThrow(/malformed/);
    expect(() => parseSeeds(Uint8Array.of(1, 1, ...bytes.subarray(2)))).toThrow(/malformed/);
    expect(() => parseSeeds(bytes.subarray(1))).toThrow(/malformed/);
  });
});
