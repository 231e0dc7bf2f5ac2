import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  askIndex,
  createHeadHasher,
  EMPTY_HEAD_BYTES,
  type EntryFields,
  indexInfo,
  type ListQuery,
  PURPOSES_OF_USE,
  packEntry,
  type RecordId,
} from '@chartkey/sdk';
import { createKeccak } from 'hash-wasm';
import { type Address, createPublicClient, type Hex, http } from 'viem';
import { type RunningIndexer, startIndexerNode } from '../lib/indexer.ts';
import { findPostgres, startPostgres } from '../lib/postgres.ts';
import { ROOT, startService } from '../lib/process.ts';
import { type BenchArea, type BenchResult, comparedTo, summarize, timed } from './area.ts';

/** As many as an audit is meant for; fewer for a quick look: CHARTKEY_BENCH_ENTRIES=20000. */
const ENTRIES = Number(process.env.CHARTKEY_BENCH_ENTRIES ?? 1_000_000);
const PATIENTS = 5_000;
const ACCESSORS = 500;
const QUESTIONS = 500;
const HASHED = 200_000;
const HASH_ROUNDS = 5;
/** Ranges of the raw reading hold as many logs as those of an index. */
const BLOCKS_AT_ONCE = 100n;
const MEGABYTE = 1_000_000;

type LogNode = {
  readonly url: string;
  readonly last: number;
  readonly deployment: { readonly log: Address };
};

/**
 * An index from nothing to a million entries, against reading the same logs with viem; its questions
 * at that size; heads against raw Keccak; and what an export of it all holds in memory.
 */
export const bench: BenchArea['bench'] = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-bench-'));
  const bin = await findPostgres();
  if (bin === undefined) console.error('LEFT OUT: PostgreSQL (there is none: apt-get install postgresql)');
  const postgres = bin === undefined ? undefined : await startPostgres(bin);
  const service = await startService({
    name: 'log node',
    args: [join(ROOT, 'scripts/bench/workload/log-node.ts'), String(ENTRIES)],
    ready: /"url"/,
  });
  try {
    const node: LogNode = JSON.parse(service.tail());
    const addressesFile = join(folder, 'addresses.json');
    await writeFile(addressesFile, JSON.stringify(node.deployment));
    const place = { folder, addressesFile, node };
    const results = [...(await heads()), ...(await onEngine(place, join(folder, 'index.sqlite'), 'sqlite'))];
    if (postgres) results.push(...(await onEngine(place, await postgres.createDatabase(), 'postgres')));
    return results;
  } finally {
    await service.close();
    await postgres?.close();
    await rm(folder, { recursive: true, force: true });
  }
};

type Place = { readonly folder: string; readonly addressesFile: string; readonly node: LogNode };

async function onEngine(place: Place, database: string, engine: string): Promise<BenchResult[]> {
  const raw = await readRaw(place.node);
  let index: RunningIndexer | undefined;
  try {
    const took = await timed(async () => {
      index = await startIndexerNode({
        rpcUrl: place.node.url,
        addressesFile: place.addressesFile,
        database,
        env: { CHARTKEY_INDEXER_RATE_PER_ADDRESS: '0' },
      });
      await following(index);
    });
    if (!index) throw new Error('no index');
    const rate = (ENTRIES * 1_000) / took;
    const rawResult = summarize('raw-logs', '1/s', [raw], engine);
    return [
      rawResult,
      comparedTo(summarize('backfill/raw-logs', '1/s', [rate], engine), [rate], rawResult, [raw]),
      summarize('backfill-rss', 'MB', [peakOf(index.service.pid)], engine),
      await questions('timeline-p95', engine, index, timeline),
      await questions('auditor-page-p95', engine, index, auditorPage),
      ...(engine === 'sqlite' ? await exported(place, index) : []),
    ];
  } finally {
    await index?.service.close();
  }
}

/** Logs a second that viem reads and formats, and throws away. */
async function readRaw({ url, last, deployment }: LogNode): Promise<number> {
  const client = createPublicClient({ transport: http(url, { timeout: 60_000 }) });
  let read = 0;
  const took = await timed(async () => {
    for (let from = 0n; from <= BigInt(last); from += BLOCKS_AT_ONCE) {
      const range = { fromBlock: from, toBlock: from + BLOCKS_AT_ONCE - 1n };
      read += (await client.getLogs({ address: deployment.log, ...range })).length;
    }
  });
  if (read !== ENTRIES) throw new Error(`${read} of ${ENTRIES} logs were read`);
  return (ENTRIES * 1_000) / took;
}

async function following(index: RunningIndexer): Promise<void> {
  while ((await indexInfo(index)).state !== 'following') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function questions(
  name: string,
  engine: string,
  index: RunningIndexer,
  ask: (random: () => number) => ListQuery<'entries'>,
): Promise<BenchResult> {
  const random = generator();
  const times: number[] = [];
  for (let i = 0; i < QUESTIONS; i++) {
    const query = ask(random);
    times.push(await timed(() => askIndex(index, 'entries', query)));
  }
  times.sort((a, b) => a - b);
  return summarize(name, 'ms', [times[Math.floor(QUESTIONS * 0.95)] ?? Number.NaN], engine);
}

function timeline(random: () => number): ListQuery<'entries'> {
  return { patient: `0xaa${whole(random, PATIENTS).toString(16).padStart(38, '0')}`, limit: 100 };
}

/** Whatever an auditor narrows by, alone and together, on any page. */
function auditorPage(random: () => number): ListQuery<'entries'> {
  const maybe = (share: number) => random() < share;
  const last = 1_700_000_000 + (ENTRIES / 100) * 12;
  const from = Math.floor(1_700_000_000 + random() * (last - 1_700_000_000));
  return {
    limit: 50,
    order: maybe(0.8) ? 'newest' : 'oldest',
    ...(maybe(0.3) && { accessor: `0xbb${whole(random, ACCESSORS).toString(16).padStart(38, '0')}` }),
    ...(maybe(0.3) && { organisation: `0xcc${whole(random, 20).toString(16).padStart(38, '0')}` }),
    ...(maybe(0.3) && { outcome: maybe(0.7) ? ('refused' as const) : ('permitted' as const) }),
    ...(maybe(0.3) && { purpose: PURPOSES_OF_USE[whole(random, 9)]?.code }),
    ...(maybe(0.2) && { emergency: true }),
    ...(maybe(0.5) && { from, until: from + 86_400 }),
    ...(maybe(0.3) && { cursor: String((2 + whole(random, ENTRIES / 100)) * 2 ** 20) }),
  };
}

/** The same questions in every run. */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function whole(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

/** Garbage lies about for as long as there is room: with little of it the figure is what is kept. */
const LITTLE_ROOM = ['--max-old-space-size=64', '--max-semi-space-size=2'];

/** Most memory of an export of everything, and of a tenth of it. */
async function exported(
  { folder, addressesFile, node }: Place,
  index: RunningIndexer,
): Promise<BenchResult[]> {
  const peak = async (name: string, more: readonly string[]) => {
    const output = join(folder, `${name}.csv`);
    const started = performance.now();
    const child = await startService({
      name,
      args: [
        ...LITTLE_ROOM,
        join(ROOT, 'scripts/bench/workload/export-peak.ts'),
        ...['export', '--addresses', addressesFile, '--rpc-url', node.url, '--index-url', index.url],
        ...['--format', 'csv', '--out', output, ...more],
      ],
      ready: /peak \d+/,
      timeoutMs: 600_000,
    });
    const took = performance.now() - started;
    await child.close();
    const bytes = Number(/peak (\d+)/.exec(child.tail())?.[1]);
    if ((await stat(output)).size < 1_000) throw new Error('nothing was exported');
    return { megabytes: bytes / MEGABYTE, rate: (ENTRIES * 1_000) / took };
  };
  const until = new Date((1_700_000_000 + (ENTRIES / 1_000) * 12) * 1_000).toISOString();
  const tenth = await peak('tenth', ['--until', until]);
  const all = await peak('all', []);
  const small = summarize('export-rss of a tenth', 'MB', [tenth.megabytes]);
  return [
    small,
    comparedTo(summarize('export-rss', 'MB', [all.megabytes]), [all.megabytes], small, [tenth.megabytes]),
    summarize('export', '1/s', [all.rate]),
  ];
}

/** Entries a second whose heads are recomputed, against Keccak of the very bytes that they are hashes of. */
async function heads(): Promise<BenchResult[]> {
  const entries = Array.from({ length: HASHED }, (_, n) => madeUp(n));
  const packed = entries.map((entry) => {
    const bytes = new Uint8Array(124);
    packEntry(bytes, EMPTY_HEAD_BYTES, entry);
    return bytes;
  });
  const keccak = await createKeccak(256);
  const hash = await createHeadHasher();
  const [raw, recomputed]: [number[], number[]] = [[], []];
  for (let round = -1; round < HASH_ROUNDS; round++) {
    const rawMs = await timed(async () => {
      for (const bytes of packed) keccak.init().update(bytes).digest('binary');
    });
    const headMs = await timed(async () => {
      let head = EMPTY_HEAD_BYTES;
      for (const entry of entries) head = hash(head, entry);
    });
    if (round < 0) continue;
    raw.push((HASHED * 1_000) / rawMs);
    recomputed.push((HASHED * 1_000) / headMs);
  }
  const rawResult = summarize('keccak', '1/s', raw);
  return [rawResult, comparedTo(summarize('head/keccak', '1/s', recomputed), recomputed, rawResult, raw)];
}

function madeUp(n: number): EntryFields {
  const hash: Hex = `0x${n.toString(16).padStart(64, '0')}`;
  return {
    sequence: n + 1,
    recordId: hash as RecordId,
    accessor: `0xbb${(n % ACCESSORS).toString(16).padStart(38, '0')}`,
    purpose: 0,
    decision: 1,
    openedAt: 1_700_000_000 + n,
    keyHash: hash,
    ground: 0,
  };
}

/** Most memory that a process ever held, in megabytes; NaN where there is no /proc. */
function peakOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1_024) / MEGABYTE;
}
