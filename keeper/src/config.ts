import { readFile, stat } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';
import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { z } from 'zod';

const MIB = 1_048_576;

/** Hardhat's own chain: it makes blocks on demand only, and never takes one back. */
const DEVELOPMENT_CHAIN = 31_337;

const Origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an origin such as https://chartkey.example',
});

const RpcUrl = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
  error: 'must be http or https URLs',
});

const Operator = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), { error: 'must be an address' })
  .transform((text): Address => getAddress(text));

const Seed = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { error: 'must be 0x and 64 hex digits' })
  .transform((text) => text as Hex);

const Hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, { error: 'must be 0x and 64 lower-case hex digits' })
  .transform((text) => text as Hex);

/** Everything a keeper can be told, with its limits. Sizes in bytes, times in seconds unless named otherwise. */
const KeeperOptions = z
  .strictObject({
    /** The keeper's id in the KeeperSet. */
    operator: Operator,
    /** The private half of the keeper's key: 32 bytes that X-Wing expands. */
    seed: Seed,
    /** JSON-RPC endpoints. All are asked, and all must agree. */
    rpcUrls: z.array(RpcUrl).min(1).max(8),
    /** Where the contracts stand. */
    deployment: z.custom<Deployment>(isDeployment, { error: 'must be a list of contract addresses' }),
    host: z.string().min(1).default('127.0.0.1'),
    /** 0 takes any free port. */
    port: z.int().min(0).max(65_535).default(5201),
    /** C: how many blocks an opening and its permission must have been standing. Default 3; 0 on a development chain. */
    confirmations: z
      .union([z.int().min(0).max(1_000), z.enum(['safe', 'finalized'])], {
        error: 'must be 0 to 1000, safe or finalized',
      })
      .optional(),
    /** How long an endpoint that is a block behind the others is waited for, in milliseconds. */
    chainGraceMs: z.int().min(0).max(10_000).default(2_000),
    /** The hash of the contracts' code, as `doctor` shows it: with it, no other code is believed. */
    codeHash: Hash.optional(),
    /** How long after an opening its shares are given out. */
    releaseWindow: z.int().min(1).max(86_400).default(3_600),
    /** How far the head's time may be from the keeper's clock; 0 for any. Default 120; 0 on a development chain. */
    maxHeadAge: z.int().min(0).max(86_400).optional(),
    maxBodyBytes: z
      .int()
      .min(64 * 1_024)
      .max(16 * MIB)
      .default(2 * MIB),
    /** Web origins that may call from a browser. */
    origins: z.array(Origin).max(64).default([]),
    /** How long `close()` waits for requests under way, in milliseconds. */
    graceMs: z.int().min(0).max(600_000).default(5_000),
  })
  .transform((options) => {
    const development = options.deployment.chainId === DEVELOPMENT_CHAIN;
    return {
      ...options,
      confirmations: options.confirmations ?? (development ? 0 : 3),
      maxHeadAge: options.maxHeadAge ?? (development ? 0 : 120),
    };
  });

export type KeeperOptions = z.input<typeof KeeperOptions>;
export type KeeperConfig = z.output<typeof KeeperOptions>;

/** Fills in the defaults. @throws Error with one line that names the option, never its value */
export function configFrom(options: KeeperOptions): KeeperConfig {
  return parse(KeeperOptions, options, (path) => String(path[0] ?? 'options'));
}

const Whole = z.string().regex(/^\d+$/, { error: 'must be a whole number' }).transform(Number);

const Environment = z.object({
  CHARTKEY_KEEPER_PORT: Whole.optional(),
  CHARTKEY_KEEPER_HOST: z.string().optional(),
  CHARTKEY_KEEPER_SEED: z.string().optional(),
  CHARTKEY_KEEPER_SEED_FILE: z.string().optional(),
  CHARTKEY_KEEPER_OPERATOR: z.string({ error: 'must be set' }),
  CHARTKEY_KEEPER_RPC_URLS: z.string({ error: 'must be set' }),
  CHARTKEY_KEEPER_ADDRESSES_FILE: z.string({ error: 'must be set' }),
  CHARTKEY_KEEPER_CONFIRMATIONS: z.union([Whole, z.enum(['safe', 'finalized'])]).optional(),
  CHARTKEY_KEEPER_CHAIN_GRACE_MS: Whole.optional(),
  CHARTKEY_KEEPER_CODE_HASH: z.string().optional(),
  CHARTKEY_KEEPER_RELEASE_WINDOW: Whole.optional(),
  CHARTKEY_KEEPER_MAX_HEAD_AGE: Whole.optional(),
  CHARTKEY_KEEPER_MAX_BODY_BYTES: Whole.optional(),
  CHARTKEY_KEEPER_ORIGINS: z.string().optional(),
  CHARTKEY_KEEPER_GRACE_MS: Whole.optional(),
});

/** @throws Error with one line that names the setting, never the seed */
export async function configFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeeperConfig> {
  // Empty means absent.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = parse(Environment, given, (path) => String(path[0]));
  const options = {
    operator: read.CHARTKEY_KEEPER_OPERATOR,
    seed: await seedFrom(read.CHARTKEY_KEEPER_SEED, read.CHARTKEY_KEEPER_SEED_FILE),
    rpcUrls: list(read.CHARTKEY_KEEPER_RPC_URLS),
    deployment: await deploymentFrom(read.CHARTKEY_KEEPER_ADDRESSES_FILE),
    host: read.CHARTKEY_KEEPER_HOST,
    port: read.CHARTKEY_KEEPER_PORT,
    confirmations: read.CHARTKEY_KEEPER_CONFIRMATIONS,
    chainGraceMs: read.CHARTKEY_KEEPER_CHAIN_GRACE_MS,
    codeHash: read.CHARTKEY_KEEPER_CODE_HASH,
    releaseWindow: read.CHARTKEY_KEEPER_RELEASE_WINDOW,
    maxHeadAge: read.CHARTKEY_KEEPER_MAX_HEAD_AGE,
    maxBodyBytes: read.CHARTKEY_KEEPER_MAX_BODY_BYTES,
    origins: read.CHARTKEY_KEEPER_ORIGINS === undefined ? undefined : list(read.CHARTKEY_KEEPER_ORIGINS),
    graceMs: read.CHARTKEY_KEEPER_GRACE_MS,
  };
  return parse(KeeperOptions, options, (path) => variableOf(String(path[0])));
}

async function seedFrom(seed: string | undefined, file: string | undefined): Promise<string> {
  if (seed !== undefined && file !== undefined) {
    throw new Error('CHARTKEY_KEEPER_SEED: must not be set beside CHARTKEY_KEEPER_SEED_FILE');
  }
  if (seed !== undefined) return seed;
  if (file === undefined) throw new Error('CHARTKEY_KEEPER_SEED: must be set, or CHARTKEY_KEEPER_SEED_FILE');

  const { mode } = await stat(file).catch(unreadable('CHARTKEY_KEEPER_SEED_FILE'));
  if ((mode & 0o077) !== 0) {
    throw new Error('CHARTKEY_KEEPER_SEED_FILE: others may read it; its mode must be 0600 or less');
  }
  const text = (await readFile(file, 'utf8').catch(unreadable('CHARTKEY_KEEPER_SEED_FILE'))).trim();
  if (!Seed.safeParse(text).success) {
    throw new Error('CHARTKEY_KEEPER_SEED_FILE: must hold 0x and 64 hex digits');
  }
  return text;
}

async function deploymentFrom(file: string): Promise<Deployment> {
  const name = 'CHARTKEY_KEEPER_ADDRESSES_FILE';
  const text = await readFile(file, 'utf8').catch(unreadable(name));
  try {
    return parseDeployment(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'must be JSON' : messageOf(cause);
    throw new Error(`${name}: ${why}`, { cause });
  }
}

function unreadable(name: string) {
  return (cause: unknown): never => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(`${name}: can’t be read (${code})`, { cause });
  };
}

function isDeployment(value: unknown): boolean {
  try {
    parseDeployment(value);
    return true;
  } catch {
    return false;
  }
}

function list(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'invalid';
}

function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  nameOf: (path: readonly PropertyKey[]) => string,
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${nameOf(issue?.path ?? [])}: ${issue?.message ?? 'invalid'}`);
}

function variableOf(option: string): string {
  return `CHARTKEY_KEEPER_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
