import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ROOT, startService } from '../lib/process.ts';
import { type FuzzArea, repeatable } from './area.ts';
import { type Crafted, craft } from './storage-requests.ts';

/** Requests under way at once. */
const AT_ONCE = 8;
const WARM_UP = 5_000;
const MAX_GROWTH_MIB = 96;
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
    // A small heap: otherwise V8 puts off collecting, and growth says nothing about leaks.
    env: { ...env, CHARTKEY_STORAGE_GC_INTERVAL_MS: '2000', NODE_OPTIONS: '--max-old-space-size=128' },
    ready: /storage listening on/,
  });
  try {
    const result = await throwAll({ port, pid: node.pid ?? 0 }, runs, repeatable(seed));
    // What the node said to its operator is the way to the cause.
    if (result.failures.length > 0) console.log(node.tail());
    return result;
  } finally {
    await node.close();
    await rm(dir, { recursive: true, force: true });
  }
};

type Target = { readonly port: number; readonly pid: number };

async function throwAll(target: Target, runs: number, pick: (bound: number) => number) {
  const failures: { why: string; input: string }[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let accepted = 0;
  let next = 0;
  let warm = 0;
  const worker = async () => {
    while (next < runs) {
      next += 1;
      if (next === Math.min(WARM_UP, Math.ceil(runs / 4))) warm = await memoryOf(target.pid);
      const crafted = craft(pick);
      const { status, body, broken } = await send(target.port, agent, crafted);
      if (status >= 200 && status < 400) accepted += 1;
      const why = wrongWith(status, body, broken, crafted);
      if (why !== undefined) failures.push({ why, input: `${crafted.method} ${crafted.path.slice(0, 300)}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  const grown = Math.round(((await memoryOf(target.pid)) - warm) / 2 ** 20);
  console.log(`storage: ${Math.round(warm / 2 ** 20)} MiB after the warm-up, ${grown} MiB more at the end`);
  if (grown > MAX_GROWTH_MIB) failures.push({ why: `memory grew by ${grown} MiB`, input: '' });
  return { runs, accepted, refused: runs - accepted, failures };
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

/** Resident bytes (Linux). */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}
