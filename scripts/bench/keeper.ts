import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  fetchOpening,
  generateOneTimeKeyPair,
  type Opening,
  openRecords,
  type RecordId,
  rawCid,
  readBlock,
  sharesResponseSchema,
  toBase64Url,
} from '@chartkey/sdk';
import { hexToBytes, sha256 } from 'viem';
import { ACTORS } from '../lib/accounts.ts';
import { ROOT } from '../lib/process.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import { openWard, writeLetters } from '../lib/ward.ts';
import { type BenchArea, type BenchResult, comparedTo, summarize } from './area.ts';

const ROUNDS = 7;
const CHART = 100;
/** Records a request when releases are counted: as many as a keeper takes. */
const BATCH = 64;
const REQUESTS_A_ROUND = 6;
/** Single releases, for their times. */
const SINGLES = 200;
const CHARTS = 9;

/**
 * A keeper on one core, against the HPKE open and seal that no release can do without, on the
 * same core, in turns; and an opening of a whole chart from the click to the last key.
 */
export const bench: BenchArea['bench'] = async () => {
  const env = { CHARTKEY_KEEPER_RATE_PER_ADDRESS: '0', CHARTKEY_KEEPER_RATE_PER_ACCESSOR: '0' };
  const stack = await startStack({ env });
  try {
    await openWard(stack, [ACTORS.clinician]);
    const texts = Array.from({ length: CHART }, (_, i) => `Letter ${i + 1}`);
    const chart = await writeLetters(stack, texts);
    return [...(await charts(stack, chart)), ...(await releases(stack, chart))];
  } finally {
    await stack.close();
  }
};

async function releases(stack: Stack, chart: readonly RecordId[]): Promise<BenchResult[]> {
  const [keeper] = stack.keepers;
  if (!keeper) throw new Error('no keeper');
  const core = availableParallelism() - 1;
  await pin(keeper.service.pid, core);
  const opened = await open(stack, chart.slice(0, BATCH));
  const batch = await bodyOf(stack, opened, chart.slice(0, BATCH));
  const single = await bodyOf(stack, opened, chart.slice(0, 1));
  const agent = new Agent({ keepAlive: true });
  const raw: number[] = [];
  const released: number[] = [];
  /** The same of what either spent of the processor: a machine that others use as well changes it less. */
  const byProcessor: number[] = [];
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const rawRate = await rawOn(core);
    const before = cpuSeconds(keeper.service.pid);
    const rate = await releaseRate(agent, keeper.endpoint, batch);
    const spent = cpuSeconds(keeper.service.pid) - before;
    if (round < 0) continue;
    raw.push(rawRate.wall);
    byProcessor.push((REQUESTS_A_ROUND * BATCH) / spent / rawRate.cpu);
    released.push(rate);
  }
  for (let i = 0; i < SINGLES; i++) times.push(await timedPost(agent, keeper.endpoint, single, 1));
  agent.destroy();
  times.sort((a, b) => a - b);
  const rawResult = summarize('raw HPKE open + seal, one core', '1/s', raw);
  const rateResult = comparedTo(summarize('releases, one core', '1/s', released), released, rawResult, raw);
  const ratios = released.map((rate, i) => rate / (raw[i] ?? Number.NaN));
  return [
    rawResult,
    rateResult,
    summarize('release/raw', 'ratio', ratios),
    summarize('release/raw by processor time', 'ratio', byProcessor),
    summarize('release-p50', 'ms', [times[Math.floor(times.length * 0.5)] ?? Number.NaN]),
    summarize('release-p99', 'ms', [times[Math.floor(times.length * 0.99)] ?? Number.NaN]),
  ];
}

type Rate = { readonly wall: number; readonly cpu: number };

/** What a process has spent of the processor; NaN where there is no /proc. */
function cpuSeconds(pid: number | undefined): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // User and system time in hundredths of a second (proc_pid_stat(5), fields 14 and 15).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Shares a second, two requests under way at a time so that the core is never without work. */
async function releaseRate(agent: Agent, url: string, body: string): Promise<number> {
  const started = performance.now();
  const lane = async () => {
    for (let i = 0; i < REQUESTS_A_ROUND / 2; i++) await timedPost(agent, url, body, BATCH);
  };
  await Promise.all([lane(), lane()]);
  return (REQUESTS_A_ROUND * BATCH * 1000) / (performance.now() - started);
}

async function timedPost(agent: Agent, url: string, body: string, expected: number): Promise<number> {
  const started = performance.now();
  const headers = { 'Content-Type': 'application/json' };
  const sending = request(`${url}/v1/shares`, { agent, method: 'POST', headers });
  sending.end(body);
  const [response] = await once(sending, 'response');
  const answer = await text(response);
  const took = performance.now() - started;
  const { results } = sharesResponseSchema.parse(JSON.parse(answer));
  const released = results.filter(({ status }) => status === 'released').length;
  if (released !== expected) throw new Error(`${released} of ${expected} shares were released`);
  return took;
}

/** A process of its own on that core, which opens and seals for a while and says how often a second. */
async function rawOn(core: number): Promise<Rate> {
  const script = join(ROOT, 'scripts/bench/workload/raw-hpke.ts');
  const [program, args] = pinned(core, [process.execPath, script]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(await text(child.stdout));
}

function pinned(core: number, [program = '', ...args]: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux') return [program, args];
  return ['taskset', ['-c', String(core), program, ...args]];
}

/** Every thread of a process that runs. */
async function pin(pid: number | undefined, core: number): Promise<void> {
  if (process.platform !== 'linux' || pid === undefined) return;
  const child = spawn('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the keeper could not be put on one core');
}

/** From the click to the last key: the entry on the log, envelopes, k keepers, shares put together. */
async function charts(stack: Stack, chart: readonly RecordId[]): Promise<BenchResult[]> {
  const whole: number[] = [];
  const stages = { entry: [] as number[], keys: [] as number[] };
  for (let round = -1; round < CHARTS; round++) {
    const started = performance.now();
    const opened = await open(stack, chart);
    const entered = performance.now();
    const { outcomes } = await fetchOpening(stack.clientOf(ACTORS.clinician), { ...stack, ...opened });
    const ended = performance.now();
    if (outcomes.some(({ status }) => status !== 'opened')) throw new Error('a record did not open');
    if (round < 0) continue;
    whole.push(ended - started);
    stages.entry.push(entered - started);
    stages.keys.push(ended - entered);
  }
  return [
    summarize('chart-100', 'ms', whole),
    summarize('chart-100: entry on the log', 'ms', stages.entry),
    summarize('chart-100: envelopes, shares, keys', 'ms', stages.keys),
  ];
}

type Opened = {
  readonly opening: Opening;
  readonly keyPair: Awaited<ReturnType<typeof generateOneTimeKeyPair>>;
};

async function open(stack: Stack, recordIds: readonly RecordId[]): Promise<Opened> {
  const keyPair = await generateOneTimeKeyPair();
  const parameters = { recordIds, purpose: 'TREAT', keyHash: sha256(keyPair.publicKey) } as const;
  const { opening } = await openRecords(stack.clientOf(ACTORS.clinician), parameters);
  if (!opening) throw new Error('nothing was permitted');
  return { opening, keyPair };
}

async function bodyOf(stack: Stack, { opening, keyPair }: Opened, ids: readonly RecordId[]): Promise<string> {
  const { keyHash: _follows, ...named } = opening;
  const records = await Promise.all(
    ids.map(async (recordId) => {
      const envelope = await readBlock(stack.storage, rawCid(hexToBytes(recordId)));
      return { recordId, envelope: toBase64Url(envelope) };
    }),
  );
  return JSON.stringify({ opening: named, publicKey: toBase64Url(keyPair.publicKey), records });
}
