import { readFile } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';
import { z } from 'zod';

export const OriginOption = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an origin such as https://chartkey.example',
});

export const RpcUrlOption = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'must be an http or https URL',
  });

export const DeploymentOption = z.custom<Deployment>(isDeployment, {
  error: 'must be a list of contract addresses',
});

/** As the config file or the environment gives it: `words` are a command with its arguments. */
export type SettingKind = 'text' | 'number' | 'number or word' | 'list' | 'words';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Settings<Name extends string = string> = {
  readonly values: ReadonlyMap<Name, unknown>;
  /** As whoever set it calls it. */
  readonly nameOf: (name: string) => string;
};

export type SettingsOptions<Name extends string> = {
  /** `CHARTKEY_KEEPER_`: each setting is `<prefix><NAME>` in the environment, and `<prefix>CONFIG` names a config file. */
  readonly prefix: string;
  readonly kinds: Readonly<Record<Name, SettingKind>>;
  /** Secrets, that would lie in the config file in clear beside everything else. */
  readonly environmentOnly?: readonly Name[];
};

/**
 * The config file (JSON) that `<prefix>CONFIG` names, if any, and the environment, which goes
 * before it. A name that is not known is an error: a slip of the pen would be a setting lost.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function readSettings<Name extends string>(
  env: Environment,
  options: SettingsOptions<Name>,
): Promise<Settings<Name>> {
  const { prefix, kinds } = options;
  const config = `${prefix}CONFIG`;
  const values = new Map<Name, unknown>();
  const fromFile = new Set<string>();
  const file = env[config];
  for (const [name, value] of file ? await readConfigFile(file, config, options) : []) {
    values.set(name, value);
    fromFile.add(name);
  }
  for (const [variable, value] of Object.entries(env)) {
    // Empty means absent.
    if (!variable.startsWith(prefix) || variable === config || !value) continue;
    const name = (Object.keys(kinds) as Name[]).find((known) => variableOf(prefix, known) === variable);
    if (!name) throw new Error(`${variable}: is not a setting`);
    values.set(name, parsedValue(variable, kinds[name], value));
    fromFile.delete(name);
  }
  const nameOf = (name: string) => (fromFile.has(name) ? `${name} in ${config}` : variableOf(prefix, name));
  return { values, nameOf };
}

async function readConfigFile<Name extends string>(
  path: string,
  config: string,
  { kinds, environmentOnly = [] }: SettingsOptions<Name>,
): Promise<[Name, unknown][]> {
  const json = await named(config, () => readJson(path));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${config}: must be a JSON object`);
  }
  return Object.entries(json).map(([key, value]) => {
    if (!Object.hasOwn(kinds, key)) throw new Error(`${key} in ${config}: is not a setting`);
    const name = key as Name;
    if (environmentOnly.includes(name)) throw new Error(`${key} in ${config}: must not stand in this file`);
    return [name, value];
  });
}

function parsedValue(variable: string, kind: SettingKind, value: string): unknown {
  if (kind === 'list') return value.split(',').map((item) => item.trim());
  if (kind === 'words') return value.trim().split(/\s+/);
  if (kind === 'text' || (kind === 'number or word' && !/^\d/.test(value))) return value;
  if (!/^\d+$/.test(value)) throw new Error(`${variable}: must be a whole number`);
  return Number(value);
}

/** Text, or nothing where it is not set. @throws Error that names the setting */
export function textOf<Name extends string>(settings: Settings<Name>, name: Name): string | undefined {
  const value = settings.values.get(name);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Error(`${settings.nameOf(name)}: must be text`);
}

/** @throws Error that names the setting */
export function listOf<Name extends string>(settings: Settings<Name>, name: Name): readonly string[] {
  const value = settings.values.get(name);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
    return value;
  throw new Error(`${settings.nameOf(name)}: must be a list of text`);
}

/** Where the contracts stand, from the file that this setting names. @throws Error that names the setting */
export async function deploymentOf<Name extends string>(
  settings: Settings<Name>,
  name: Name,
): Promise<Deployment> {
  const file = textOf(settings, name);
  if (file === undefined) throw new Error(`${settings.nameOf(name)}: must be set`);
  return named(settings.nameOf(name), async () => parseDeployment(await readJson(file)));
}

/**
 * Options with their defaults filled in.
 *
 * @throws Error with one line that names the option; `nameOf` says how whoever set it calls it
 */
export function optionsFrom<schema extends z.ZodType>(
  schema: schema,
  options: unknown,
  nameOf = (option: string) => option,
): z.output<schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const name = nameOf(String(unknown ?? issue?.path[0] ?? 'options'));
  throw new Error(`${name}: ${unknown === undefined ? wordsOf(issue?.message) : 'is not a setting'}`);
}

/** zod says what it got; the value may be a secret in the wrong place, so only what was wanted stays. */
function wordsOf(message = 'is not valid'): string {
  return message.replace(/^Invalid input: expected (\w+), received undefined$/, 'must be set');
}

/** Runs `work`; what goes wrong in there is told with the setting's name. */
export async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : 'is not valid'}`, { cause });
  }
}

/** A file's text. @throws Error with the system's code, and never its words, which carry the path */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(`can’t be read (${code})`, { cause });
  });
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the file.
    throw new Error('must be JSON');
  }
}

function variableOf(prefix: string, name: string): string {
  return `${prefix}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function isDeployment(value: unknown): boolean {
  try {
    parseDeployment(value);
    return true;
  } catch {
    return false;
  }
}
