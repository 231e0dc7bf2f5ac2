import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * `npm run mutation`: plants faults in a copy of the contracts, one at a time, and asks the Solidity tests whether
 * they notice. `npm run mutation -- 10` plants ten only. Survivors are explained in docs/mutation.md.
 */
const ROOT = join(import.meta.dirname, '..');
const HARDHAT = join(ROOT, 'node_modules/hardhat/dist/src/cli.js');
const TEST_TIMEOUT_MS = 600_000;
/** How many mutants of each operator a file gets at most, evenly over its places. */
const PER_OPERATOR = 4;

type Operator = { readonly name: string; readonly find: RegExp; readonly become: string };

const OPERATORS: readonly Operator[] = [
  { name: 'flipped comparison', find: / == (?!0\b)/g, become: ' != ' },
  { name: 'flipped comparison', find: / != /g, become: ' == ' },
  { name: 'off by one in time', find: /block\.timestamp < /g, become: 'block.timestamp <= ' },
  { name: 'off by one in time', find: /block\.timestamp >= /g, become: 'block.timestamp > ' },
  { name: 'off by one in time', find: / <= block\.timestamp/g, become: ' < block.timestamp' },
  { name: 'dropped check', find: /^ {8}if \(.*\) revert .*;$/gm, become: '' },
  { name: 'dropped check', find: /^ {8}_require\w+\(.*\);$/gm, become: '' },
  { name: 'and for or', find: / \|\| /g, become: ' && ' },
  { name: 'or for and', find: / && /g, become: ' || ' },
  { name: 'dropped change', find: /\.changedNow\(\)/g, become: '' },
  { name: 'swapped argument', find: /\(patient, accessor/g, become: '(accessor, patient' },
];

type Mutant = {
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly text: string;
};

const limit = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const folder = mkdtempSync(join(tmpdir(), 'chartkey-mutation-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  for (const part of ['contracts', 'test/contracts', 'hardhat.config.ts', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  if ((await test()) !== 'alive') throw new Error('The tests fail without any mutant.');

  const explained = readFileSync(join(ROOT, 'docs/mutation.md'), 'utf8');
  let [killed, survived, unexplained] = [0, 0, 0];
  const mutants = sources().flatMap(mutantsOf).slice(0, limit);
  for (const mutant of mutants) {
    const path = join(folder, mutant.file);
    const original = readFileSync(path, 'utf8');
    writeFileSync(path, mutant.text);
    const outcome = await test();
    writeFileSync(path, original);
    // What doesn't compile was no mutant.
    if (outcome === 'stillborn') continue;
    const alive = outcome === 'alive';
    const name = `${mutant.file}:${mutant.line} ${mutant.operator}`;
    if (!alive) killed += 1;
    else {
      survived += 1;
      const code = (original.split('\n')[mutant.line - 1] ?? '').trim();
      if (!explained.includes(code)) unexplained += 1;
    }
    console.log(`${alive ? 'SURVIVED' : 'killed  '} ${name}`);
  }
  console.log(`${killed} killed, ${survived} survived`);
  return unexplained === 0 ? 0 : 1;
}

function sources(): string[] {
  return ['contracts', 'contracts/libraries'].flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((name) => name.endsWith('.sol'))
      .map((name) => relative(folder, join(folder, part, name))),
  );
}

function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return OPERATORS.flatMap(({ name, find, become }) => {
    const places = [...text.matchAll(find)].filter(
      ({ index }) => !/^\s*(\/\/|import)/.test(lineAt(text, index)),
    );
    const step = Math.max(1, Math.floor(places.length / PER_OPERATOR));
    return places
      .filter((_, i) => i % step === 0)
      .slice(0, PER_OPERATOR)
      .map(({ index, 0: found }) => ({
        file,
        line: text.slice(0, index).split('\n').length,
        operator: name,
        text: text.slice(0, index) + become + text.slice(index + found.length),
      }));
  });
}

function lineAt(text: string, index: number): string {
  return text.slice(text.lastIndexOf('\n', index) + 1, text.indexOf('\n', index));
}

/** All Solidity tests but the invariants, which take too long for this. */
function test(): Promise<'alive' | 'killed' | 'stillborn'> {
  const tests = readdirSync(join(folder, 'test/contracts'))
    .filter((name) => name.endsWith('.t.sol') && name !== 'Invariants.t.sol')
    .map((name) => join('test/contracts', name));
  const env = { ...process.env, CHARTKEY_QUICK_BUILD: '1' };
  const options = { cwd: folder, timeout: TEST_TIMEOUT_MS, maxBuffer: 64 * 2 ** 20, env };
  return new Promise((resolve) => {
    execFile(process.execPath, [HARDHAT, 'test', 'solidity', ...tests], options, (error, stdout, stderr) => {
      if (error === null) resolve('alive');
      else resolve(/Running Solidity tests/.test(stdout + stderr) ? 'killed' : 'stillborn');
    });
  });
}
