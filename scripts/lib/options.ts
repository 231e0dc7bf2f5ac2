import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * What was typed after the command. `--help` prints the help and ends; what can't be understood
 * is told in one line, with the help, and ends with code 2.
 */
export function readOptions<const config extends ParseArgsConfig>(
  help: string,
  config: config,
): ReturnType<typeof parseArgs<config>> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message.split('. ')[0] : 'Not understood'}.\n\n${help}`);
    process.exit(2);
  }
}
