import { readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type Complete, RootCommand } from '@bomb.sh/tab';
import { optionsOf } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { Nouns } from './help.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HELP = `Prints a script that completes chartkey's commands and options in a shell

Usage: chartkey completion ${SHELLS.join('|')}

Examples:
  source <(chartkey completion bash)
  chartkey completion zsh > ~/.zfunc/_chartkey
  chartkey completion fish > ~/.config/fish/completions/chartkey.fish`;

/** `chartkey completion SHELL`. @returns the exit code */
export function printCompletion(args: readonly string[]): number {
  const shell = SHELLS.find((name) => name === args[0]);
  if (shell !== undefined) new RootCommand().setup('chartkey', 'chartkey', shell);
  else if (args.includes('--help') || args.includes('-h')) console.log(HELP);
  else console.error(HELP);
  return shell !== undefined || args.includes('--help') ? EXIT.done : EXIT.notRun;
}

/** What a shell asks while somebody types: `chartkey complete -- record op`. @returns the exit code */
export function complete(nouns: Nouns, words: readonly string[]): number {
  const root = new RootCommand();
  const files = (offer: Complete) => offerFiles(words.at(-1) ?? '', offer);
  for (const [noun, { says, commands }] of Object.entries(nouns)) {
    root.command(noun, says);
    for (const command of commands) {
      const told = root.command(command.name, command.says);
      if (/FILE/.test(command.positionals ?? '')) told.argument('file', files, true);
      for (const [name, { value, says: what, choices = [] }] of Object.entries(optionsOf(command))) {
        const words = (offer: Complete) => {
          for (const choice of choices) offer(choice, '');
        };
        if (value === undefined) told.option(name, what);
        else told.option(name, what, value === 'FILE' ? files : words);
      }
    }
  }
  root.command('completion', 'Prints a script for a shell').argument('shell', (offer) => {
    for (const shell of SHELLS) offer(shell, '');
  });
  root.parse([...words]);
  return EXIT.done;
}

function offerFiles(typed: string, offer: Complete): void {
  const folder = typed.endsWith(sep) ? typed : dirname(typed);
  try {
    for (const entry of readdirSync(folder || '.', { withFileTypes: true })) {
      const path = folder === '.' && !typed.startsWith('.') ? entry.name : join(folder, entry.name);
      offer(entry.isDirectory() ? `${path}${sep}` : path, '');
    }
  } catch {
    // A folder that can't be read offers nothing.
  }
}
