import { fromRlp, type Hex, toRlp } from 'viem';
import { describe, expect, test } from 'vitest';
import { decodeRlp, type RlpItem } from './rlp.ts';

const bytes = (length: number): Hex => `0x${'ab'.repeat(length)}`;

describe('decodeRlp', () => {
  test('default: what another library writes and reads', () => {
    const texts: Hex[] = ['0x', '0x00', '0x7f', '0x80', ...[55, 56, 255, 256, 70_000].map(bytes)];
    const mixed: RlpItem = ['0x', ['0x01', []], bytes(60)];
    const items: RlpItem[] = [...texts, [], [[]], mixed, Array.from({ length: 17 }, () => bytes(32))];
    for (const item of items) {
      const rlp = toRlp(item as never);
      expect(decodeRlp(rlp)).toEqual(item);
      expect(decodeRlp(rlp)).toEqual(fromRlp(rlp, 'hex'));
    }
  });

  test.each([
    ['no bytes', '0x'],
    ['half a byte', '0x8'],
    ['bytes behind the item', '0x8000'],
    ['an end that comes too early', '0x82ab'],
    ['a length that is cut', '0xb9ff'],
    ['a list that is cut', '0xc2ab'],
    ['an item longer than its list', '0xc282abab'],
    ['a byte with a prefix that it does not need', '0x8101'],
    ['a long length of what is short', `0xb837${'ab'.repeat(55)}`],
    ['a length that begins with zeros', `0xb90038${'ab'.repeat(56)}`],
    ['a long list that is short', '0xf801ab'],
    ['lists without end', `0x${'c1'.repeat(40)}c0`],
    ['something else', '0xzz'],
  ])('error: %s', (_, rlp) => {
    expect(() => decodeRlp(rlp as Hex)).toThrow(/^RLP: /);
  });
});
