import { createReadStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../test/browser/support/chromium.ts';
import { type BenchArea, type BenchResult, nodeRuntime, summarize } from './area.ts';
import { runPage } from './browser/run-page.ts';
import { prepareLarge, runLarge } from './workload/large.ts';

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
  return results(nodeRuntime, speed, memory.growth());
}

/** Memory of the processes that run pages and their workers, as the system counts it. */
async function runInChromium(chromium: string, dir: string): Promise<BenchResult[]> {
  let memory: Watch | undefined;
  const answer = await runPage(chromium, {
    dir,
    page: `large.html?bytes=${BYTES}`,
    timeoutMs: BROWSER_TIMEOUT_MS,
    onMessage: (message, renderers) => {
      if ('ready' in message) memory = startWatch(() => renderers().bytes);
    },
  });
  const growth = memory?.growth() ?? [];
  if (typeof answer['speed'] !== 'number') throw new Error(`Chromium: ${String(answer['failure'])}`);
  return results('chromium', answer['speed'], growth);
}

type Watch = {
  readonly look: () => void;
  /** MiB over the beginning, each time that was looked; nothing where the system does not tell. */
  readonly growth: () => readonly number[];
};

function startWatch(read: () => number): Watch {
  const baseline = read();
  const samples: number[] = [];
  const look = () => {
    if (baseline > 0) samples.push((read() - baseline) / 2 ** 20);
  };
  const timer = setInterval(look, 100);
  return {
    look,
    growth: () => {
      clearInterval(timer);
      return samples;
    },
  };
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
