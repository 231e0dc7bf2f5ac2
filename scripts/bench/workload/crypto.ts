import type { BenchResult } from '../area.ts';
import { type Files, fileWorks } from './files.ts';
import { memoryWorks } from './memory.ts';
import { smallWorks } from './small.ts';
import { measure } from './work.ts';

/** The more a group's ratios lie apart, the more often it runs. */
const ROUNDS = { memory: 21, files: 11, small: 11 };

/** What `npm run bench -- crypto` measures, alike in Node and in a browser's worker. */
export async function runCrypto(runtime: 'node' | 'chromium', files: Files): Promise<BenchResult[]> {
  // One after the other, so that what one leaves in memory does not fall to the next.
  const memory = await measure(await memoryWorks(), ROUNDS.memory, runtime);
  const inFiles = await measure(await fileWorks(files), ROUNDS.files, runtime);
  return [...memory, ...inFiles, ...(await measure(await smallWorks(), ROUNDS.small, runtime))];
}
