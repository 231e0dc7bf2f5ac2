#!/usr/bin/env node
import { type Command, runCommand } from './command.ts';
import { keeperCommands } from './keeper/index.ts';
import { relayCommands } from './relay/index.ts';

/** By noun. Each command says of itself what it does; this file knows none of them. */
const NOUNS: Readonly<Record<string, readonly Command[]>> = {
  keeper: keeperCommands,
  relay: relayCommands,
};

function help(): string {
  const commands = Object.values(NOUNS).flat();
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`);
  return [
    'chartkey <noun> <verb> [options]',
    '',
    ...rows,
    '',
    'More about one: chartkey <noun> <verb> --help',
  ].join('\n');
}

async function main([noun = '', verb = '', ...args]: readonly string[]): Promise<number> {
  quietWarnings();
  const command = NOUNS[noun]?.find(({ name }) => name === `${noun} ${verb}`);
  if (command) return runCommand(command, args);
  const asked = ['', '--help', '-h', 'help'].includes(noun) || ['--help', '-h'].includes(verb);
  if (asked) console.log(help());
  else console.error(`There is no command of that name.\n\n${help()}`);
  return asked ? 0 : 2;
}

/** Node calls its ML-KEM experimental at every start, in seven lines that are no news to an operator. */
function quietWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') console.error(`${name}: ${message}`);
  });
}

process.exitCode = await main(process.argv.slice(2));
