import { readFile } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';
import type { Hex } from 'viem';
import { z } from 'zod';

const RpcUrl = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
  error: 'must be an http or https URL',
});

const Origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an origin such as https://chartkey.example',
});

const Key = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { error: 'must be 0x and 64 hex digits' })
  .transform((text) => text as Hex);

/** Everything a relay can be told, with its limits. */
const RelayOptions = z.strictObject({
  /** The private key of the account that sends and pays. */
  key: Key,
  rpcUrl: RpcUrl,
  /** Where the contracts stand. */
  deployment: z.custom<Deployment>(isDeployment, { error: 'must be a list of contract addresses' }),
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
  origins: z.array(Origin).max(64).default([]),
  /** How long `close()` waits for requests under way, in milliseconds. */
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

export type RelayOptions = z.input<typeof RelayOptions>;
export type RelayConfig = z.output<typeof RelayOptions>;

/** @throws Error with one line that names the option; `nameOf` says how whoever set it calls it */
export function configFrom(options: unknown, nameOf = (option: string) => option): RelayConfig {
  const result = RelayOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const name = nameOf(String(unknown ?? issue?.path[0] ?? 'options'));
  throw new Error(`${name}: ${unknown === undefined ? wordsOf(issue?.message) : 'is not a setting'}`);
}

const PREFIX = 'CHARTKEY_RELAY_';
const LISTS = ['origins'];
const TEXTS = ['key', 'rpcUrl', 'databaseFile', 'host', 'feeCap'];

/**
 * `CHARTKEY_RELAY_<NAME>` for each option, `…_ADDRESSES_FILE` for the deployment, and `…_KEY_FILE`
 * beside `…_KEY`. A name that is not known is an error: a slip of the pen would be a setting lost.
 *
 * @throws Error with one line that names the setting, never a secret
 */
export async function configFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Promise<RelayConfig> {
  const options: Record<string, unknown> = {};
  for (const [variable, value] of Object.entries(env)) {
    // Empty means absent.
    if (!variable.startsWith(PREFIX) || !value) continue;
    const name = variable
      .slice(PREFIX.length)
      .toLowerCase()
      .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (name === 'addressesFile') options.deployment = await readAddresses(variable, value);
    else if (name === 'keyFile') options.key = (await readText(variable, value)).trim();
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
