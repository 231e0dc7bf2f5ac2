/**
 * Writes the contracts' ABIs into the sdk, as TypeScript that viem can infer from.
 *
 * Usage: `npm run generate` writes, `npm run generate -- --check` only says whether
 * what is committed is what the contracts compile to (exit code 1 if not).
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CONTRACTS = [
  'ParticipantRegistry',
  'ConsentRegistry',
  'RecordIndex',
  'AccessLog',
  'Guardianship',
  'EmergencyAccess',
  'KeeperSet',
  'KeeperView',
  'SessionForwarder',
] as const;

const root = join(import.meta.dirname, '..');
const folder = join(root, 'sdk/src/contracts/generated');
const check = process.argv.includes('--check');

if (process.argv.includes('--help')) {
  console.log(
    'npm run generate [-- --check]\n\nWrites the ABIs into sdk/src/contracts/generated; --check only compares.',
  );
  process.exit(0);
}

execFileSync(
  process.execPath,
  [join(root, 'node_modules/hardhat/dist/src/cli.js'), 'build', '--no-tests', '--no-typechain', '--quiet'],
  {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

const files = new Map<string, string>();
for (const name of CONTRACTS) {
  const artifact: { abi: unknown } = JSON.parse(
    await readFile(join(root, `artifacts/contracts/${name}.sol/${name}.json`), 'utf8'),
  );
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`;
  files.set(
    `${name}.ts`,
    `${header()}export const ${constant} = ${JSON.stringify(artifact.abi, null, 2)} as const;\n`,
  );
}
files.set(
  'index.ts',
  header() +
    CONTRACTS.map((name) => {
      const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`;
      return `export { ${constant} } from './${name}.ts';\n`;
    }).join(''),
);

let stale = 0;
await mkdir(folder, { recursive: true });
for (const [name, text] of files) {
  const path = join(folder, name);
  if (check) {
    const committed = await readFile(path, 'utf8').catch(() => '');
    if (committed !== text) {
      stale += 1;
      console.error(`stale: sdk/src/contracts/generated/${name} (run: npm run generate)`);
    }
  } else {
    await writeFile(path, text);
  }
}
console.log(
  check ? `${files.size - stale} of ${files.size} generated files are fresh` : `${files.size} files written`,
);
process.exit(stale === 0 ? 0 : 1);

function header(): string {
  return '// Generated from contracts/ by `npm run generate`. Do not edit.\n';
}
