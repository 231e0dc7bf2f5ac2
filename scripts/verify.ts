import { parseArgs } from 'node:util';
import type { Outcome } from './verify/step.ts';
import { STEPS } from './verify/steps.ts';

const HELP = `Everything that can be checked without running the tests.

  npm run verify                       every step
  npm run verify -- --only STEP …      these steps

Steps:
${STEPS.map(({ name, says }) => `  ${name.padEnd(17)}${says}`).join('\n')}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const asked = [...(values.only ?? []), ...positionals].flatMap((names) => names.split(','));
  const unknown = asked.find((name) => !STEPS.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(`Unknown step ${unknown}. Steps: ${STEPS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }

  let passed = 0;
  let failed = 0;
  for (const { name, run } of STEPS.filter((step) => asked.length === 0 || asked.includes(step.name))) {
    const start = performance.now();
    const result = await run().catch((error: unknown): Outcome => ({ failure: String(error) }));
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(8);
    if (result.failure !== undefined) {
      failed += 1;
      console.log(`✗ ${name.padEnd(17)}${seconds}\n\n${indent(result.failure)}\n`);
    } else if (result.absent !== undefined) {
      console.log(`– ${name.padEnd(17)}${seconds}  not checked: ${result.absent}`);
    } else {
      passed += 1;
      console.log(`✓ ${name.padEnd(17)}${seconds}${result.note ? `  ${result.note}` : ''}`);
    }
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

process.exitCode = await main();
