import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { forgeFmt } from '../lib/forge.ts';
import { root, runTool, type ToolResult } from '../lib/tool.ts';
import { checkCanary } from './canary.ts';
import { cruiseLayers } from './layers.ts';
import { checkPaths } from './paths.ts';
import type { Outcome, Step } from './step.ts';
import { checkTexts } from './texts.ts';
import { compilerWarnings } from './warnings.ts';

const HARDHAT = 'node_modules/hardhat/dist/src/cli.js';
const TSC = 'node_modules/typescript/bin/tsc';

/** In this order: what is quick first, and the build before whatever reads what it makes. */
export const STEPS: readonly Step[] = [
  {
    name: 'format',
    says: 'TypeScript, JSON and CSS are formatted and linted (biome)',
    run: async () =>
      outcome(
        await runTool('node_modules/@biomejs/biome/bin/biome', [
          'check',
          '--error-on-warnings',
          '--diagnostic-level=warn',
          '--max-diagnostics=50',
        ]),
      ),
  },
  {
    name: 'solidity-format',
    says: 'contracts are formatted (forge fmt)',
    run: async () => outcome(await forgeFmt('--check')),
  },
  {
    name: 'solidity-lint',
    says: 'contracts keep the rules, NatSpec included (solhint)',
    run: async () =>
      outcome(
        await runTool('node_modules/solhint/solhint.js', [
          '--max-warnings',
          '0',
          '--noPoster',
          'contracts/**/*.sol',
        ]),
      ),
  },
  { name: 'paths', says: 'no path of one machine stands in a file', run: checkPaths },
  {
    name: 'texts',
    says: 'every text of the web app is there in each language, and in no component',
    run: checkTexts,
  },
  { name: 'build', says: 'contracts compile without a warning', run: build },
  {
    name: 'generated',
    says: 'generated files are what the contracts compile to',
    run: () => ifThere('scripts/generate.ts', () => runTool('scripts/generate.ts', ['--check'])),
  },
  {
    name: 'types',
    says: 'TypeScript agrees with itself',
    run: async () => outcome(await runTool(TSC, ['-p', 'tsconfig.json', '--pretty', 'false'])),
  },
  {
    name: 'types-contracts',
    says: 'the contract tests too',
    run: () =>
      ifThere('tsconfig.contracts.json', () =>
        runTool(TSC, ['-p', 'tsconfig.contracts.json', '--pretty', 'false']),
      ),
  },
  {
    name: 'types-web',
    says: 'the web app too',
    run: () => ifThere('web/tsconfig.json', () => runTool(TSC, ['-p', 'web', '--pretty', 'false'])),
  },
  { name: 'layers', says: 'imports point down only', run: layers },
  { name: 'canary', says: 'a planted violation of each layer rule is reported', run: checkCanary },
  {
    name: 'unused',
    says: 'no file, export or dependency is unused (knip)',
    run: async () => outcome(await runTool('node_modules/knip/bin/knip.js', ['--no-progress'])),
  },
  {
    name: 'gas',
    says: 'gas is what the snapshots say',
    run: () =>
      ifThere('test/contracts/gas.test.ts', () =>
        runTool(HARDHAT, ['test', 'mocha', 'test/contracts/gas.test.ts']),
      ),
  },
  {
    name: 'coverage',
    says: 'the Solidity tests run every line and branch of the contracts',
    run: () => ifThere('scripts/coverage.ts', () => runTool('scripts/coverage.ts', [])),
  },
];

async function build(): Promise<Outcome> {
  const built = await runTool(HARDHAT, ['build', '--no-tests', '--quiet']);
  if (!built.ok) return outcome(built);
  const warnings = await compilerWarnings();
  return warnings.length > 0 ? { failure: warnings.join('\n') } : {};
}

async function layers(): Promise<Outcome> {
  const { cruised, violations } = await cruiseLayers(root);
  if (violations.length === 0) return { note: `${cruised} modules` };
  return { failure: violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).join('\n') };
}

async function ifThere(path: string, run: () => Promise<ToolResult>): Promise<Outcome> {
  return existsSync(join(root, path)) ? outcome(await run()) : { absent: `${path} is not there` };
}

function outcome({ ok, output }: ToolResult): Outcome {
  return ok ? {} : { failure: output.trim() || 'failed without a word' };
}
