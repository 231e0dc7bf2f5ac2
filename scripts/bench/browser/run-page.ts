import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createViteServer } from 'vitest/node';

const ROOT = join(import.meta.dirname, '..', '..', '..');

type Message = Readonly<Record<string, unknown>>;

export type PageRun = {
  /** For the profile and the cache; the caller removes it. */
  readonly dir: string;
  /** In this folder, with a query if it wants one. */
  readonly page: string;
  readonly timeoutMs: number;
  /** What the page says before its last word; `renderers` tells what its processes take. */
  readonly onMessage: (message: Message, renderers: () => { readonly bytes: number }) => void;
};

/**
 * Opens a page in a Chromium by itself, without a debugger, and waits for what it posts to
 * `/result`. The first message with `speed` or `failure` in it is the last.
 */
export async function runPage(chromium: string, run: PageRun): Promise<Message> {
  const { promise, resolve } = Promise.withResolvers<Message>();
  const profile = join(run.dir, 'profile');
  const take = (message: Message) => {
    if ('speed' in message || 'failure' in message) resolve(message);
    else run.onMessage(message, () => ({ bytes: residentOf(profile) }));
  };
  const server = await createViteServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(run.dir, 'vite'),
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      ...{ host: '127.0.0.1', port: 0, hmr: false, ws: false },
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
  const browser = startChromium(chromium, `${server.resolvedUrls?.local[0] ?? ''}${run.page}`, profile);
  const timer = setTimeout(() => resolve({ failure: 'no answer in time' }), run.timeoutMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await stop(browser);
    await server.close();
  }
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
function residentOf(profile: string): number {
  let bytes = 0;
  for (const pid of processes()) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !command.includes(profile)) continue;
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      bytes += Number(kibibytes ?? 0) * 1024;
    } catch {
      // It ended in the meantime.
    }
  }
  return bytes;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
