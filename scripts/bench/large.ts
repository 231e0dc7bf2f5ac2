import { createReadStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateContentKey,
  openBody,
  parseEnvelope,
  prepareBody,
  sealEnvelope,
} from '../../sdk/src/envelope/index.ts';
import { makeSample } from '../../sdk/src/envelope/testing.ts';
import { type BenchArea, type BenchResult, summarize } from './area.ts';

/** 5 GB on disk, without taking them. */
const BYTES = Number(process.env.CHARTKEY_BENCH_LARGE_BYTES ?? 5_000_000_000);
/** Over what the process took before. */
const MAX_MEBIBYTES = 256;

/**
 * One large file, sealed and opened again in one pass. What counts is the memory; once is enough,
 * as there is no other run to compare with.
 */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-large-'));
  try {
    const path = join(dir, 'file');
    await writeFile(path, '');
    await truncate(path, BYTES);
    return await measure(path);
  } finally {
    await rm(dir, { recursive: true });
  }
};

/** As a stream: a Blob of Node's `openAsBlob` takes its size modulo 2^32 (Node 24). */
async function measure(path: string): Promise<BenchResult[]> {
  const source = createReadStream(path, { highWaterMark: 262_144 });
  const { binding, keepers, envelope: any } = await makeSample();
  const contentKey = generateContentKey();
  const length = BYTES;
  const { encrypt, floeHeader, ciphertextLength } = prepareBody({ contentKey, binding, length });
  const metadata = { length, mediaType: 'text/plain', title: '', fhirType: '', created: '2026-01-31' };
  const { bodyDigest, keeperSetDigest } = any;
  const envelope = parseEnvelope(
    await sealEnvelope({
      ...{ contentKey, binding, keepers, floeHeader, metadata, bodyDigest, keeperSetDigest },
      ...{ bodyLength: ciphertextLength, epoch: 1, threshold: 2 },
    }),
  );
  const baseline = process.memoryUsage.rss();
  let peak = baseline;
  let done = 0;
  const start = performance.now();
  for await (const piece of openBody({ envelope, contentKey, ciphertext: encrypt({ source }) })) {
    done += piece.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const speed = length / 1000 / (performance.now() - start);
  const mebibytes = (peak - baseline) / 2 ** 20;
  if (done !== length) throw new Error('The file came back with another length.');
  if (mebibytes > MAX_MEBIBYTES) throw new Error(`The memory grew by ${Math.round(mebibytes)} MiB.`);
  return [
    summarize(`large/${Math.round(length / 1e9)}-GB sealed and opened`, 'MB/s', [speed]),
    summarize('large/memory over the baseline', 'MiB', [mebibytes]),
  ];
}
