import { createReadStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../test/browser/support/chromium.ts';
import { type BenchArea, type BenchResult, nodeRuntime, summarize } from './area.ts';
import { runPage } from './browser/chromium.ts';
import { prepareLarge, runLarge } from './workload/large.ts';
import { startWatch, type Watch } from './workload/watch.ts';

/** 5 GB on disk, without taking them. */
const BYTES = Number(process.env.CHARTKEY_BENCH_LARGE_BYTES ?? 5_000_000_000);
/** Over what the process took before. */
const MAX_MEBIBYTES = 256;
const BROWSER_TIMEOUT_MS = 900_000;

/**
 * One large file, sealed and opened again in one pass, in Node and, if there is one, in Chromium.
 * What counts is the memory; once is enough, as there is no other run to compare with.
 */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-large-'));
  try {
    const inNode = await runInNode(dir);
    const chromium = findChromium();
    return chromium ? [...inNode, ...(await runInChromium(chromium, dir))] : inNode;
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** As a stream: a Blob of Node's `openAsBlob` takes its size modulo 2^32 (Node 24). */
async function runInNode(dir: string): Promise<BenchResult[]> {
  const path = join(dir, 'file');
  await writeFile(path, '');
  await truncate(path, BYTES);
  const sample = await prepareLarge(BYTES);
  const memory = startWatch(() => process.memoryUsage.rss());
  const source = createReadStream(path, { highWaterMark: 262_144 });
  const { speed } = await runLarge(sample, source, memory.look);
  return results(nodeRuntime, speed, growthOf(memory));
}

/** Memory of the processes that run pages and their workers, as the system counts it. */
async function runInChromium(chromium: string, dir: string): Promise<BenchResult[]> {
  let memory: Watch | undefined;
  const answer = await runPage(chromium, {
    dir,
    query: { work: 'large', bytes: String(BYTES) },
    timeoutMs: BROWSER_TIMEOUT_MS,
    onMessage: (message, renderers) => {
      if ('ready' in message) memory = startWatch(() => renderers().bytes);
    },
  });
  const growth = memory === undefined ? [] : growthOf(memory);
  return results('chromium', Number(answer['speed']), growth);
}

/** MiB over the beginning. */
function growthOf(memory: Watch): readonly number[] {
  const [baseline = 0, ...samples] = memory.end();
  return samples.map((mebibytes) => mebibytes - baseline);
}

function results(runtime: string, speed: number, mebibytes: readonly number[]): BenchResult[] {
  const memory = summarize('large/memory over the baseline', 'MiB', mebibytes, runtime);
  if (memory.max > MAX_MEBIBYTES) {
    const grew = `${Math.round(memory.max)} MiB, ${Math.round(memory.median)} in the median`;
    throw new Error(`${runtime}: the memory grew by up to ${grew}.`);
  }
  const name = `large/${Math.round(BYTES / 1e9)}-GB sealed and opened`;
  return [summarize(name, 'MB/s', [speed], runtime), ...(mebibytes.length > 0 ? [memory] : [])];
}
