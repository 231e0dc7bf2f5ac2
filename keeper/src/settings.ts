import {
  deploymentOf,
  type Environment,
  listOf,
  named,
  readSettings,
  type SettingKind,
  type Settings,
  textOf,
} from '@chartkey/service';
import { configFrom, type KeeperConfig } from './config.ts';
import {
  type KeySource,
  readSecret,
  seedsFromCommand,
  seedsFromFile,
  seedsFromKeyFiles,
  seedsFromText,
} from './keys.ts';

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
} as const satisfies Record<string, SettingKind>;

type Name = keyof typeof SETTINGS;
type Given = Settings<Name>;

/** What is no option of its own, but leads to one. */
const SOURCES: readonly Name[] = [
  'seed',
  'seedFile',
  'keyFiles',
  'passphrase',
  'passphraseFile',
  'keyCommand',
  'addressesFile',
];

/**
 * The config file (JSON) that CHARTKEY_KEEPER_CONFIG names, if any, and the environment, which
 * goes before it.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(env: Environment): Promise<KeeperConfig> {
  const prefix = 'CHARTKEY_KEEPER_';
  const given = await readSettings(env, { prefix, kinds: SETTINGS, environmentOnly: ['seed', 'passphrase'] });
  const rest = [...given.values].filter(([name]) => !SOURCES.includes(name));
  const keys = keySource(given);
  const deployment = await deploymentOf(given, 'addressesFile');
  return configFrom({ ...Object.fromEntries(rest), keys, deployment }, given.nameOf);
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
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : 'is not valid'}`, { cause });
  }
}

async function passphraseOf(given: Given): Promise<string> {
  const passphrase = textOf(given, 'passphrase');
  if (passphrase !== undefined) return passphrase;
  const file = textOf(given, 'passphraseFile');
  if (file === undefined) throw new Error(`${given.nameOf('passphraseFile')} must be set too`);
  return named(given.nameOf('passphraseFile'), () => readSecret(file));
}
