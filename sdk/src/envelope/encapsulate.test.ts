import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import { afterEach, describe, expect, test, vi } from 'vitest';

const { subtle } = globalThis.crypto;
const coins = new Uint8Array(64).map((_, i) => i);

afterEach(() => vi.restoreAllMocks());

describe.each(['with', 'without'] as const)('encapsulate, %s X25519 of the platform', (kind) => {
  const load = async () => {
    vi.resetModules();
    const { encapsulate } = await import('./encapsulate.ts');
    const importKey = vi.spyOn(subtle, 'importKey');
    if (kind === 'without') importKey.mockRejectedValue(new DOMException('', 'NotSupportedError'));
    return { encapsulate, importKey };
  };

  test('default: what another implementation gives for the same coins', async () => {
    const { encapsulate, importKey } = await load();
    for (const byte of [1, 2, 255]) {
      const { publicKey } = xwing.keygen(new Uint8Array(32).fill(byte));
      expect(await encapsulate(publicKey, coins)).toEqual(xwing.encapsulate(publicKey, coins));
    }
    expect(importKey.mock.calls.length > 2).toBe(kind === 'with');
  });

  test('error: an X25519 key of low order, an ML-KEM key that is not reduced', async () => {
    const { encapsulate } = await load();
    const { publicKey } = xwing.keygen(new Uint8Array(32).fill(3));
    await expect(encapsulate(publicKey.slice().fill(0, 1184), coins)).rejects.toThrow();
    await expect(encapsulate(publicKey.slice().fill(255, 0, 1184), coins)).rejects.toThrow();
  });
});
