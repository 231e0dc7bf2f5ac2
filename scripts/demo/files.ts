import { openAsBlob, rmSync } from 'node:fs';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { sampleBundle, samplePdf } from '../lib/samples.ts';
import type { InputFile } from './result.ts';

/** The named files, or made-up ones if none is named. @throws Error that says which can't be read */
export async function inputFiles(paths: readonly string[]): Promise<InputFile[]> {
  if (paths.length === 0) return sampleFiles();
  return Promise.all(
    paths.map(async (given) => {
      // npm changes to the project's folder; a relative path is meant from where it was called.
      const path = isAbsolute(given) ? given : join(process.env.INIT_CWD ?? process.cwd(), given);
      const isFile = await stat(path)
        .then((found) => found.isFile())
        .catch(() => undefined);
      if (isFile === undefined) throw new Error(`there is no file ${given}`);
      if (!isFile) throw new Error(`${given} is not a file`);
      return { name: basename(given), blob: await openAsBlob(path) };
    }),
  );
}

const MEBIBYTE = 1024 * 1024;

async function sampleFiles(): Promise<InputFile[]> {
  const encode = (text: string) => new TextEncoder().encode(text);
  return [
    { name: 'chart.json', blob: new Blob([JSON.stringify(sampleBundle(1))]) },
    { name: 'discharge letter.pdf', blob: new Blob([new Uint8Array(samplePdf())]) },
    { name: 'note 💊 für heute.txt', blob: new Blob([encode('Take one in the morning. 💊\n')]) },
    { name: 'empty.bin', blob: new Blob([]) },
    { name: 'one byte.bin', blob: new Blob([Uint8Array.of(42)]) },
    { name: 'scan of 64 MB.bin', blob: await largeFile(64 * MEBIBYTE) },
  ];
}

/** On disk, as a real one would be: what is in memory stays small. */
async function largeFile(length: number): Promise<Blob> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'scan.bin');
  await writeFile(path, pieces(length));
  return openAsBlob(path);
}

function* pieces(length: number): Generator<Uint8Array> {
  for (let done = 0; done < length; done += MEBIBYTE) yield noise(MEBIBYTE, done + 1);
}

/** Bytes that don't compress, the same each time. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(length / 4);
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    // xorshift32, Marsaglia 2003.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}
