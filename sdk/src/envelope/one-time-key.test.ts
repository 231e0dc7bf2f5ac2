import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from 'hpke';
import { describe, expect, test } from 'vitest';
import { equal } from './bytes.ts';
import { FallbackKey } from './fallback-kem.ts';
import { forceFallbackKem } from './hpke.ts';
import { generateOneTimeKeyPair, hasNativeKem, keyPairFromSeed } from './index.ts';

const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

describe('generateOneTimeKeyPair', () => {
  test('default: another key each time', async () => {
    const [first, second] = [await generateOneTimeKeyPair(), await generateOneTimeKeyPair()];
    expect(equal(first.publicKey, second.publicKey)).toBe(false);
  });

  test('behavior: where the runtime has the KEM itself, nobody reads the private half', async () => {
    expect(await hasNativeKem()).toBe(true);
    for (const pair of [await generateOneTimeKeyPair(), await keyPairFromSeed(new Uint8Array(32))]) {
      expect(pair.privateKey).not.toBeInstanceOf(FallbackKey);
      expect(pair.privateKey.extractable).toBe(false);
      await expect(suite.SerializePrivateKey(pair.privateKey)).rejects.toThrow(/extractable/i);
    }
  });

  test('behavior: with the KEM in JavaScript the handle says the same, and shows no bytes', async () => {
    forceFallbackKem(true);
    try {
      const { privateKey } = await generateOneTimeKeyPair();
      expect(privateKey.extractable).toBe(false);
      expect(JSON.stringify(privateKey)).toBe(
        '{"algorithm":{"name":"MLKEM768-X25519"},"extractable":false,"type":"private"}',
      );
    } finally {
      forceFallbackKem(false);
    }
  });
});
