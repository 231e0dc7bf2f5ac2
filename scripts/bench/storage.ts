import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createStorageClient, readBody, uploadBody } from '@chartkey/sdk/storage';

export type Result = {
  readonly name: string;
  readonly runtime: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** Median over the median of `against`. */
  readonly ratio?: number;
  readonly against?: string;
};

const BYTES = 64 * 1_048_576;
const RUNS = 5;
const BASELINE = 'plain copy + SHA-256, 64 MiB';

/** The embedded node, in a process of its own, against what no store can do without. */
export async function run(): Promise<Result[]> {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-bench-'));
  const node = await startNode(join(dir, 'node'));
  try {
    return await measureAll(dir, node.url);
  } finally {
    await node.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureAll(dir: string, url: string): Promise<Result[]> {
  const source = join(dir, 'source');
  const client = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
  const speeds = {
    copy: [] as number[],
    add: [] as number[],
    cat: [] as number[],
    up: [] as number[],
    down: [] as number[],
  };
  // Taken in turns, so that a slow spell of the machine falls on all; the first round warms up.
  for (let round = 0; round <= RUNS; round += 1) {
    // Fresh bytes: blocks that are there already are not written again.
    await writeFile(source, randomBytes(BYTES));
    const copy = await megabytesPerSecond(() => copyAndHash(source, join(dir, 'copy')));
    let cid = '';
    const add = await megabytesPerSecond(async () => {
      cid = await addFile(url, source);
    });
    const cat = await megabytesPerSecond(() => drain(post(url, `cat?arg=${cid}`)));
    await writeFile(source, randomBytes(BYTES));
    let stored = { digest: new Uint8Array(32), length: 0 };
    const up = await megabytesPerSecond(async () => {
      stored = await uploadBody(client, { segments: createReadStream(source, { highWaterMark: 262_144 }) });
    });
    const down = await megabytesPerSecond(async () => {
      for await (const _leaf of readBody(client, stored));
    });
    if (round > 0)
      for (const [name, speed] of Object.entries({ copy, add, cat, up, down })) push(speeds, name, speed);
  }
  const baseline = median(speeds.copy);
  const against = (name: string, values: readonly number[]): Result => ({
    ...summary(name, values),
    ratio: median(values) / baseline,
    against: BASELINE,
  });
  return [
    summary(BASELINE, speeds.copy),
    against('embedded node: add 64 MiB', speeds.add),
    against('embedded node: cat 64 MiB', speeds.cat),
    against('sdk: uploadBody 64 MiB', speeds.up),
    against('sdk: readBody 64 MiB, verified', speeds.down),
  ];
}

function push(speeds: Record<string, number[]>, name: string, speed: number): void {
  speeds[name]?.push(speed);
}

function summary(name: string, values: readonly number[]): Result {
  return {
    name,
    runtime: `node ${process.versions.node}`,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    unit: 'MB/s',
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

async function megabytesPerSecond(action: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await action();
  return BYTES / 1_000 / (performance.now() - start);
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
  const answer = await post(url, 'add', form);
  const { Hash } = JSON.parse(await answer.text());
  return String(Hash);
}

function post(url: string, command: string, body?: FormData): Promise<Response> {
  return fetch(`${url}/api/v0/${command}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
}

async function drain(answer: Promise<Response>): Promise<void> {
  let bytes = 0;
  for await (const piece of (await answer).body ?? []) bytes += piece.length;
  if (bytes !== BYTES) throw new Error('cat was short');
}

async function startNode(dir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const main = fileURLToPath(new URL('../../storage/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, CHARTKEY_STORAGE_DIR: dir, CHARTKEY_STORAGE_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url: String(line).replace('storage listening on ', ''), stop };
}
