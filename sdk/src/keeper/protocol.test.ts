import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64Url, sharesRequestSchema, toBase64Url } from './index.ts';

describe('toBase64Url', () => {
  test('default', () => {
    expect(toBase64Url(Uint8Array.of(251, 255, 254))).toBe('-__-');
  });

  test('behavior: goes there and back for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('fromBase64Url', () => {
  test('error: padding, other alphabets and loose bits are refused: a thing has one encoding', () => {
    for (const text of ['AA==', '+/8', 'AB', 'AAB', '!', 'A', 'AAAAA', 'AA A', 'A\u0141AA', '\u{1f600}'])
      expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe('sharesRequestSchema', () => {
  const request = {
    opening: {
      accessor: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
      place: 0,
      purpose: 'TREAT',
      openedAt: 1,
      recordIds: [`0x${'ab'.repeat(32)}`],
    },
    publicKey: toBase64Url(new Uint8Array(1216)),
    records: [{ recordId: `0x${'ab'.repeat(32)}`, envelope: toBase64Url(new Uint8Array(100)) }],
  };
  const fails = (change: object) =>
    expect(sharesRequestSchema.safeParse({ ...request, ...change }).success).toBe(false);

  test('default', () => {
    expect(sharesRequestSchema.safeParse(request).success).toBe(true);
  });

  test('error: unknown fields, short keys, empty lists, unknown purposes', () => {
    fails({ extra: 1 });
    fails({ publicKey: toBase64Url(new Uint8Array(1215)) });
    fails({ records: [] });
    fails({ records: Array(65).fill(request.records[0]) });
    fails({ opening: { ...request.opening, purpose: 'CURIOSITY' } });
    fails({ opening: { ...request.opening, place: -1 } });
    fails({ opening: { ...request.opening, recordIds: [] } });
  });
});
