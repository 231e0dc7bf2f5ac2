import { readFile } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';
import { configFrom, type KeeperConfig } from './config.ts';
import {
  type KeySource,
  readSecret,
  seedsFromCommand,
  seedsFromFile,
  seedsFromKeyFiles,
  seedsFromText,
} from './keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Kind = 'text' | 'number' | 'number or word' | 'list' | 'words';

/** Everything an operator can set, in the config file under this name, in the environment as CHARTKEY_KEEPER_<NAME>. */
const SETTINGS = {
  operator: 'text',
  seed: 'text',
  seedFile: 'text',
  keyFiles: 'list',
  passphrase: 'text',
  passphraseFile: 'text',
  keyCommand: 'words',
  rpcUrls: 'list',
  addressesFile: 'text',
  host: 'text',
  port: 'number',
  confirmations: 'number or word',
  chainGraceMs: 'number',
  codeHash: 'text',
  releaseWindow: 'number',
  maxHeadAge: 'number',
  maxBodyBytes: 'number',
  maxConcurrent: 'number',
  ratePerAddress: 'number',
  ratePerAccessor: 'number',
  trustedProxies: 'number',
  origins: 'list',
  journalFile: 'text',
  handoverFiles: 'list',
  graceMs: 'number',
} as const satisfies Record<string, Kind>;

type Name = keyof typeof SETTINGS;

const PREFIX = 'CHARTKEY_KEEPER_';
/** Names the file, so it can't stand in it. */
const CONFIG = `${PREFIX}CONFIG`;
/** They would lie in clear beside everything else. */
const ENVIRONMENT_ONLY: readonly Name[] = ['seed', 'passphrase'];

type Given = {
  readonly values: ReadonlyMap<Name, unknown>;
  /** As whoever set it calls it. */
  readonly nameOf: (name: string) => string;
};

/**
 * The config file (JSON) that CHARTKEY_KEEPER_CONFIG names, if any, and the environment, which
 * goes before it. A name that is not known is an error: a slip of the pen would be a setting lost.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(env: Environment): Promise<KeeperConfig> {
  const given = await readGiven(env);
  const { values, nameOf } = given;
  const text = (name: Name) => textOf(given, name);
  const rest = [...values].filter(([name]) => !SECRETS.includes(name) && name !== 'addressesFile');
  const keys = keySource(given);
  const addressesFile = text('addressesFile');
  if (addressesFile === undefined) throw new Error(`${nameOf('addressesFile')}: must be set`);
  const deployment = await named(nameOf('addressesFile'), () => readDeployment(addressesFile));
  return configFrom({ ...Object.fromEntries(rest), keys, deployment }, nameOf);
}

const SECRETS: readonly Name[] = [
  'seed',
  'seedFile',
  'keyFiles',
  'passphrase',
  'passphraseFile',
  'keyCommand',
];

async function readGiven(env: Environment): Promise<Given> {
  const values = new Map<Name, unknown>();
  const fromFile = new Set<string>();
  const file = env[CONFIG];
  for (const [name, value] of file ? await readConfigFile(file) : []) {
    values.set(name, value);
    fromFile.add(name);
  }
  for (const [variable, value] of Object.entries(env)) {
    // Empty means absent.
    if (!variable.startsWith(PREFIX) || variable === CONFIG || !value) continue;
    const name = (Object.keys(SETTINGS) as Name[]).find((known) => variableOf(known) === variable);
    if (!name) throw new Error(`${variable}: is not a setting`);
    values.set(name, parsedValue(variable, SETTINGS[name], value));
    fromFile.delete(name);
  }
  const nameOf = (name: string) => (fromFile.has(name) ? `${name} in ${CONFIG}` : variableOf(name));
  return { values, nameOf };
}

async function readConfigFile(path: string): Promise<[Name, unknown][]> {
  const json = await named(CONFIG, () => readJson(path));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${CONFIG}: must be a JSON object`);
  }
  return Object.entries(json).map(([name, value]) => {
    if (!isName(name)) throw new Error(`${name} in ${CONFIG}: is not a setting`);
    if (ENVIRONMENT_ONLY.includes(name)) throw new Error(`${name} in ${CONFIG}: must not stand in this file`);
    return [name, value];
  });
}

function parsedValue(variable: string, kind: Kind, value: string): unknown {
  if (kind === 'list') return value.split(',').map((item) => item.trim());
  if (kind === 'words') return value.trim().split(/\s+/);
  if (kind === 'text' || (kind === 'number or word' && !/^\d/.test(value))) return value;
  if (!/^\d+$/.test(value)) throw new Error(`${variable}: must be a whole number`);
  return Number(value);
}

/** Exactly one way to a key. */
function keySource(given: Given): KeySource {
  const { values, nameOf } = given;
  const ways = (['seed', 'seedFile', 'keyFiles', 'keyCommand'] as const).filter((name) => values.has(name));
  const [way, other] = ways;
  if (!way) throw new Error(`${nameOf('keyFiles')}: must be set, or another source of keys`);
  if (other) throw new Error(`${nameOf(way)}: must not be set beside ${nameOf(other)}`);
  const source = sourceOf(given, way);
  return () => named(nameOf(way), source);
}

function sourceOf(given: Given, way: 'seed' | 'seedFile' | 'keyFiles' | 'keyCommand'): KeySource {
  const name = given.nameOf(way);
  if (way === 'keyCommand') return seedsFromCommand(listOf(given, way));
  if (way === 'keyFiles') return seedsFromKeyFiles(listOf(given, way), () => passphraseOf(given));
  const text = textOf(given, way) ?? '';
  if (way === 'seedFile') return seedsFromFile(text);
  try {
    return seedsFromText(text);
  } catch (cause) {
    throw new Error(`${name}: ${messageOf(cause)}`, { cause });
  }
}

async function passphraseOf(given: Given): Promise<string> {
  const passphrase = textOf(given, 'passphrase');
  if (passphrase !== undefined) return passphrase;
  const file = textOf(given, 'passphraseFile');
  if (file === undefined) throw new Error(`${given.nameOf('passphraseFile')} must be set too`);
  return named(given.nameOf('passphraseFile'), () => readSecret(file));
}

function textOf({ values, nameOf }: Given, name: Name): string | undefined {
  const value = values.get(name);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Error(`${nameOf(name)}: must be text`);
}

function listOf({ values, nameOf }: Given, name: Name): readonly string[] {
  const value = values.get(name);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
    return value;
  throw new Error(`${nameOf(name)}: must be a list of text`);
}

async function readDeployment(file: string): Promise<Deployment> {
  return parseDeployment(await readJson(file));
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(`can’t be read (${code})`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the file.
    throw new Error('must be JSON');
  }
}

/** What goes wrong in there is told with the setting's name. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${name}: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'is not valid';
}

function isName(name: string): name is Name {
  return Object.hasOwn(SETTINGS, name);
}

function variableOf(name: string): string {
  return `${PREFIX}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
