import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectAndMeasure, INSPECTED, inspectorOf, type LiveMemory } from '../lib/live-memory.ts';
import { freePort, ROOT, startService } from '../lib/process.ts';
import { type FuzzArea, repeatable } from './area.ts';
import { type Crafted, craft } from './storage-requests.ts';

/** Requests under way at once. */
const AT_ONCE = 8;
const WARM_UP = 5_000;
/** Between two collections of all garbage; what grows with the requests shows here. */
const MAX_LIVE_GROWTH_MIB = 8;
const MAX_RESIDENT_GROWTH_MIB = 96;
const LOOK_EVERY = 500;
const MAX_ANSWER_BYTES = 4_194_304;

export const defaultRuns = 100_000;

/**
 * Throws malformed requests at a storage node in a process of its own. It must answer each with a
 * refusal in its own words or with what was asked for, never die, and not grow.
 */
export const fuzz: FuzzArea['fuzz'] = async ({ runs, seed }) => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-fuzz-'));
  const port = await freePort();
  const env = {
    CHARTKEY_STORAGE_DIR: dir,
    CHARTKEY_STORAGE_PORT: String(port),
    CHARTKEY_STORAGE_LEASE_MS: '0',
  };
  const node = await startService({
    name: 'storage',
    args: [join(ROOT, 'storage/src/main.ts')],
    // V8 keeps what it once took for young objects, up to 96 MiB, and says so to nobody: given less,
    // the resident size tells something too.
    env: {
      ...env,
      CHARTKEY_STORAGE_GC_INTERVAL_MS: '2000',
      NODE_OPTIONS: `${INSPECTED} --max-old-space-size=128 --max-semi-space-size=4`,
    },
    ready: /storage listening on/,
  });
  try {
    const target = { port, pid: node.pid ?? 0, inspector: inspectorOf(node.tail()) };
    const result = await throwAll(target, runs, repeatable(seed));
    // What the node said to its operator is the way to the cause.
    if (result.failures.length > 0) console.log(node.tail());
    return result;
  } finally {
    await node.close();
    await rm(dir, { recursive: true, force: true });
  }
};

type Target = { readonly port: number; readonly pid: number; readonly inspector: string };

async function throwAll(target: Target, runs: number, pick: (bound: number) => number) {
  const failures: { why: string; input: string }[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let accepted = 0;
  let next = 0;
  let warm: LiveMemory | undefined;
  let highest = 0;
  const worker = async () => {
    while (next < runs) {
      next += 1;
      if (next === Math.min(WARM_UP, Math.ceil(runs / 4))) {
        warm = await collectAndMeasure(target.inspector);
        highest = warm.resident;
      } else if (next % LOOK_EVERY === 0) highest = Math.max(highest, await residentOf(target.pid));
      const crafted = craft(pick);
      const { status, body, broken } = await send(target.port, agent, crafted);
      if (status >= 200 && status < 400) accepted += 1;
      const why = wrongWith(status, body, broken, crafted);
      if (why !== undefined) failures.push({ why, input: `${crafted.method} ${crafted.path.slice(0, 300)}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  failures.push(...(await growth(target, warm, highest)));
  return { runs, accepted, refused: runs - accepted, failures };
}

/** After the garbage was collected nothing may have grown, and not much in between. */
async function growth(target: Target, warm: LiveMemory | undefined, highest: number) {
  const end = await collectAndMeasure(target.inspector);
  const live = Math.round(end.live - (warm?.live ?? 0));
  const resident = Math.round(highest - (warm?.resident ?? 0));
  const base = `${Math.round(warm?.live ?? 0)} MiB in use and ${Math.round(warm?.resident ?? 0)} resident`;
  console.log(
    `storage: ${base} after the warm-up; ${live} more in use at the end, ${resident} resident at most`,
  );
  const grown = live > MAX_LIVE_GROWTH_MIB || resident > MAX_RESIDENT_GROWTH_MIB;
  return grown ? [{ why: `memory grew by ${live} MiB in use, ${resident} resident`, input: '' }] : [];
}

function wrongWith(status: number, body: string, broken: string, crafted: Crafted): string | undefined {
  if (broken === 'refused') return 'nobody answers any more';
  // Node itself cuts what is no HTTP.
  if (status === 0) return crafted.mayBreak ? undefined : `the line broke: ${broken}`;
  if (status === 500 && /internal error/.test(body)) return 'an error that nobody foresaw';
  if (status >= 500 && !/^(500|502|503|507)$/.test(String(status))) return `status ${status}`;
  return undefined;
}

type Answer = { readonly status: number; readonly body: string; readonly broken: string };

function send(port: number, agent: Agent, { method, path, headers, body }: Crafted): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({
        status: 0,
        body: '',
        broken: error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? error.message),
      });
    try {
      const sent = request(
        { host: '127.0.0.1', port, agent, method, path, headers, timeout: 20_000 },
        async (answer) => {
          const pieces: Buffer[] = [];
          let length = 0;
          answer.on('data', (piece: Buffer) => {
            length += piece.length;
            if (length > MAX_ANSWER_BYTES) answer.destroy();
            else if (length < 4_096) pieces.push(piece);
          });
          await once(answer, 'close').catch(() => undefined);
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(pieces).toString('latin1'),
            broken: '',
          });
        },
      );
      sent.on('error', fail);
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.end(body);
    } catch (error) {
      // The client refuses to send it at all.
      resolve({ status: 400, body: '', broken: error instanceof Error ? error.message : '' });
    }
  });
}

/** Resident MiB (Linux). */
async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}
