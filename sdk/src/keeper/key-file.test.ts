import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../envelope/bytes.ts';
import { keyPairFromSeed } from '../envelope/index.ts';
import { type Argon2id, keyFileHash, openKeyFile, sealKeyFile } from './index.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const passphrase = 'correct horse battery';

/** OpenSSL's: the second implementation, and what a keeper uses. */
const argon2id: Argon2id = (message, nonce, { memoryKib: memory, passes, lanes: parallelism }) =>
  promisify(argon2)('argon2id', { message, nonce, memory, passes, parallelism, tagLength: 32 });

let text: string;

beforeAll(async () => {
  text = await sealKeyFile(seed, { passphrase, argon2id });
});

describe('openKeyFile', () => {
  test('default: the same with both implementations of Argon2id', async () => {
    expect(await openKeyFile(text, { passphrase, argon2id })).toEqual(seed);
    expect(await openKeyFile(text, { passphrase })).toEqual(seed);
  });

  test('behavior: a passphrase that another keyboard composes otherwise is the same', async () => {
    const composed = await sealKeyFile(seed, { passphrase: 'caf\u00e9 au lait noir', argon2id });
    expect(await openKeyFile(composed, { passphrase: 'cafe\u0301 au lait noir', argon2id })).toEqual(seed);
  });

  test('error: another passphrase', async () => {
    const opening = openKeyFile(text, { passphrase: `${passphrase}!`, argon2id });
    await expect(opening).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  test('error: any field changed', async () => {
    const file = JSON.parse(text);
    const other = (base64: string) => `${base64.startsWith('A') ? 'B' : 'A'}${base64.slice(1)}`;
    for (const changed of [
      { ...file, publicKeyHash: `0x${'00'.repeat(32)}` },
      { ...file, nonce: other(file.nonce) },
      { ...file, ciphertext: other(file.ciphertext) },
      { ...file, kdf: { ...file.kdf, salt: other(file.kdf.salt) } },
      { ...file, kdf: { ...file.kdf, passes: 1 } },
      { ...file, kdf: { ...file.kdf, lanes: 1 } },
      { ...file, kdf: { ...file.kdf, memoryKib: 8_192 } },
    ]) {
      const opening = openKeyFile(JSON.stringify(changed), { passphrase, argon2id });
      await expect(opening).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
  });

  test('error: what is no key file names the field and repeats nothing', async () => {
    const file = JSON.parse(text);
    for (const [wrong, field] of [
      ['no', 'the file'],
      [JSON.stringify({ ...file, format: 'chartkey-keeper-key/2' }), 'format'],
      [JSON.stringify({ ...file, kdf: { ...file.kdf, memoryKib: 4_000_000 } }), 'kdf.memoryKib'],
      [JSON.stringify({ ...file, ciphertext: 'AAAA' }), 'ciphertext'],
      [JSON.stringify({ ...file, seed: '0x00' }), 'the file'],
    ] as const) {
      await expect(openKeyFile(wrong, { passphrase, argon2id })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: `This is no key file of a keeper: ${field} is not valid.`,
      });
    }
  });
});

describe('sealKeyFile', () => {
  test('default: names the key and shows nothing of it', async () => {
    expect(keyFileHash(text)).toBe(toHex((await keyPairFromSeed(seed)).publicKeyHash));
    expect(text).not.toContain(toHex(seed).slice(2));
    expect(text).not.toContain(Buffer.from(seed).toString('base64url'));
  });

  test('error: a short passphrase', async () => {
    const sealing = sealKeyFile(seed, { passphrase: 'short', argon2id });
    await expect(sealing).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
