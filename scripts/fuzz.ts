import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { FuzzArea } from './fuzz/area.ts';

const HELP = `Throws altered input at what reads bytes of strangers.

  npm run fuzz -- AREA [--runs N] [--seed S]

Areas: AREAS. A run is repeatable with the seed it prints. Exit code 1 and the offending
input in hex if anything but the area's own error comes out.`;

const folder = join(import.meta.dirname, 'fuzz');

function areas(): string[] {
  const names = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !/^area\.ts$|-requests\.ts$|\.test\.ts$/.test(name),
  );
  return names.map((name) => name.slice(0, -3)).sort();
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const known = areas();
  if (values.help) {
    console.log(HELP.replace('AREAS', known.join(', ')));
    return 0;
  }
  const unknown = positionals.find((name) => !known.includes(name));
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  if (
    unknown ||
    !(runs === undefined || (Number.isSafeInteger(runs) && runs > 0)) ||
    !Number.isSafeInteger(seed)
  ) {
    console.error(unknown ? `Unknown area ${unknown}. Try --help.` : '--runs and --seed take whole numbers.');
    return 2;
  }
  let failed = 0;
  for (const name of positionals.length > 0 ? positionals : known) {
    const area = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as FuzzArea;
    failed += report(name, seed, await area.fuzz({ runs: runs ?? area.defaultRuns ?? 20_000, seed }));
  }
  return failed > 0 ? 1 : 0;
}

function report(name: string, seed: number, result: Awaited<ReturnType<FuzzArea['fuzz']>>): number {
  for (const { why, input } of result.failures.slice(0, 5)) console.log(`FAILED ${why}\n  ${input}`);
  const { runs, accepted, refused, failures } = result;
  console.log(
    `${name}: ${runs} runs with seed ${seed}, ${accepted} accepted, ${refused} refused, ${failures.length} failed`,
  );
  return failures.length;
}

process.exitCode = await main();
