import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { forgeProgram, openForgeWorkspace } from './lib/forge.ts';
import { readOptions } from './lib/options.ts';
import { ROOT } from './lib/process.ts';

const VERSION = '0.11.6';
const HELP = `Runs Slither ${VERSION} on the contracts and holds its findings against docs/static-analysis.md.

  npm run slither            fails for a finding above informational that stands unexplained there
  npm run slither -- --json  the findings as JSON

Needs Python 3.9 or later. Slither comes from PyPI, once, into .tools/slither.`;
const DOCUMENT = 'docs/static-analysis.md';

type Element = {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly parent?: Element };
};
type Finding = {
  readonly check: string;
  readonly impact: string;
  readonly description: string;
  readonly elements: readonly Element[];
};

const { values } = readOptions(HELP, { options: { json: { type: 'boolean' } } });
const slither = bringSlither();
process.exitCode = slither === undefined ? 2 : await main(slither);

async function main(program: string): Promise<number> {
  const findings = (await find(program)).filter(({ impact }) => /High|Medium|Low/.test(impact));
  const explained = explanations();
  const places = findings.map((finding) => ({ ...finding, place: placeOf(finding) }));
  const open = places.filter(
    ({ check, place }) => !explained.has(`${check} ${place}`) && !explained.has(`${check} everywhere`),
  );
  const found = new Set(places.flatMap(({ check, place }) => [`${check} ${place}`, `${check} everywhere`]));
  const stale = [...explained].filter((entry) => !found.has(entry));

  if (values.json) console.log(JSON.stringify(places, null, 2));
  else {
    for (const { impact, check, place, description } of open)
      console.log(`UNEXPLAINED ${impact} ${check} in ${place}\n${description.trim()}\n`);
    for (const entry of stale) console.log(`STALE in ${DOCUMENT}: ${entry}`);
    console.log(`${findings.length} findings above informational, ${open.length} unexplained`);
  }
  return open.length + stale.length === 0 ? 0 : 1;
}

async function find(program: string): Promise<readonly Finding[]> {
  const workspace = await openForgeWorkspace();
  try {
    const file = join(workspace.folder, 'findings.json');
    const env = { ...process.env, PATH: `${dirname(forgeProgram())}${delimiter}${process.env.PATH ?? ''}` };
    const args = ['.', '--filter-paths', 'node_modules|test', '--json', file];
    const { stdout, stderr } = spawnSync(program, args, { cwd: workspace.folder, env, encoding: 'utf8' });
    if (!existsSync(file)) throw new Error(`Slither did not come to an end.\n${stdout}${stderr}`);
    return JSON.parse(readFileSync(file, 'utf8')).results.detectors ?? [];
  } finally {
    await workspace.close();
  }
}

/** `Contract.function`, of the first place that the finding names. */
function placeOf({ elements }: Finding): string {
  const [first] = elements;
  const fn = first?.type === 'function' ? first : first?.type_specific_fields?.parent;
  const contract = fn?.type_specific_fields?.parent?.name;
  return [contract, fn?.name].filter((part) => part !== undefined).join('.');
}

/** `check place` of each row of the document's table. */
function explanations(): ReadonlySet<string> {
  const rows = readFileSync(join(ROOT, DOCUMENT), 'utf8').matchAll(/^\| `([a-z-]+)` \|[^|]*\|([^|]*)\|/gm);
  return new Set(
    [...rows].flatMap(([, check, where = '']) =>
      (where.includes('everywhere')
        ? ['everywhere']
        : [...where.matchAll(/`([^`]+)`/g)].map(([, p]) => p)
      ).map((place) => `${check} ${place}`),
    ),
  );
}

/** The program, installed where it isn't yet; nothing where it can't be. */
function bringSlither(): string | undefined {
  const folder = join(ROOT, '.tools/slither');
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const program = join(bin, 'slither');
  if (spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.trim() === VERSION) return program;

  console.error(`Bringing Slither ${VERSION} from PyPI …`);
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const made = spawnSync(python, ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (made.status !== 0) {
    console.error(
      'Slither needs Python 3 with venv, which is not here. npm run verify runs solhint and the compiler.',
    );
    return undefined;
  }
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `slither-analyzer==${VERSION}`,
  ];
  const installed = spawnSync(join(bin, python), install, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (installed.status === 0) return program;
  console.error(
    "Slither could not be brought: PyPI can't be reached from here. npm run verify runs solhint and the compiler.",
  );
  return undefined;
}
