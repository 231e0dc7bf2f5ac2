import {
  DeploymentOption,
  deploymentOf,
  type Environment,
  named,
  OriginOption,
  optionsFrom,
  RpcUrlOption,
  readSettings,
  readText,
  type SettingKind,
  type Settings,
  textOf,
} from '@chartkey/service';
import { z } from 'zod';

/** Everything an index can be told, with its limits. */
const IndexerOptions = z.strictObject({
  rpcUrl: RpcUrlOption,
  /** Where the contracts stand. */
  deployment: DeploymentOption,
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
  /** Requests a minute of one network address; 0 for any number. */
  ratePerAddress: z.int().min(0).max(1_000_000).default(1_200),
  /** How many reverse proxies stand in front: so many entries of X-Forwarded-For are believed. */
  trustedProxies: z.int().min(0).max(8).default(0),
  maxBodyBytes: z.int().min(1_024).max(65_536).default(8_192),
  /** Web origins that may call from a browser. */
  origins: z.array(OriginOption).max(64).default([]),
  /** How long `close()` waits for requests under way, in milliseconds. */
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

export type IndexerOptions = z.input<typeof IndexerOptions>;
export type IndexerConfig = z.output<typeof IndexerOptions>;

/** @throws Error with one line that names the option; `nameOf` says how whoever set it calls it */
export function configFrom(options: unknown, nameOf?: (option: string) => string): IndexerConfig {
  return optionsFrom(IndexerOptions, options, nameOf);
}

/** Everything an operator can set, in the config file under this name, in the environment as CHARTKEY_INDEXER_<NAME>. */
const SETTINGS = {
  rpcUrl: 'text',
  addressesFile: 'text',
  database: 'text',
  databaseUrlFile: 'text',
  role: 'text',
  host: 'text',
  port: 'number',
  pollMs: 'number',
  confirmations: 'number',
  ratePerAddress: 'number',
  trustedProxies: 'number',
  maxBodyBytes: 'number',
  origins: 'list',
  graceMs: 'number',
} as const satisfies Record<string, SettingKind>;

type Given = Settings<keyof typeof SETTINGS>;

/**
 * The config file (JSON) that CHARTKEY_INDEXER_CONFIG names, if any, and the environment, which
 * goes before it.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(env: Environment): Promise<IndexerConfig> {
  const given: Given = await readSettings(env, { prefix: 'CHARTKEY_INDEXER_', kinds: SETTINGS });
  const { addressesFile: _file, databaseUrlFile: _url, ...rest } = Object.fromEntries(given.values);
  const database = await databaseOf(given);
  const deployment = given.values.has('addressesFile') && (await deploymentOf(given, 'addressesFile'));
  const nameOf = (name: string) => given.nameOf(name === 'deployment' ? 'addressesFile' : name);
  return configFrom({ ...rest, database, deployment }, nameOf);
}

/** A URL with a password in it may lie in a file of its own. */
async function databaseOf(given: Given): Promise<string | undefined> {
  const file = textOf(given, 'databaseUrlFile');
  if (file === undefined) return textOf(given, 'database');
  if (given.values.has('database')) {
    throw new Error(`${given.nameOf('databaseUrlFile')}: must not be set beside ${given.nameOf('database')}`);
  }
  return named(given.nameOf('databaseUrlFile'), async () => (await readText(file)).trim());
}
