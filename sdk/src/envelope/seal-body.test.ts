import { describe, expect, test } from 'vitest';
import { SEGMENT_LENGTH, SEGMENT_PLAIN_LENGTH } from './body-length.ts';
import { startFloeDecryption } from './floe.ts';
import { openBody } from './open-body.ts';
import { bodyKeyOf, originOf } from './schedule.ts';
import { sealBody } from './seal-body.ts';
import { anyBinding, collect, makeSample, pattern, streamOf } from './testing.ts';

const contentKey = new Uint8Array(32).fill(5);
const seal = (source: Parameters<typeof sealBody>[0]['source'], length: number, more = {}) =>
  sealBody({ contentKey, binding: anyBinding(), source, length, ...more });

describe('sealBody', () => {
  test('default: full segments and a shorter last one, of the announced length', async () => {
    const content = pattern(2 * SEGMENT_PLAIN_LENGTH + 1);
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    const body = seal(new Blob([content]), content.length, { onProgress });
    const lengths: number[] = [];
    for await (const segment of body.ciphertext) lengths.push(segment.length);
    expect(lengths.slice(0, 2)).toEqual([SEGMENT_LENGTH, SEGMENT_LENGTH]);
    expect(lengths.reduce((a, b) => a + b)).toBe(body.ciphertextLength);
    expect(seen.at(-1)).toBe(1);
  });

  test('behavior: a stream, an iterable and a Blob are sealed alike', async () => {
    const content = pattern(SEGMENT_PLAIN_LENGTH + 9);
    const blob = new Blob([content]);
    for (const source of [blob, blob.stream(), streamOf(content.subarray(0, 7), content.subarray(7))]) {
      const body = seal(source, content.length);
      expect((await collect(body.ciphertext)).length).toBe(body.ciphertextLength);
    }
  });

  test('behavior: a last segment may be padding only', async () => {
    // 262112 · 17 bytes fill 17 segments; Padmé then adds another one.
    const content = pattern(17 * SEGMENT_PLAIN_LENGTH);
    const { envelope, contentKey: key, body } = await makeSample({ content });
    expect(body.length).toBeGreaterThan(18 * SEGMENT_LENGTH - SEGMENT_PLAIN_LENGTH);
    const opened = await collect(openBody({ envelope, contentKey: key, ciphertext: streamOf(body) }));
    expect(Buffer.compare(opened, content)).toBe(0);
  });

  test('behavior: memory that is reused holds the same segments, one after the other', async () => {
    const content = pattern(40 * SEGMENT_PLAIN_LENGTH);
    const binding = anyBinding();
    const source = new Blob([content]);
    const body = sealBody({ contentKey, binding, source, length: content.length, reuseMemory: true });
    const session = startFloeDecryption(bodyKeyOf(contentKey), originOf(binding), body.floeHeader);
    const memory = new Set<ArrayBuffer>();
    let position = 0;
    for await (const segment of body.ciphertext) {
      memory.add(segment.buffer);
      const isFinal = (position + 1) * SEGMENT_LENGTH >= body.ciphertextLength;
      const opened = await session.decryptSegment(segment, position, isFinal);
      const expected = content.subarray(
        position * SEGMENT_PLAIN_LENGTH,
        (position + 1) * SEGMENT_PLAIN_LENGTH,
      );
      expect(Buffer.compare(opened.subarray(0, expected.length), expected)).toBe(0);
      position++;
    }
    expect(memory.size).toBeLessThan(20);
  });

  test("behavior: a stream's chunks stay their owner's", async () => {
    const chunk = pattern(SEGMENT_PLAIN_LENGTH + 5);
    await collect(seal(streamOf(chunk), chunk.length).ciphertext);
    expect(Buffer.compare(chunk, pattern(chunk.length))).toBe(0);
  });

  test('behavior: reads no further ahead than a few segments', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked++;
        yield new Uint8Array(SEGMENT_PLAIN_LENGTH);
      }
    }
    const { ciphertext } = seal(endless(), 2 ** 35);
    for (let i = 0; i < 10; i++) await ciphertext.next();
    await ciphertext.return();
    expect(asked).toBeLessThan(20);
  });

  test.each([
    ['shorter', 11],
    ['longer', 9],
    ['longer, with whole segments', 0],
  ])('error: a source that is %s than announced', async (_, length) => {
    for (const source of [new Blob([new Uint8Array(10)]), streamOf(new Uint8Array(10))]) {
      await expect(collect(seal(source, length).ciphertext)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('error: cancelled, before and on the way', async () => {
    const abort = new AbortController();
    const body = seal(new Blob([new Uint8Array(9_000_000)]), 9_000_000, { signal: abort.signal });
    await body.ciphertext.next();
    abort.abort();
    await expect(collect(body.ciphertext)).rejects.toMatchObject({ code: 'CANCELLED' });
    const late = seal(streamOf(), 0, { signal: abort.signal });
    await expect(collect(late.ciphertext)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('error: too large, and keys of another length', () => {
    expect(() => seal(streamOf(), 2 ** 41)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
    expect(() =>
      sealBody({ contentKey: new Uint8Array(31), binding: anyBinding(), source: streamOf(), length: 0 }),
    ).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
