import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ForgeWorkspace, openForgeWorkspace } from './lib/forge.ts';
import { readOptions } from './lib/options.ts';
import { ROOT } from './lib/process.ts';
import { mutantsOf } from './mutation/mutants.ts';

const HELP = `Plants faults in a copy of the contracts, one at a time, and asks the Solidity tests whether they notice.

  npm run mutation                    all of them
  npm run mutation -- 10              ten, evenly chosen
  npm run mutation -- AccessLog       those with this in their names: a file, "AccessLog.sol:77", "dropped check"
  npm run mutation -- --list          says which there are, and runs nothing

Ends with "N killed, N survived", and fails if one survives that docs/mutation.md does not explain.`;
const TEST_TIMEOUT_MS = 300_000;

type Outcome = 'killed' | 'survived' | 'stillborn';

const { values, positionals } = readOptions(HELP, {
  allowPositionals: true,
  options: { list: { type: 'boolean' } },
});
const mutants = chosen();
if (values.list) {
  for (const { name, was, became } of mutants) console.log(`${name}\n  - ${was}\n  + ${became}`);
  console.log(`${mutants.length} mutants`);
} else {
  process.exitCode = await main();
}

function chosen() {
  const all = ['contracts', 'contracts/libraries']
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    .filter((file) => file.endsWith('.sol'))
    .flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8')));
  if (positionals.length === 0) return all;
  const number = Number(positionals[0]);
  if (!Number.isInteger(number))
    return all.filter(({ name }) => positionals.some((part) => name.includes(part)));
  return all.filter(
    (_, i) => Math.floor((i * number) / all.length) !== Math.floor(((i - 1) * number) / all.length),
  );
}

async function main(): Promise<number> {
  const explained = readFileSync(join(ROOT, 'docs/mutation.md'), 'utf8');
  const counts = { killed: 0, survived: 0, stillborn: 0 };
  let unexplained = 0;
  const waiting = [...mutants];
  const work = async () => {
    const workspace = await openForgeWorkspace();
    try {
      if ((await outcomeOf(workspace)) !== 'survived') throw new Error('The tests fail without any mutant.');
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const path = join(workspace.folder, mutant.file);
        await writeFile(path, mutant.text);
        const outcome = await outcomeOf(workspace);
        await writeFile(path, mutant.original);
        counts[outcome] += 1;
        if (outcome === 'survived' && !explained.includes(`**${mutant.operator}** \`${mutant.was}\``))
          unexplained += 1;
        console.log(`${outcome.padEnd(9)} ${mutant.name}`);
        if (outcome === 'survived') console.log(`          - ${mutant.was}\n          + ${mutant.became}`);
      }
    } finally {
      await workspace.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  // What doesn't compile was no mutant.
  console.log(`${counts.stillborn} did not compile`);
  console.log(`${counts.killed} killed, ${counts.survived} survived`);
  return unexplained === 0 ? 0 : 1;
}

/**
 * All Solidity tests with the same random numbers each time; of the model, the runs that one test makes. Tests are not
 * compiled anew for each mutant, but linked to it.
 */
async function outcomeOf({ forge }: ForgeWorkspace): Promise<Outcome> {
  const args = ['test', '--fail-fast', '--dynamic-test-linking', '--fuzz-runs', '16'];
  const { ok, output } = await forge([...args, '--no-match-test', '^invariant_'], TEST_TIMEOUT_MS);
  if (ok) return 'survived';
  return /Compiler run failed/.test(output) ? 'stillborn' : 'killed';
}
