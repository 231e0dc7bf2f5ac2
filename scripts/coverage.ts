import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForgeWorkspace } from './lib/forge.ts';
import { readOptions } from './lib/options.ts';
import { table } from './lib/table.ts';

const HELP = `Which lines and branches of the contracts the Solidity tests run.

  npm run coverage             a table, and each place that no test reaches
  npm run coverage -- --json   the same as JSON

Fails under 100 %. A branch is one of the two sides of an if. What stands inside a condition (and, or) and the sides of
a conditional expression (a ? b : c) can't be told apart; npm run mutation changes those.`;

type Covered = { readonly found: number; readonly hit: number };
type Place = { readonly line: string; readonly hits: number };
type FileCoverage = {
  readonly file: string;
  readonly lines: Covered;
  readonly branches: Covered;
  readonly functions: Covered;
  /** `line 12`, `branch at line 12`. */
  readonly missing: readonly string[];
};

const { values } = readOptions(HELP, { options: { json: { type: 'boolean' } } });
process.exitCode = await main();

async function main(): Promise<number> {
  const workspace = await openForgeWorkspace();
  try {
    // The random calls of the invariants would only run again what the unit tests have to run.
    const args = ['coverage', '--no-match-test', '^invariant_', '--no-match-contract', 'InvariantsTest'];
    const run = await workspace.forge([...args, '--report', 'lcov']);
    if (!run.ok) {
      console.error(run.output);
      return 1;
    }
    return report(filesOf(await readFile(join(workspace.folder, 'lcov.info'), 'utf8')));
  } finally {
    await workspace.close();
  }
}

function report(files: readonly FileCoverage[]): number {
  const total = {
    lines: sum(files.map(({ lines }) => lines)),
    branches: sum(files.map(({ branches }) => branches)),
    functions: sum(files.map(({ functions }) => functions)),
  };
  const missing = files.flatMap((file) => file.missing.map((place) => `${file.file}: ${place}`));
  if (values.json) console.log(JSON.stringify({ files, total, missing }, null, 2));
  else {
    const rows = [...files, { file: 'all', ...total }].map((row) => [
      row.file,
      show(row.lines),
      show(row.branches),
      show(row.functions),
    ]);
    console.log(table(['file', 'lines', 'branches', 'functions'], rows));
    for (const place of missing) console.log(`no test reaches ${place}`);
  }
  return files.length > 0 && missing.length === 0 ? 0 : 1;
}

/** Reads the LCOV tracefile, the contracts' part alone. */
function filesOf(lcov: string): FileCoverage[] {
  return lcov
    .split('end_of_record')
    .map((section) => ({ file: /^SF:(.*)$/m.exec(section)?.[1] ?? '', section }))
    .filter(({ file }) => file.startsWith('contracts/'))
    .map(({ file, section }) => {
      const lines = [...section.matchAll(/^DA:(\d+),(\d+)/gm)].map(toPlace);
      const branches = bothSides(section, lines);
      const functions = [...section.matchAll(/^FNDA:()(\d+),/gm)].map(toPlace);
      return {
        file,
        lines: count(lines),
        branches: count(branches),
        functions: count(functions),
        missing: [
          ...lines.filter(isMissed).map(({ line }) => `line ${line}`),
          ...branches.filter(isMissed).map(({ line }) => `a side of the if at line ${line}`),
        ],
      };
    })
    .sort((a, b) => a.file.localeCompare(b.file));
}

/**
 * The tool names one side of an `if` that has no `else`. The other was taken as often as the line ran and that side was
 * not. Where the compiler counts a line no oftener than the side it leads to, the line before tells how often it ran.
 */
function bothSides(section: string, lines: readonly Place[]): Place[] {
  const named = [...section.matchAll(/^BRDA:(\d+),(\d+),\d+,(\d+|-)/gm)];
  return named.flatMap((branch) => {
    const [, line = '', block, hits = '-'] = branch;
    const side = toPlace(['', line, hits]);
    if (named.some((other) => other !== branch && other[1] === line && other[2] === block)) return [side];
    const at = lines.findIndex((place) => place.line === line);
    const ran = Math.max(lines[at]?.hits ?? 0, lines[at - 1]?.hits ?? 0);
    return [side, { line, hits: ran - side.hits }];
  });
}

function toPlace([, line = '', hits = '']: readonly (string | undefined)[]): Place {
  return { line, hits: hits === '-' ? 0 : Number(hits) };
}

function isMissed({ hits }: Place): boolean {
  return hits <= 0;
}

function count(places: readonly Place[]): Covered {
  return { found: places.length, hit: places.filter((place) => !isMissed(place)).length };
}

function sum(parts: readonly Covered[]): Covered {
  return parts.reduce((a, b) => ({ found: a.found + b.found, hit: a.hit + b.hit }), { found: 0, hit: 0 });
}

function show({ found, hit }: Covered): string {
  return found === 0 ? '–' : `${((100 * hit) / found).toFixed(2)} % (${hit} of ${found})`;
}
