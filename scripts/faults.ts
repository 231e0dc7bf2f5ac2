/** The tests of faults at the size of a real record: minutes instead of seconds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readOptions } from './lib/options.ts';
import { ROOT } from './lib/process.ts';

const HELP = `Kills nodes, fills disks and turns bits while a record of 500 MB is stored and read.

  npm run faults -- storage

npm test does the same with less.`;

const AREAS: Readonly<Record<string, { readonly file: string; readonly env: Record<string, string> }>> = {
  storage: { file: 'storage/test/faults.test.ts', env: { CHARTKEY_FAULT_BYTES: '500000000' } },
};

const { positionals } = readOptions(HELP, { allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : Object.keys(AREAS);
const unknown = chosen.find((name) => AREAS[name] === undefined);
if (unknown !== undefined) {
  console.error(`There is no area of that name. Areas: ${Object.keys(AREAS).join(', ')}.`);
  process.exit(2);
}
for (const name of chosen) process.exitCode ||= await run(name);

async function run(name: string): Promise<number> {
  const { file, env } = AREAS[name] ?? { file: '', env: {} };
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', file];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  return code === 0 ? 0 : 1;
}
