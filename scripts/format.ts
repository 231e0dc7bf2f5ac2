import { forgeFmt } from './lib/forge.ts';
import { runTool } from './lib/tool.ts';

const HELP = `npm run format

Formats everything in place: TypeScript, JSON and CSS with biome (imports are sorted, safe
lint fixes applied), contracts with forge fmt.`;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const biome = await runTool('node_modules/@biomejs/biome/bin/biome', ['check', '--write']);
  const forge = await forgeFmt();
  process.stdout.write(biome.output + forge.output);
  return biome.ok && forge.ok ? 0 : 1;
}

process.exitCode = await main();
