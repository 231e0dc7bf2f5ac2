import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createViteServer } from 'vitest/node';
import { findChromium } from '../../test/browser/support/chromium.ts';
import type { BenchArea, BenchResult } from './area.ts';
import { runCrypto } from './workload/crypto.ts';
import { FILE_BYTES } from './workload/files.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BROWSER_TIMEOUT_MS = 400_000;

/** The same work in Node and, if there is one, in Chromium. */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-crypto-'));
  try {
    const inNode = await runInNode(dir);
    const chromium = findChromium();
    return chromium ? [...inNode, ...(await runInChromium(chromium, dir))] : inNode;
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
};

async function runInNode(dir: string): Promise<BenchResult[]> {
  const source = join(dir, 'source');
  await writeFile(source, randomBytes(FILE_BYTES));
  const sealed = join(dir, 'sealed');
  const openSink = async () => {
    const target = await open(sealed, 'w');
    return { write: (bytes: Uint8Array) => target.write(bytes), close: () => target.close() };
  };
  const clearSink = () => rm(sealed, { force: true });
  return runCrypto('node', { file: await openAsBlob(source), openSink, clearSink });
}

/**
 * Chromium by itself: a debugger that is attached, as Playwright's is, copies what goes over the
 * line and slows files down. The page sends its figures back.
 */
async function runInChromium(chromium: string, dir: string): Promise<BenchResult[]> {
  const { promise: answer, resolve } = Promise.withResolvers<string>();
  const server = await createViteServer({
    root: join(import.meta.dirname, 'browser'),
    configFile: false,
    logLevel: 'error',
    cacheDir: join(dir, 'vite'),
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      host: '127.0.0.1',
      port: 0,
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
