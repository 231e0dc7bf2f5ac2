import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorageClient, putBlock, readBody, uploadBody } from '@chartkey/sdk/storage';
import { findChromium } from '../../test/browser/support/chromium.ts';
import { hasKubo, type RunningKubo, startKubo } from '../lib/kubo.ts';
import { freePort, type Service, STORAGE_NODE, startService } from '../lib/process.ts';
import { type BenchArea, type BenchResult, comparedTo, summarize, timed } from './area.ts';
import { figuresOf } from './browser/chromium.ts';
import { ipfsClient } from './workload/ipfs.ts';
import { startWatch, type Watch } from './workload/watch.ts';

const BYTES = Number(process.env.CHARTKEY_BENCH_STORAGE_BYTES ?? 256 * 1_048_576);
const RUNS = Number(process.env.CHARTKEY_BENCH_STORAGE_RUNS ?? 3);
const SMALL_RECORDS = Number(process.env.CHARTKEY_BENCH_STORAGE_RECORDS ?? 10_000);
const BROWSER_BYTES = Number(process.env.CHARTKEY_BENCH_BROWSER_BYTES ?? 500_000_000);
const BROWSER_TIMEOUT_MS = 300_000;
const SMALL_BYTES = 4_096;
const SMALL_AT_ONCE = 8;

type Name = 'copy' | 'add' | 'cat' | 'up' | 'down' | 'kuboAdd' | 'kuboCat' | 'syncedAdd';
type Measured = Map<Name, number[]>;
type Urls = { readonly node: string; readonly kubo?: string; readonly syncedKubo?: string };

/**
 * The embedded node, in a process of its own, against what no store can do without (a copy and a
 * SHA-256) and against two real Kubo daemons, as it is and with `sync: true`. All are spoken to by
 * the same program, `ipfs add` and `ipfs cat`, in turns in one run.
 */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-bench-'));
  const services: Pick<Service, 'close'>[] = [];
  try {
    const pagePort = await freePort();
    const { service, url } = await startEmbedded(dir, pagePort);
    services.push(service);
    const kubos = hasKubo() ? await startKubos(dir) : [];
    services.push(...kubos.map((kubo) => kubo.service));
    const [kubo, syncedKubo] = kubos.map(({ rpcUrl }) => rpcUrl);
    if (kubo === undefined) console.error('LEFT OUT: the comparison with Kubo (there is none: npm run kubo)');
    const results = await measureAll(dir, {
      node: url,
      ...(kubo && { kubo }),
      ...(syncedKubo && { syncedKubo }),
    });
    for (const one of kubos) await one.service.close();
    results.push(await smallRecords(url), ...(await browserUpload(dir, url, pagePort)));
    return [...results, await peakOf(service)];
  } finally {
    for (const { close } of services) await close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
};

async function startEmbedded(dir: string, pagePort: number): Promise<{ service: Service; url: string }> {
  const port = await freePort();
  const service = await startService({
    name: 'storage',
    args: STORAGE_NODE,
    env: {
      CHARTKEY_STORAGE_DIR: join(dir, 'node'),
      CHARTKEY_STORAGE_PORT: String(port),
      CHARTKEY_STORAGE_ORIGINS: `http://127.0.0.1:${pagePort}`,
    },
    ready: /storage listening on/,
  });
  return { service, url: `http://127.0.0.1:${port}` };
}

/** As the tests and operators run it, which syncs no block; and one that syncs each. */
async function startKubos(dir: string): Promise<RunningKubo[]> {
  return [
    await startKubo({ dir: join(dir, 'kubo') }),
    // The first of its stores is the one for blocks.
    await startKubo({ dir: join(dir, 'kubo-synced'), settings: { 'Datastore.Spec.mounts.0.sync': true } }),
  ];
}

async function measureAll(dir: string, urls: Urls): Promise<BenchResult[]> {
  const measured: Measured = new Map();
  // Taken in turns, so that a slow spell of the machine falls on all; the first round warms up.
  for (let round = 0; round <= RUNS; round += 1) {
    for (const [name, speed] of await measureRound(dir, urls, round)) {
      if (round > 0) measured.set(name, [...(measured.get(name) ?? []), speed]);
    }
  }
  const samples = (name: Name) => measured.get(name) ?? [];
  const copy = summarize('copy-and-sha256', 'MB/s', samples('copy'));
  const result = (title: string, name: Name) =>
    comparedTo(summarize(title, 'MB/s', samples(name)), samples(name), copy, samples('copy'));
  const results = [
    copy,
    result('embedded-add', 'add'),
    result('embedded-cat', 'cat'),
    result('sdk-upload', 'up'),
    result('sdk-read', 'down'),
  ];
  if (urls.kubo === undefined) return results;
  return [
    ...results,
    result('kubo-add', 'kuboAdd'),
    result('kubo-cat', 'kuboCat'),
    result('kubo-add, blocks synced', 'syncedAdd'),
    ratio('embedded-add/kubo-add', samples('add'), samples('kuboAdd')),
    ratio('embedded-cat/kubo-cat', samples('cat'), samples('kuboCat')),
    ratio('embedded-add/kubo-add, blocks synced', samples('add'), samples('syncedAdd')),
  ];
}

async function measureRound(dir: string, urls: Urls, round: number): Promise<(readonly [Name, number])[]> {
  const source = join(dir, 'source');
  const ipfs = ipfsClient();
  const measured: (readonly [Name, number])[] = [];
  const measure = async <T>(name: Name, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    measured.push([name, BYTES / 1_000 / (performance.now() - start)]);
    return result;
  };
  // Fresh bytes each time: blocks that are there already are not written again.
  await freshSource(source);
  const digest = await measure('copy', () => copyAndHash(source, join(dir, 'copy')));
  const cids = new Set<string>();
  const addAndCat = async (url: string, add: Name, cat?: Name) => {
    const cid = await measure(add, () => ipfs.add(url, source));
    cids.add(cid);
    if (cat === undefined) return;
    const came = await measure(cat, () => ipfs.cat(url, cid));
    if (came !== digest) throw new Error('cat gave other bytes.');
  };
  const turns = [
    () => addAndCat(urls.node, 'add', 'cat'),
    ...(urls.kubo === undefined ? [] : [() => addAndCat(urls.kubo ?? '', 'kuboAdd', 'kuboCat')]),
    ...(urls.syncedKubo === undefined ? [] : [() => addAndCat(urls.syncedKubo ?? '', 'syncedAdd')]),
  ];
  // Each second round backwards: nobody always runs on what the same neighbour left behind.
  for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  if (cids.size > 1) throw new Error('Kubo made another CID of the file.');

  await freshSource(source);
  const client = createStorageClient({ nodes: [{ rpcUrl: urls.node, gatewayUrl: urls.node }] });
  const segments = createReadStream(source, { highWaterMark: 262_144 });
  const stored = await measure('up', () => uploadBody(client, { segments }));
  await measure('down', async () => {
    for await (const _leaf of readBody(client, stored));
  });
  return measured;
}

/** On the disk before anything is measured: what is written back later would cost the next one. */
async function freshSource(path: string): Promise<void> {
  const file = await open(path, 'w');
  await file.writeFile(randomBytes(BYTES));
  await file.sync();
  await file.close();
}

async function browserUpload(dir: string, url: string, port: number): Promise<readonly BenchResult[]> {
  const chromium = findChromium();
  if (!chromium) return [];
  let memory: Watch | undefined;
  const results = await figuresOf(chromium, {
    dir: join(dir, 'chromium'),
    query: { work: 'upload', url, bytes: String(BROWSER_BYTES), runs: String(RUNS) },
    port,
    timeoutMs: BROWSER_TIMEOUT_MS,
    onMessage: (message, renderers) => {
      if ('ready' in message) memory = startWatch(() => renderers().largest);
    },
  });
  const peak = Math.max(...(memory?.end() ?? []));
  return [...results, summarize('browser-upload-peak-memory', 'MiB', [peak], 'chromium')];
}

function ratio(name: string, samples: readonly number[], against: readonly number[]): BenchResult {
  return summarize(
    name,
    'ratio',
    samples.map((sample, round) => sample / (against[round] ?? Number.NaN)),
  );
}

/** Each stored, pinned and read back before it counts. */
async function smallRecords(url: string): Promise<BenchResult> {
  const client = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
  let left = SMALL_RECORDS;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await putBlock(client, randomBytes(SMALL_BYTES));
    }
  };
  const ms = await timed(() => Promise.all(Array.from({ length: SMALL_AT_ONCE }, worker)));
  return summarize('embedded-put-4-KiB', '1/s', [SMALL_RECORDS / (ms / 1_000)]);
}

async function peakOf({ pid }: Service): Promise<BenchResult> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
  return summarize('embedded-peak-memory', 'MiB', [kilobytes / 1_024]);
}

async function copyAndHash(from: string, to: string): Promise<string> {
  const hash = createHash('sha256');
  const target = await open(to, 'w');
  for await (const piece of createReadStream(from, { highWaterMark: 262_144 })) {
    hash.update(piece);
    await target.write(piece);
  }
  await target.datasync();
  await target.close();
  return hash.digest('hex');
}
