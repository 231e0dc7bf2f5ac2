import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createViteServer } from 'vitest/node';
import type { BenchResult } from '../area.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

type Message = Readonly<Record<string, unknown>>;

/** What the processes take that run pages and their workers: all of them, and the largest. */
export type Renderers = () => { readonly bytes: number; readonly largest: number };

export type PageRun = {
  /** For the profile and the cache; the caller removes it. */
  readonly dir: string;
  /** Which worker of this folder, and what it is told. */
  readonly query: Readonly<Record<string, string>> & { readonly work: 'crypto' | 'large' | 'upload' };
  readonly timeoutMs: number;
  /** The page's port, where somebody has to know its origin. */
  readonly port?: number;
  /** What the worker says before its last word. */
  readonly onMessage?: (message: Message, renderers: Renderers) => void;
};

/**
 * Runs a worker in a Chromium by itself: a debugger that is attached, as Playwright's is, copies
 * what goes over the line and slows files down. The first message with `speed` or `results` in it
 * is the last.
 *
 * @throws Error what the worker failed with
 */
export async function runPage(chromium: string, run: PageRun): Promise<Message> {
  const { promise, resolve } = Promise.withResolvers<Message>();
  const profile = join(run.dir, 'profile');
  const take = (message: Message) => {
    if (['speed', 'results', 'failure'].some((word) => word in message)) resolve(message);
    else run.onMessage?.(message, () => residentOf(profile));
  };
  const server = await createViteServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(run.dir, 'vite'),
    // What is no module has to be turned into one.
    optimizeDeps: { noDiscovery: true, include: ['@ipld/car > varint'] },
    server: {
      ...{ host: '127.0.0.1', port: run.port ?? 0, strictPort: run.port !== undefined },
      ...{ hmr: false, ws: false },
      fs: { allow: [ROOT, join(ROOT, 'node_modules')] },
    },
    plugins: [
      {
        name: 'take-messages',
        configureServer: ({ middlewares }) => {
          middlewares.use('/result', (request, response) => {
            void text(request).then((body) => take(JSON.parse(body)));
            response.end();
          });
        },
      },
    ],
  });
  await server.listen();
  const page = `${server.resolvedUrls?.local[0] ?? ''}?${new URLSearchParams(run.query)}`;
  const browser = startChromium(chromium, page, profile);
  const timer = setTimeout(() => resolve({ failure: 'no answer in time' }), run.timeoutMs);
  try {
    const message = await promise;
    if ('failure' in message) throw new Error(`Chromium: ${String(message['failure'])}`);
    return message;
  } finally {
    clearTimeout(timer);
    await stop(browser);
    await server.close();
  }
}

/** The figures that a worker sent. */
export async function figuresOf(chromium: string, run: PageRun): Promise<readonly BenchResult[]> {
  return ((await runPage(chromium, run)) as { readonly results: readonly BenchResult[] }).results;
}

function startChromium(chromium: string, page: string, profile: string): ChildProcess {
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-extensions'];
  return spawn(chromium, [...flags, `--user-data-dir=${profile}`, page], { stdio: 'ignore' });
}

async function stop(browser: ChildProcess): Promise<void> {
  const exited = once(browser, 'exit');
  if (browser.exitCode === null && browser.kill('SIGTERM')) await exited;
}

/** Bytes in memory of this profile's renderers, workers included; 0 where there is no /proc. */
function residentOf(profile: string): ReturnType<Renderers> {
  const sizes = [0];
  for (const pid of processes()) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !command.includes(profile)) continue;
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      sizes.push(Number(kibibytes ?? 0) * 1024);
    } catch {
      // It ended in the meantime.
    }
  }
  return { bytes: sizes.reduce((sum, size) => sum + size), largest: Math.max(...sizes) };
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
