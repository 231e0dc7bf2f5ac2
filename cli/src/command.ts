import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ChartkeyError } from '@chartkey/sdk';

export type Option = {
  /** What stands after it, as help shows it; a switch if there is nothing. */
  readonly value?: string;
  readonly says: string;
  readonly multiple?: boolean;
  readonly needed?: boolean;
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

/** What a command says at its end: one value for programs, lines for people. */
export type Result = {
  readonly json: unknown;
  readonly lines: readonly string[];
  /** Default: 0. */
  readonly exitCode?: number;
};

export type Command = {
  /** `chartkey keeper init` */
  readonly name: string;
  readonly says: string;
  readonly more?: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly positionals?: string;
  readonly run: (given: Given) => Promise<Result>;
};

/** Wrongly typed, not failed: told with the help, exit code 2. */
export class UsageError extends Error {}

const COMMON: Readonly<Record<string, Option>> = {
  json: { says: 'print one JSON value on stdout, and errors as JSON on stderr' },
  help: { says: 'print this' },
};

/** @returns the exit code: 0 done, 1 failed, 2 wrongly typed */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const asJson = args.includes('--json');
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpOf(command));
    return 0;
  }
  try {
    const { json, lines, exitCode = 0 } = await command.run(parse(command, args));
    console.log(asJson ? JSON.stringify(json, replaceBigInts, 2) : lines.join('\n'));
    return exitCode;
  } catch (error) {
    return tell(error, asJson, command);
  }
}

function parse(command: Command, args: readonly string[]): Given {
  const options = { ...command.options, ...COMMON };
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

function helpOf({ name, says, more, options, positionals }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([option, { value, says: what, needed }]) => [
    `--${option}${value ? ` ${value}` : ''}`,
    `${what}${needed ? ' (needed)' : ''}`,
  ]);
  const width = Math.max(...rows.map(([left = '']) => left.length));
  const list = rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`);
  const usage = `Usage: chartkey ${name} [options]${positionals ? ` ${positionals}` : ''}`;
  return [says, '', usage, '', ...list, ...(more ? ['', more] : [])].join('\n');
}

function tell(error: unknown, asJson: boolean, command: Command): number {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : 'Something failed that should not.';
  const code = error instanceof ChartkeyError ? error.code : isUsage ? 'USAGE' : 'FAILED';
  const advice =
    error instanceof ChartkeyError ? error.advice : isUsage ? `Try chartkey ${command.name} --help.` : '';
  if (asJson) console.error(JSON.stringify({ error: { code, message, advice } }));
  else console.error([message, advice].filter(Boolean).join('\n'));
  return isUsage ? 2 : 1;
}

function replaceBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
