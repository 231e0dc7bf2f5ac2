import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ChartkeyError } from '@chartkey/sdk';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { helpOf } from './help.ts';
import { type Listing, type Result, write } from './output.ts';
import { clearLine } from './progress.ts';

export type Option = {
  /** What stands after it, as help shows it; a switch if there is nothing. */
  readonly value?: string;
  readonly says: string;
  readonly multiple?: boolean;
  readonly needed?: boolean;
  /** What it can be, for completion. */
  readonly choices?: readonly string[];
};

/** What was typed, by option. */
export type Given = {
  readonly text: (name: string) => string | undefined;
  /** @throws UsageError if it was left out */
  readonly needed: (name: string) => string;
  readonly list: (name: string) => readonly string[];
  readonly on: (name: string) => boolean;
  readonly positionals: readonly string[];
};

export type Command = {
  /** `keeper init` */
  readonly name: string;
  readonly says: string;
  readonly more?: string;
  /** What somebody would type behind `chartkey`, the most usual first. */
  readonly examples?: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly positionals?: string;
  /** It prints a list, which may be long. */
  readonly lists?: boolean;
  /** Its output is bytes: nothing else goes to stdout. */
  readonly raw?: boolean;
  readonly run: (given: Given) => Promise<Result | Listing>;
};

/** Wrongly typed, not failed: told with the help, exit code 2. */
export class UsageError extends Error {}

const COMMON: Readonly<Record<string, Option>> = {
  json: { says: 'print one JSON value on stdout, and errors as JSON on the last line of stderr' },
  help: { says: 'print this' },
};
const LISTING: Readonly<Record<string, Option>> = {
  ndjson: { says: 'print one JSON value a line, as they come' },
};

/** Every option that a command takes. */
export function optionsOf(command: Command): Readonly<Record<string, Option>> {
  return { ...command.options, ...(command.lists ? LISTING : {}), ...COMMON };
}

/** @returns the exit code: see `exit-codes.ts` */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const asJson = args.includes('--json') || args.includes('--ndjson');
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpOf(command, optionsOf(command)));
    return EXIT.done;
  }
  try {
    const given = parse(command, args);
    const result = await command.run(given);
    return await write(result, given.on('ndjson') ? 'ndjson' : given.on('json') ? 'json' : 'text');
  } catch (error) {
    return tell(error, asJson, command);
  }
}

/** The only positional that a command takes. @throws UsageError */
export function only(given: Given, what: string): string {
  const [value, ...more] = given.positionals;
  if (value === undefined) throw new UsageError(`${what} must be given`);
  if (more.length > 0) throw new UsageError(`${what} is one; ${more.length + 1} were given`);
  return value;
}

function parse(command: Command, args: readonly string[]): Given {
  const options = optionsOf(command);
  const config: ParseArgsConfig = {
    args: [...args],
    allowPositionals: command.positionals !== undefined,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, multiple = false }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
      ]),
    ),
  };
  const { values, positionals } = parsed(config);
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const needed = (name: string) => {
    const value = text(name);
    if (value === undefined) throw new UsageError(`--${name} must be given`);
    return value;
  };
  for (const [name, option] of Object.entries(options)) if (option.needed) needed(name);
  const list = (name: string) => (Array.isArray(values[name]) ? values[name].map(String) : []);
  return { text, needed, list, on: (name) => values[name] === true, positionals };
}

function parsed(config: ParseArgsConfig) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'Not understood');
  }
}

function tell(error: unknown, asJson: boolean, command: Command): number {
  clearLine();
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : 'Something failed that should not.';
  const code = error instanceof ChartkeyError ? error.code : isUsage ? 'USAGE' : 'FAILED';
  const advice =
    error instanceof ChartkeyError ? error.advice : isUsage ? `Try chartkey ${command.name} --help.` : '';
  if (asJson) console.error(JSON.stringify({ error: { code, message, advice } }));
  else console.error([message, advice].filter(Boolean).join('\n'));
  return exitCodeOf(error);
}
