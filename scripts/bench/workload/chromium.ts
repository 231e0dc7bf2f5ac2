import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createViteServer } from 'vitest/node';
import type { BenchResult } from '../area.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BROWSER_TIMEOUT_MS = 400_000;

export type ChromiumRun = {
  readonly chromium: string;
  /** For its profile. */
  readonly dir: string;
  /** The folder beside this one that holds the page. */
  readonly page: string;
  /** The page's port, where somebody has to know its origin. */
  readonly port?: number;
  /** Packages that are no modules, which Vite has to turn into some. */
  readonly include?: readonly string[];
};

/**
 * Chromium by itself: a debugger that is attached, as Playwright's is, copies what goes over the
 * line and slows files down. The page sends its figures back.
 */
export async function runInChromium({
  chromium,
  dir,
  page: folder,
  port = 0,
  include = [],
}: ChromiumRun): Promise<BenchResult[]> {
  const { promise: answer, resolve } = Promise.withResolvers<string>();
  const server = await createViteServer({
    root: join(import.meta.dirname, '..', folder),
    configFile: false,
    logLevel: 'error',
    cacheDir: join(dir, 'vite'),
    optimizeDeps: { noDiscovery: true, include: [...include] },
    server: {
      host: '127.0.0.1',
      port,
      strictPort: port !== 0,
      hmr: false,
      ws: false,
      fs: { allow: [ROOT, join(ROOT, 'node_modules')] },
    },
    plugins: [
      {
        name: 'take-result',
        configureServer: ({ middlewares }) => {
          middlewares.use('/result', (request, response) => {
            void text(request).then(resolve);
            response.end();
          });
        },
      },
    ],
  });
  await server.listen();
  const page = server.resolvedUrls?.local[0] ?? '';
  const browser = startChromium(chromium, page, join(dir, 'profile'));
  const timer = setTimeout(() => resolve('{"failure":"no answer in time"}'), BROWSER_TIMEOUT_MS);
  try {
    const { results, failure } = JSON.parse(await answer) as { results?: BenchResult[]; failure?: string };
    if (!results) throw new Error(`Chromium: ${failure}`);
    return results;
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
