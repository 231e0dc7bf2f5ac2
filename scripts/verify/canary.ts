import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../lib/tool.ts';
import { cruiseLayers } from './layers.ts';
import type { Outcome } from './step.ts';

/** One violation for each rule: the file that commits it, and its text. */
const PLANTED: Readonly<Record<string, readonly [from: string, text: string]>> = {
  'sdk-imports-no-part': ['sdk/src/up.ts', "export * from '../../keeper/src/index.ts';\n"],
  'service-imports-the-sdk-alone': ['service/src/up.ts', "export * from '../../keeper/src/index.ts';\n"],
  // By the package's name, as somebody in a hurry would, and for a type alone.
  'siblings-stay-apart': ['web/server/sideways.ts', "export type { Keeper } from '@chartkey/keeper';\n"],
  'nothing-imports-scripts': ['keeper/src/script.ts', "export * from '../../scripts/tool.ts';\n"],
  'sdk-runs-in-browsers': ['sdk/src/node.ts', "export { readFile } from 'node:fs/promises';\n"],
  'features-through-their-index': ['web/app/page.tsx', "export * from '../features/log/model.ts';\n"],
  'features-through-their-index-among-themselves': [
    'web/features/home/peek.ts',
    "export * from '../log/model.ts';\n",
  ],
  'ui-knows-no-feature': ['web/ui/card.tsx', "export * from '../features/log/index.ts';\n"],
  'abis-through-the-sdk': ['keeper/src/artifact.ts', "export * from '../../types/log.ts';\n"],
  'no-test-in-production': ['sdk/src/double.ts', "export * from './fake.test.ts';\n"],
  'no-cycle': ['storage/src/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n"],
};

/** What the planted files import, and imports that are allowed and must not be reported. */
const AROUND: Readonly<Record<string, string>> = {
  'sdk/package.json': '{ "name": "@chartkey/sdk", "type": "module", "exports": "./src/index.ts" }\n',
  'sdk/src/index.ts': 'export const sdk = 1;\n',
  'sdk/src/fake.test.ts': "export { readFile } from 'node:fs/promises';\n",
  'keeper/package.json': '{ "name": "@chartkey/keeper", "type": "module", "exports": "./src/index.ts" }\n',
  'keeper/src/index.ts': "export * from '@chartkey/sdk';\nexport type Keeper = 1;\n",
  'storage/src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
  'scripts/tool.ts': "export * from '../keeper/src/index.ts';\n",
  'types/log.ts': 'export const log = 1;\n',
  'web/features/log/model.ts': 'export const model = 1;\n',
  'web/features/log/index.ts': "export * from './model.ts';\n",
  'web/features/home/index.ts': "export * from '../log/index.ts';\n",
  'web/app/layout.tsx': "export * from '../features/home/index.ts';\nexport * from '@chartkey/sdk';\n",
};

/**
 * Plants a violation of each layer rule in a temporary tree and expects exactly those to be
 * reported: dependency-cruiser finds nothing, and says nothing, where it can't read TypeScript.
 */
export async function checkCanary(): Promise<Outcome> {
  const tree = await mkdtemp(join(tmpdir(), 'chartkey-canary-'));
  try {
    const planted = Object.values(PLANTED);
    for (const [path, text] of [...planted, ...Object.entries(AROUND)]) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), text);
    }
    await mkdir(join(tree, 'node_modules/@chartkey'), { recursive: true });
    for (const part of ['sdk', 'keeper']) {
      await symlink(join(tree, part), join(tree, 'node_modules/@chartkey', part), 'junction');
    }
    const { violations } = await cruiseLayers(tree);

    const lines: string[] = [];
    for (const rule of ruleNames()) {
      if (!PLANTED[rule])
        lines.push(`${rule}: no violation is planted for this rule (scripts/verify/canary.ts)`);
    }
    for (const [rule, [from]] of Object.entries(PLANTED)) {
      const seen = violations.some((violation) => violation.rule === rule && violation.from === from);
      if (!seen) lines.push(`${rule}: the violation planted in ${from} was not reported`);
    }
    for (const { rule, from, to } of violations) {
      const path = PLANTED[rule]?.[0];
      if (from !== path && rule !== 'no-cycle')
        lines.push(`${rule}: ${from} → ${to} is allowed, but was reported`);
    }
    return lines.length > 0
      ? { failure: lines.join('\n') }
      : { note: `${planted.length} planted, all reported` };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

function ruleNames(): readonly string[] {
  const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    readonly forbidden: readonly { readonly name: string }[];
  };
  return config.forbidden.map(({ name }) => name);
}
