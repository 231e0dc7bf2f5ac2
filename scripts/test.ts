/**
 * `npm test`: everything there is, part by part, and one line at the end that counts it all.
 * `npm test -- contracts sdk` runs these parts alone.
 */
import { spawn } from 'node:child_process';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildContracts } from './lib/chain.ts';
import { readOptions } from './lib/options.ts';
import { ROOT } from './lib/process.ts';
import { buildWeb } from './lib/web.ts';

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: readonly string[] };

const HARDHAT = join(ROOT, 'node_modules/hardhat/dist/src/cli.js');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** `contracts` runs beside the others: see below. */
const PARTS: Readonly<Record<string, (() => Promise<Counts>) | undefined>> = {
  contracts: undefined,
  sdk: () => vitest('sdk', 'scripts'),
  keeper: () => vitest('keeper'),
  relay: () => vitest('relay'),
  indexer: () => vitest('indexer'),
  storage: () => vitest('storage'),
  cli: () => vitest('cli'),
  web: () => vitest('web'),
  flows: () => vitest('test/flows'),
  browser: async () => {
    // Before the files run side by side, so that they don't build over each other.
    await buildWeb();
    return vitest('test/browser');
  },
};

const { positionals } = readOptions(
  `npm test [-- PART …]\n\nParts: ${Object.keys(PARTS).join(', ')}. Without any: all of them.`,
  { allowPositionals: true },
);
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`There is no part of that name. Parts: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

// The tests start hundreds of processes from the same files.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, '.tools/compile-cache');
await buildContracts();
process.env.CHARTKEY_CONTRACTS_BUILT = '1';
let total: Counts = { passed: 0, failed: 0, skipped: [] };
const chosen = Object.keys(PARTS).filter((name) => positionals.length === 0 || positionals.includes(name));
// Minutes of one core, with nothing that waits: beside the other parts, and told when it has ended.
const contracts = chosen.includes('contracts') ? testContracts() : undefined;
for (const name of chosen) {
  const run = PARTS[name];
  if (!run) continue;
  // Pages are the most impatient of all.
  if (name === 'browser') await contracts;
  console.log(`\n── ${name} ──`);
  total = add(total, await run());
}
if (contracts) {
  const { counts, output } = await contracts;
  console.log(`\n── contracts ──\n${output}`);
  total = add(total, counts);
}

for (const name of total.skipped) console.log(`SKIPPED: ${name}`);
const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);

type Told = { readonly counts: Counts; readonly output: string };

async function testContracts(): Promise<Told> {
  const [solidity, mocha] = [await hardhat('solidity'), await hardhat('mocha')];
  return { counts: add(solidity.counts, mocha.counts), output: solidity.output + mocha.output };
}

async function hardhat(kind: 'solidity' | 'mocha'): Promise<Told> {
  const { code, output } = await run([HARDHAT, 'test', kind], { quiet: true });
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  const failed = count('failing');
  // A runner that fell over before it counted anything has failed too.
  const counts = { passed: count('passing'), failed: code === 0 ? failed : Math.max(failed, 1), skipped: [] };
  return { counts, output };
}

type VitestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

async function vitest(...folders: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await run([VITEST, 'run', ...reporters, ...(await testsIn(folders))]);
    const report: VitestReport = JSON.parse(await readFile(file, 'utf8'));
    const skipped = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'pending' || status === 'skipped' || status === 'todo')
      .map(({ fullName }) => fullName);
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** File by file: Vitest takes a folder's name for part of any path, and `storage/` is in the sdk too. */
async function testsIn(folders: readonly string[]): Promise<readonly string[]> {
  const patterns = folders.map((folder) => `${folder}/**/*.test.ts`);
  const exclude = (path: string) => /(^|\/)(node_modules|\.next)(\/|$)/.test(path);
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: ROOT, exclude })) files.push(file);
  return files;
}

/** Runs to the end, keeping what is printed, and showing it unless `quiet`. */
function run(
  args: readonly string[],
  { quiet = false } = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const show = (chunk: Buffer, stream: NodeJS.WriteStream) => {
      output += chunk.toString();
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on('data', (chunk: Buffer) => show(chunk, process.stdout));
    child.stderr.on('data', (chunk: Buffer) => show(chunk, process.stderr));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}
