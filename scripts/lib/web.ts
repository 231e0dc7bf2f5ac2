import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort, ROOT, startService } from './process.ts';
import { runProgram } from './tool.ts';

const WEB = join(ROOT, 'web');
const STAMP = join(WEB, '.next', 'chartkey-stamp');
const NEXT = join(
  dirname(createRequire(join(WEB, 'package.json')).resolve('next/package.json')),
  'dist/bin/next',
);

/** What goes into the build, besides the locked dependencies. */
const SOURCES = ['web', 'sdk/src', 'package-lock.json', 'sdk/package.json'];
const NOT_SOURCES = new Set(['.next', 'node_modules', 'next-env.d.ts', 'tsconfig.tsbuildinfo']);

/** Builds the dApp, unless exactly these sources were built already. @throws Error with the compiler's words */
export async function buildWeb(options: { readonly onStep?: (text: string) => void } = {}): Promise<void> {
  const stamp = await stampOf(SOURCES);
  if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === stamp) return;
  options.onStep?.('Building the dApp (about a minute)');
  const { ok, output } = await runProgram(process.execPath, [NEXT, 'build'], WEB);
  if (!ok) throw new Error(`The dApp could not be built.\n${output}`);
  await mkdir(dirname(STAMP), { recursive: true });
  await writeFile(STAMP, stamp);
}

export type WebOptions = {
  /** A free one is taken if left out. */
  readonly port?: number;
  /** `CHARTKEY_RPC_URL`, `CHARTKEY_GATE_URL`, `CHARTKEY_ADDRESSES_FILE`. */
  readonly env: Readonly<Record<string, string>>;
};

export type RunningWeb = { readonly url: string; readonly close: () => Promise<void> };

/** Starts the dApp as it was built. @throws Error with its last words */
export async function startWeb({ port, env }: WebOptions): Promise<RunningWeb> {
  const chosen = port ?? (await freePort());
  const service = await startService({
    name: 'web',
    args: [NEXT, 'start', '--port', String(chosen), '--hostname', '127.0.0.1'],
    cwd: WEB,
    env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    ready: /Ready in/,
  });
  return { url: `http://localhost:${chosen}`, close: service.close };
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await add(hash, join(ROOT, path), path);
  return hash.digest('hex');
}

async function add(hash: ReturnType<typeof createHash>, path: string, name: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    hash
      .update(`${name}\0`)
      .update(await readFile(path))
      .update('\0');
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (NOT_SOURCES.has(entry.name)) continue;
    await add(hash, join(path, entry.name), `${name}/${entry.name}`);
  }
}
