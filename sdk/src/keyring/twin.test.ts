import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createKeyBlock, openKeyBlock, type Unlocker } from './index.ts';
import { seedsIn } from './testing.ts';

type Vector = {
  readonly code: string;
  readonly prf: string;
  readonly block: string;
  readonly seeds: readonly string[];
};

const vector: Vector = JSON.parse(readFileSync(new URL('key-block.vector.json', import.meta.url), 'utf8'));

describe('the key block, by a second implementation', () => {
  const block = Buffer.from(vector.block, 'hex');
  const code: Unlocker = { kind: 'code', code: vector.code };
  const passkey: Unlocker = { kind: 'passkey', prf: Buffer.from(vector.prf, 'hex') };

  test('vector: both open it, by code and by passkey', async () => {
    for (const unlocker of [code, passkey]) {
      expect(seedsIn(block, unlocker)).toEqual(vector.seeds);
      expect((await openKeyBlock(block, unlocker)).keyPairs).toHaveLength(vector.seeds.length);
    }
  });

  test('behavior: it opens what is made today', async () => {
    const made = await createKeyBlock([code, passkey]);
    expect(seedsIn(Buffer.from(made.block), code)).toEqual(seedsIn(Buffer.from(made.block), passkey));
  });
});
