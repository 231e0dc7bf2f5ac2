import type { BenchResult } from '../area.ts';
import { type Files, fileWorks } from './files.ts';
import { memoryWorks } from './memory.ts';
import { smallWorks } from './small.ts';
import { measure } from './work.ts';

const ROUNDS = 11;

/** What `npm run bench -- crypto` measures, alike in Node and in a browser's worker. */
export async function runCrypto(runtime: 'node' | 'chromium', files: Files): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  // One after the other, so that what one leaves in memory does not fall to the next.
  for (const works of [memoryWorks, () => fileWorks(files), smallWorks]) {
    results.push(...(await measure(await works(), ROUNDS, runtime)));
  }
  return results;
}
