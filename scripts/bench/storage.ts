import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorageClient, putBlock, readBody, uploadBody } from '@chartkey/sdk/storage';
import { findChromium } from '../../test/browser/support/chromium.ts';
import { hasKubo, kuboPath, startKubo } from '../lib/kubo.ts';
import { freePort, ROOT, type Service, startService } from '../lib/process.ts';
import { runProgram } from '../lib/tool.ts';
import { type BenchArea, type BenchResult, comparedTo, summarize, timed } from './area.ts';
import { runInChromium } from './workload/chromium.ts';

const BYTES = Number(process.env.CHARTKEY_BENCH_STORAGE_BYTES ?? 256 * 1_048_576);
const RUNS = Number(process.env.CHARTKEY_BENCH_STORAGE_RUNS ?? 3);
const SMALL_RECORDS = Number(process.env.CHARTKEY_BENCH_STORAGE_RECORDS ?? 10_000);
const SMALL_BYTES = 4_096;
const SMALL_AT_ONCE = 8;

type Speeds = Record<'copy' | 'add' | 'cat' | 'up' | 'down' | 'kuboAdd' | 'kuboCat', number[]>;

/**
 * The embedded node, in a process of its own, against what no store can do without (a copy and a
 * SHA-256) and against `ipfs add` and `ipfs cat` of a real Kubo daemon, in turns in one run.
 */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-bench-'));
  const port = await freePort();
  const pagePort = await freePort();
  const node = await startService({
    name: 'storage',
    args: [join(ROOT, 'storage/src/main.ts')],
    env: {
      CHARTKEY_STORAGE_DIR: join(dir, 'node'),
      CHARTKEY_STORAGE_PORT: String(port),
      CHARTKEY_STORAGE_ORIGINS: `http://127.0.0.1:${pagePort}`,
    },
    ready: /storage listening on/,
  });
  const kubo = hasKubo() ? await startKubo({ dir: join(dir, 'kubo') }) : undefined;
  if (kubo === undefined) console.error('LEFT OUT: the comparison with Kubo (there is none: npm run kubo)');
  try {
    const url = `http://127.0.0.1:${port}`;
    const results = await measureAll(dir, url, kubo?.rpcUrl);
    results.push(await smallRecords(url), await peakOf(node));
    const chromium = findChromium();
    if (!chromium) return results;
    process.env.VITE_STORAGE_URL = url;
    const page = {
      chromium,
      dir: join(dir, 'chromium'),
      page: 'browser-upload',
      port: pagePort,
      include: ['@ipld/car > varint'],
    };
    return [...results, ...(await runInChromium(page))];
  } finally {
    await kubo?.service.close();
    await node.close();
    await rm(dir, { recursive: true, force: true });
  }
};

async function measureAll(dir: string, url: string, kuboUrl: string | undefined): Promise<BenchResult[]> {
  const speeds: Speeds = { copy: [], add: [], cat: [], up: [], down: [], kuboAdd: [], kuboCat: [] };
  // Taken in turns, so that a slow spell of the machine falls on all; the first round warms up.
  for (let round = 0; round <= RUNS; round += 1) {
    const measured = await measureRound(dir, url, kuboUrl);
    if (round > 0) for (const [name, speed] of measured) speeds[name].push(speed);
  }
  const copy = summarize('copy-and-sha256', 'MB/s', speeds.copy);
  const result = (name: string, samples: readonly number[]) =>
    comparedTo(summarize(name, 'MB/s', samples), samples, copy, speeds.copy);
  const results = [
    copy,
    result('embedded-add', speeds.add),
    result('embedded-cat', speeds.cat),
    result('sdk-upload', speeds.up),
    result('sdk-read', speeds.down),
  ];
  if (kuboUrl === undefined) return results;
  results.push(result('kubo-add', speeds.kuboAdd), result('kubo-cat', speeds.kuboCat));
  results.push(ratio('embedded-add/kubo-add', speeds.add, speeds.kuboAdd));
  results.push(ratio('embedded-cat/kubo-cat', speeds.cat, speeds.kuboCat));
  return results;
}

async function measureRound(
  dir: string,
  url: string,
  kuboUrl: string | undefined,
): Promise<(readonly [keyof Speeds, number])[]> {
  const source = join(dir, 'source');
  const client = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
  const measured: (readonly [keyof Speeds, number])[] = [];
  const measure = async (name: keyof Speeds, work: () => Promise<void>) => {
    measured.push([name, BYTES / 1_000 / (await timed(work))]);
  };
  // Fresh bytes each time: blocks that are there already are not written again.
  await writeFile(source, randomBytes(BYTES));
  await measure('copy', () => copyAndHash(source, join(dir, 'copy')));
  let cid = '';
  await measure('add', async () => {
    cid = await addFile(url, source);
  });
  await measure('cat', () => drain(rpc(url, `cat?arg=${cid}`)));
  if (kuboUrl !== undefined) {
    const api = ['--api', `/ip4/127.0.0.1/tcp/${new URL(kuboUrl).port}`];
    const options = [
      '--cid-version=1',
      '--chunker=size-262144',
      '--max-file-links=174',
      '--raw-leaves',
      '-Q',
    ];
    await measure('kuboAdd', async () => {
      const { stdout } = await runProgram(kuboPath(), ['add', ...api, ...options, source]);
      if (stdout.trim() !== cid) throw new Error('Kubo made another CID of the file.');
    });
    await measure('kuboCat', async () => {
      const out = join(dir, 'out');
      await runProgram(kuboPath(), ['cat', ...api, '-o', out, cid]);
      await rm(out, { force: true });
    });
  }
  await writeFile(source, randomBytes(BYTES));
  let stored = { digest: new Uint8Array(32), length: 0 };
  await measure('up', async () => {
    stored = await uploadBody(client, { segments: createReadStream(source, { highWaterMark: 262_144 }) });
  });
  await measure('down', async () => {
    for await (const _leaf of readBody(client, stored));
  });
  return measured;
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

async function copyAndHash(from: string, to: string): Promise<void> {
  const hash = createHash('sha256');
  const target = await open(to, 'w');
  for await (const piece of createReadStream(from, { highWaterMark: 262_144 })) {
    hash.update(piece);
    await target.write(piece);
  }
  await target.datasync();
  await target.close();
  hash.digest();
}

async function addFile(url: string, path: string): Promise<string> {
  const form = new FormData();
  form.append('file', await openAsBlob(path), 'file');
  return String(JSON.parse(await (await rpc(url, 'add', form)).text()).Hash);
}

function rpc(url: string, command: string, body?: FormData): Promise<Response> {
  return fetch(`${url}/api/v0/${command}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
}

async function drain(answer: Promise<Response>): Promise<void> {
  let bytes = 0;
  for await (const piece of (await answer).body ?? []) bytes += piece.length;
  if (bytes !== BYTES) throw new Error('cat was short');
}
