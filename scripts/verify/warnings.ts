import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../lib/tool.ts';

type Message = {
  readonly severity: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { file: string };
};
type Solc = { readonly compile: (input: string) => string };

/**
 * Warnings of the Solidity compiler about our own files. Hardhat prints them only when it
 * compiles, not when its cache is warm, so its inputs are given to the compiler again, with
 * no code to generate: that takes a second or two.
 */
export async function compilerWarnings(): Promise<readonly string[]> {
  const folder = join(root, 'artifacts/build-info');
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const warnings = new Set<string>();
  for (const name of await readdir(folder)) {
    if (name.endsWith('.output.json')) continue;
    const { input } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    input.settings.outputSelection = { '*': { '*': ['abi'] } };
    const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as {
      errors?: readonly Message[];
    };
    for (const { severity, formattedMessage, sourceLocation } of errors) {
      if (severity !== 'info' && sourceLocation?.file.startsWith('project/')) warnings.add(formattedMessage);
    }
  }
  return [...warnings];
}
