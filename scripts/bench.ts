import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchArea, BenchReport, BenchResult } from './bench/area.ts';

const HELP = `Measures, and says on what.

  npm run bench                   every area, as tables
  npm run bench -- AREA … --json  these areas, as JSON

Areas: AREAS. Each figure is the median of several rounds, with the best and the worst.`;

const folder = join(import.meta.dirname, 'bench');

function areas(): string[] {
  const names = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !/^area\.ts$|\.test\.ts$/.test(name),
  );
  return names.map((name) => name.slice(0, -3)).sort();
}

function machine() {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

function table({ area, results }: BenchReport): string {
  const rows = [
    ['name', 'runtime', 'median', 'min', 'max', 'unit', 'ratio'],
    ...results.map((r) => [r.name, r.runtime, show(r.median), show(r.min), show(r.max), r.unit, ratioOf(r)]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [area, ...lines].join('\n');
}

function ratioOf({ ratio, against }: BenchResult): string {
  return ratio === undefined ? '' : `${ratio.toFixed(2)} of ${against}`;
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const known = areas();
  if (values.help) {
    console.log(HELP.replace('AREAS', known.join(', ')));
    return 0;
  }
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown) {
    console.error(`Unknown area ${unknown}. Try --help.`);
    return 2;
  }
  const reports: BenchReport[] = [];
  for (const area of positionals.length > 0 ? positionals : known) {
    const { bench } = (await import(pathToFileURL(join(folder, `${area}.ts`)).href)) as BenchArea;
    const report = { area, machine: machine(), results: await bench() };
    reports.push(report);
    if (!values.json) console.log(`${table(report)}\n`);
  }
  // One area gives one object, several an array: what a reader of one figure expects.
  if (values.json) console.log(JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2));
  else console.log(Object.values(machine()).join(', '));
  return 0;
}

process.exitCode = await main();
