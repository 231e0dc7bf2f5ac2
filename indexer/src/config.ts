import { readFile } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';
import { z } from 'zod';

const RpcUrl = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
  error: 'must be an http or https URL',
});

const Origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an origin such as https://chartkey.example',
});

/** Everything an index can be told, with its limits. */
const IndexerOptions = z.strictObject({
  rpcUrl: RpcUrl,
  /** Where the contracts stand. */
  deployment: z.custom<Deployment>(isDeployment, { error: 'must be a list of contract addresses' }),
  /** The path of a SQLite file, or a postgres:// URL. */
  database: z.string().min(1),
  /** `writer` reads the chain and answers; `reader` only answers, from what a writer wrote. One writer each database. */
  role: z.enum(['writer', 'reader']).default('writer'),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(5401),
  /** Between two looks at the chain, in milliseconds. */
  pollMs: z.int().min(10).max(60_000).default(1_000),
  /** How many blocks below the newest one it reads; reorganisations are rolled back at any number. */
  confirmations: z.int().min(0).max(1_000).default(0),
  /** Requests a minute of one address; 0 for any number. */
  ratePerAddress: z.int().min(0).max(1_000_000).default(1_200),
  maxBodyBytes: z.int().min(1_024).max(65_536).default(8_192),
  /** Web origins that may call from a browser. */
  origins: z.array(Origin).max(64).default([]),
  /** How long `close()` waits for requests under way, in milliseconds. */
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

export type IndexerOptions = z.input<typeof IndexerOptions>;
export type IndexerConfig = z.output<typeof IndexerOptions>;

/** @throws Error with one line that names the option; `nameOf` says how whoever set it calls it */
export function configFrom(options: unknown, nameOf = (option: string) => option): IndexerConfig {
  const result = IndexerOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const name = nameOf(String(unknown ?? issue?.path[0] ?? 'options'));
  throw new Error(`${name}: ${unknown === undefined ? wordsOf(issue?.message) : 'is not a setting'}`);
}

const PREFIX = 'CHARTKEY_INDEXER_';
const LISTS = ['origins'];
const TEXTS = ['rpcUrl', 'database', 'role', 'host'];

/**
 * `CHARTKEY_INDEXER_<NAME>` for each option, `…_ADDRESSES_FILE` for the deployment, and
 * `…_DATABASE_URL_FILE` for a file that holds the database's URL. A name that is not known is an error: a
 * slip of the pen would be a setting lost.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Promise<IndexerConfig> {
  const options: Record<string, unknown> = {};
  for (const [variable, value] of Object.entries(env)) {
    // Empty means absent.
    if (!variable.startsWith(PREFIX) || !value) continue;
    const name = variable
      .slice(PREFIX.length)
      .toLowerCase()
      .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (name === 'addressesFile') options['deployment'] = await readAddresses(variable, value);
    else if (name === 'databaseUrlFile') options['database'] = (await readText(variable, value)).trim();
    else options[name] = parsedValue(variable, name, value);
  }
  return configFrom(options, (name) =>
    name === 'deployment' ? `${PREFIX}ADDRESSES_FILE` : variableOf(name),
  );
}

function parsedValue(variable: string, name: string, value: string): unknown {
  if (LISTS.includes(name)) return value.split(',').map((item) => item.trim());
  if (TEXTS.includes(name)) return value;
  if (!/^\d+$/.test(value)) throw new Error(`${variable}: must be a whole number, and a setting`);
  return Number(value);
}

async function readAddresses(variable: string, file: string): Promise<Deployment> {
  const text = await readText(variable, file);
  try {
    return parseDeployment(JSON.parse(text));
  } catch {
    throw new Error(`${variable}: must be a list of contract addresses`);
  }
}

async function readText(variable: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(`${variable}: can’t be read (${code})`, { cause });
  });
}

function variableOf(name: string): string {
  return PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** zod says what it got; the value may be a secret in the wrong place, so only what was wanted stays. */
function wordsOf(message = 'is not valid'): string {
  return message.replace(/^Invalid input: expected (\w+), received undefined$/, 'must be set');
}

function isDeployment(value: unknown): boolean {
  try {
    parseDeployment(value);
    return true;
  } catch {
    return false;
  }
}
