import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '../..');

/**
 * Starts the storage node. V8 keeps what it once took for young objects, up to 96 MiB; with 4 MiB
 * a piece the node stays below 300 MiB instead of 390.
 */
export const STORAGE_NODE = ['--max-semi-space-size=4', join(ROOT, 'storage/src/main.ts')];

export type Service = {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves with the exit code once the process is gone. */
  readonly exited: Promise<number>;
  /** The last lines that it printed, for a message when it fails. */
  readonly tail: () => string;
  /** Asks it to stop, and ends it after five seconds. */
  readonly close: () => Promise<void>;
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>;
};

export type ServiceOptions = {
  readonly name: string;
  /** Default: this Node. */
  readonly program?: string;
  /** For Node: a script and its arguments. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** It is up once it has printed this. */
  readonly ready: RegExp;
  /** Default: one minute. */
  readonly timeoutMs?: number;
};

const TAIL_LINES = 20;

/** Starts a process and waits until it says that it is up. @throws Error with its last words */
export async function startService({
  name,
  program = process.execPath,
  args,
  env,
  cwd,
  ready,
  timeoutMs = 60_000,
}: ServiceOptions): Promise<Service> {
  const child = spawn(program, args, {
    cwd: cwd ?? ROOT,
    env: { ...process.env, ...env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches this process alone, which then stops them in order.
    detached: true,
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines: string[] = [];
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const service = {
    name,
    pid: child.pid,
    exited,
    tail: () => lines.join('\n'),
    close: () => stop(child, exited),
    kill: async () => {
      signalGroup(child, 'SIGKILL');
      await exited;
    },
  };
  running.add(service);
  void exited.then(() => running.delete(service));

  const up = new Promise<void>((resolve) => {
    const collect = (chunk: Buffer) => {
      const text = chunk.toString();
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - TAIL_LINES);
      if (ready.test(lines.join('\n'))) resolve();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  });
  const late = sleep(timeoutMs).then(() => 'late' as const);
  const first = await Promise.race([up, exited, late]);
  if (first === undefined) return service;
  await service.close();
  throw new Error(`${name} did not start${first === 'late' ? ' in time' : ''}.\n${service.tail()}`);
}

const running = new Set<Service>();
const children = new Set<ChildProcess>();

// Whatever ends this process, an error that nobody caught included: nothing is left behind.
process.once('exit', () => {
  for (const child of children) signalGroup(child, 'SIGKILL');
});

/** Stops whatever is still running, newest first. */
export async function stopAllServices(): Promise<void> {
  for (const service of [...running].reverse()) await service.close();
}

async function stop(child: ChildProcess, exited: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const gone = await Promise.race([exited, sleep(5_000).then(() => undefined)]);
  if (gone === undefined) {
    signalGroup(child, 'SIGKILL');
    await exited;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // It is gone already.
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** A port on which nobody listens at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Whether nobody listens on a port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
