/**
 * `npm test`: everything there is, part by part, and one line at the end that counts it all.
 * `npm test -- contracts sdk` runs these parts alone.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildContracts } from './lib/chain.ts';
import { readOptions } from './lib/options.ts';
import { ROOT } from './lib/process.ts';
import { buildWeb } from './lib/web.ts';

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: readonly string[] };

const HARDHAT = join(ROOT, 'node_modules/hardhat/dist/src/cli.js');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

const PARTS: Readonly<Record<string, () => Promise<Counts>>> = {
  contracts: async () => add(await hardhat('solidity'), await hardhat('mocha')),
  sdk: () => vitest('sdk', 'scripts'),
  keeper: () => vitest('keeper'),
  relay: () => vitest('relay'),
  indexer: () => vitest('indexer'),
  storage: () => vitest('storage'),
  cli: () => vitest('cli'),
  web: () => vitest('web/features'),
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
const unknown = positionals.find((name) => !PARTS[name]);
if (unknown !== undefined) {
  console.error(`There is no part of that name. Parts: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

await buildContracts();
process.env.CHARTKEY_CONTRACTS_BUILT = '1';
let total: Counts = { passed: 0, failed: 0, skipped: [] };
for (const [name, run] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n── ${name} ──`);
  total = add(total, await run());
}

for (const name of total.skipped) console.log(`SKIPPED: ${name}`);
const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);

async function hardhat(kind: 'solidity' | 'mocha'): Promise<Counts> {
  const { code, output } = await run([HARDHAT, 'test', kind]);
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  const failed = count('failing');
  // A runner that fell over before it counted anything has failed too.
  return { passed: count('passing'), failed: code === 0 ? failed : Math.max(failed, 1), skipped: [] };
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
    const { code } = await run([
      VITEST,
      'run',
      ...reporters,
      ...folders.map((name) => join(ROOT, name, '/')),
    ]);
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

/** Runs to the end, showing what is printed and keeping it. */
function run(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const show = (chunk: Buffer, stream: NodeJS.WriteStream) => {
      output += chunk.toString();
      stream.write(chunk);
    };
    child.stdout.on('data', (chunk: Buffer) => show(chunk, process.stdout));
    child.stderr.on('data', (chunk: Buffer) => show(chunk, process.stderr));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}
