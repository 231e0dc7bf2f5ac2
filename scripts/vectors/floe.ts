import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decryptFloe, encryptFloe } from '../../sdk/src/envelope/floe-whole.ts';
import { assertSame, attempt, hex, type Runner } from './outcome.ts';

/*
 * FLOE's published answers: `*_ct.txt` beside `*_pt.txt`, hex. Key and AAD are the same in all;
 * the parameters follow from the name. Snowflake-Labs/floe-specification, folder kats.
 */
const KEY = new Uint8Array(32);
const AAD = new TextEncoder().encode('This is AAD');

export const runFloe: Runner = (path) => {
  if (path.endsWith('_pt.txt') && existsSync(pairOf(path))) return Promise.resolve([]);
  if (!path.endsWith('_ct.txt')) return undefined;
  const parameters = parametersOf(basename(path));
  if (!parameters || !existsSync(pairOf(path))) return undefined;
  return run(path, parameters);
};

async function run(path: string, parameters: { segmentLength: number; rotationBits: number }) {
  const ciphertext = hex(readFileSync(path, 'utf8').trim());
  const plaintext = hex(readFileSync(pairOf(path), 'utf8').trim());
  const name = basename(path);
  return Promise.all([
    attempt(`${name} decrypt`, async () => {
      assertSame(await decryptFloe(KEY, AAD, ciphertext, parameters), plaintext, 'plaintext');
    }),
    attempt(`${name} encrypt and read back`, async () => {
      const sealed = await encryptFloe(KEY, AAD, plaintext, parameters);
      assertSame(await decryptFloe(KEY, AAD, sealed, parameters), plaintext, 'plaintext');
    }),
    attempt(`${name} refuses one flipped bit`, async () => {
      const altered = Uint8Array.from(ciphertext);
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
      const opened = await decryptFloe(KEY, AAD, altered, parameters).catch(() => undefined);
      if (opened) throw new Error('altered bytes were accepted');
    }),
  ]);
}

/** `…_4K`, `…_64`, `…_1M`: the segment length; `rotation` and `lastSeg…`: 40. */
function parametersOf(name: string) {
  const rotationBits = /rotation/i.test(name) ? 2 : 20;
  if (/rotation|lastSeg/i.test(name)) return { segmentLength: 40, rotationBits };
  const size = /_(\d+)([KM]?)_ct\.txt$/.exec(name);
  if (!size) return undefined;
  const unit = size[2] === 'M' ? 1_048_576 : size[2] === 'K' ? 1024 : 1;
  return { segmentLength: Number(size[1]) * unit, rotationBits };
}

function pairOf(path: string): string {
  return path.replace(/_(ct|pt)\.txt$/, (_, which) => (which === 'ct' ? '_pt.txt' : '_ct.txt'));
}
