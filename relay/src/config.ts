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
import type { Hex } from 'viem';
import { z } from 'zod';

const Key = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { error: 'must be 0x and 64 hex digits' })
  .transform((text) => text as Hex);

/** Everything a relay can be told, with its limits. */
const RelayOptions = z.strictObject({
  /** The private key of the account that sends and pays. */
  key: Key,
  rpcUrl: RpcUrlOption,
  /** Where the contracts stand. */
  deployment: DeploymentOption,
  /** Where the queue lies: one file for each relay. */
  databaseFile: z.string().min(1),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(5301),
  /** What a unit of gas may cost at most, in wei; 0 on a network without fees. Default: 100 gwei. */
  feeCap: z.coerce.bigint().min(0n).default(100_000_000_000n),
  /** A transaction that stands in no block after so long is replaced by one with a higher fee, in milliseconds. */
  stuckAfterMs: z.int().min(100).max(3_600_000).default(60_000),
  /** Between two looks at the chain, in milliseconds. */
  pollMs: z.int().min(10).max(60_000).default(1_000),
  /** How long a request waits for others to go with it, in milliseconds. */
  gatherMs: z.int().min(0).max(60_000).default(50),
  /** Requests in one transaction. */
  maxBatch: z.int().min(1).max(200).default(50),
  /** Gas of one transaction; EIP-7825 allows 16,777,216. */
  maxBatchGas: z.int().min(500_000).max(16_777_216).default(12_000_000),
  /** Gas of one request. */
  maxRequestGas: z.int().min(100_000).max(10_000_000).default(5_000_000),
  /** Requests that wait, of all people together. */
  maxWaiting: z.int().min(1).max(1_000_000).default(10_000),
  /** Requests that wait, of one person. */
  waitingPerPerson: z.int().min(1).max(10_000).default(64),
  /** Requests a minute of one person; 0 for any number. */
  ratePerPerson: z.int().min(0).max(1_000_000).default(120),
  /** People who register an hour, all together; 0 for any number: whoever makes a key can register. */
  enrolmentsPerHour: z.int().min(0).max(1_000_000).default(600),
  maxBodyBytes: z.int().min(65_536).max(16_777_216).default(1_048_576),
  /** Web origins that may call from a browser. */
  origins: z.array(OriginOption).max(64).default([]),
  /** How long `close()` waits for requests under way, in milliseconds. */
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

export type RelayOptions = z.input<typeof RelayOptions>;
export type RelayConfig = z.output<typeof RelayOptions>;

/** @throws Error with one line that names the option; `nameOf` says how whoever set it calls it */
export function configFrom(options: unknown, nameOf?: (option: string) => string): RelayConfig {
  return optionsFrom(RelayOptions, options, nameOf);
}

/** Everything an operator can set, in the config file under this name, in the environment as CHARTKEY_RELAY_<NAME>. */
const SETTINGS = {
  key: 'text',
  keyFile: 'text',
  rpcUrl: 'text',
  addressesFile: 'text',
  databaseFile: 'text',
  host: 'text',
  port: 'number',
  feeCap: 'text',
  stuckAfterMs: 'number',
  pollMs: 'number',
  gatherMs: 'number',
  maxBatch: 'number',
  maxBatchGas: 'number',
  maxRequestGas: 'number',
  maxWaiting: 'number',
  waitingPerPerson: 'number',
  ratePerPerson: 'number',
  enrolmentsPerHour: 'number',
  maxBodyBytes: 'number',
  origins: 'list',
  graceMs: 'number',
} as const satisfies Record<string, SettingKind>;

type Given = Settings<keyof typeof SETTINGS>;

/**
 * The config file (JSON) that CHARTKEY_RELAY_CONFIG names, if any, and the environment, which
 * goes before it.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(env: Environment): Promise<RelayConfig> {
  const prefix = 'CHARTKEY_RELAY_';
  const given: Given = await readSettings(env, { prefix, kinds: SETTINGS, environmentOnly: ['key'] });
  const { addressesFile: _file, keyFile: _key, ...rest } = Object.fromEntries(given.values);
  const key = await keyOf(given);
  const deployment = given.values.has('addressesFile') && (await deploymentOf(given, 'addressesFile'));
  const nameOf = (name: string) => given.nameOf(name === 'deployment' ? 'addressesFile' : name);
  return configFrom({ ...rest, key, deployment }, nameOf);
}

async function keyOf(given: Given): Promise<string | undefined> {
  const file = textOf(given, 'keyFile');
  if (file === undefined) return textOf(given, 'key');
  if (given.values.has('key')) {
    throw new Error(`${given.nameOf('keyFile')}: must not be set beside ${given.nameOf('key')}`);
  }
  return named(given.nameOf('keyFile'), async () => (await readText(file)).trim());
}
