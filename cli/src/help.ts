import type { Command, Option } from './command.ts';
import { EXIT_WORDS } from './exit-codes.ts';

/** By noun: what it is about, and its commands. */
export type Nouns = Readonly<
  Record<string, { readonly says: string; readonly commands: readonly Command[] }>
>;

const WHERE = [
  'Where the network is comes from options, else from the environment, else from a configuration file:',
  '  --config FILE, CHARTKEY_CONFIG, or chartkey.config.json in this folder. See cli/README.md.',
];

/** Help for everything. */
export function helpOfAll(nouns: Nouns): string {
  return [
    'What operators, auditors and a clinic’s own programs run.',
    '',
    'Usage: chartkey <noun> <verb> [options]',
    '',
    ...rowsOf(Object.values(nouns).flatMap(({ commands }) => commands.map(nameAndWords))),
    '',
    ...WHERE,
    '',
    'Exit codes:',
    ...rowsOf(EXIT_WORDS.map(([code, says]) => [String(code), says])),
    '',
    'Examples:',
    '  chartkey storage audit --json',
    '  chartkey record open 0x… > report.pdf',
    '  source <(chartkey completion bash)',
    '',
    'More about one: chartkey <noun> --help, chartkey <noun> <verb> --help',
  ].join('\n');
}

/** Help for the commands of one noun. */
export function helpOfNoun(noun: string, nouns: Nouns): string {
  const { says, commands } = nouns[noun] ?? { says: '', commands: [] };
  const examples = commands.flatMap((command) => command.examples?.slice(0, 1) ?? []);
  return [
    says,
    '',
    `Usage: chartkey ${noun} <verb> [options]`,
    '',
    ...rowsOf(commands.map(nameAndWords)),
    ...examplesOf(examples),
    '',
    `More about one: chartkey ${noun} <verb> --help`,
  ].join('\n');
}

/** Help for one command. */
export function helpOf(
  { name, says, more, positionals, examples = [] }: Command,
  options: Readonly<Record<string, Option>>,
): string {
  const rows = Object.entries(options).map(([option, { value, says: what, needed }]) => [
    `--${option}${value ? ` ${value}` : ''}`,
    `${what}${needed ? ' (needed)' : ''}`,
  ]);
  const usage = `Usage: chartkey ${name} [options]${positionals ? ` ${positionals}` : ''}`;
  return [says, '', usage, '', ...rowsOf(rows), ...(more ? ['', more] : []), ...examplesOf(examples)].join(
    '\n',
  );
}

function examplesOf(examples: readonly string[]): string[] {
  return examples.length === 0
    ? []
    : ['', 'Examples:', ...examples.map((example) => `  chartkey ${example}`)];
}

function nameAndWords({ name, says }: Command): readonly string[] {
  return [name, says];
}

function rowsOf(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`);
}
