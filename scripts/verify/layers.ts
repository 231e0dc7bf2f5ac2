import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from '../lib/tool.ts';

export type Violation = { readonly rule: string; readonly from: string; readonly to: string };
export type LayerReport = { readonly cruised: number; readonly violations: readonly Violation[] };

type CruiseResult = {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { rule: { name: string }; from: string; to: string }[];
  };
};

const FOLDERS = [
  'sdk',
  'service',
  'web',
  'cli',
  'keeper',
  'storage',
  'indexer',
  'relay',
  'deploy',
  'scripts',
  'test',
];

/** Asks dependency-cruiser about the tree below `cwd`, with this repository's rules. */
export async function cruiseLayers(cwd: string): Promise<LayerReport> {
  const folders = FOLDERS.filter((folder) => existsSync(join(cwd, folder)));
  const config = join(root, '.dependency-cruiser.cjs');
  const result = await runTool(
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    ['--config', config, '--output-type', 'json', ...folders],
    cwd,
  );
  let parsed: CruiseResult;
  try {
    parsed = JSON.parse(result.stdout) as CruiseResult;
  } catch {
    throw new Error(`dependency-cruiser gave no report:\n${result.output}`);
  }
  const { totalCruised, violations } = parsed.summary;
  return {
    cruised: totalCruised,
    violations: violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
