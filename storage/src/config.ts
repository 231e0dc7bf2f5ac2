import { z } from 'zod';

const MIB = 1_048_576;
const DAY_MS = 86_400_000;

const Origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be an origin such as https://chartkey.example',
});

/** Everything the node can be told, with its limits. Sizes in bytes, times in milliseconds. */
const StorageOptions = z.strictObject({
  /** Folder that holds blocks and ledger; made if absent. One process at a time. */
  dir: z.string().min(1).default('.chartkey/storage'),
  /** There is no sign-in here: a node that listens elsewhere belongs behind the gate. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(5101),
  /** Web origins that may call from a browser. Others are refused on the RPC. */
  origins: z.array(Origin).max(64).default([]),
  /** Longest block. Every IPFS implementation takes 1 MiB; none takes over 2 MiB. */
  maxBlockBytes: z
    .int()
    .min(1_024)
    .max(2 * MIB)
    .default(MIB),
  /** Longest body of one `add` or `dag/import`. */
  maxUploadBytes: z
    .int()
    .min(1_024)
    .default(1_024 * MIB),
  /** Writes are refused while the disk has less free space than this. */
  minFreeBytes: z
    .int()
    .min(0)
    .default(256 * MIB),
  /** How long blocks that nothing pins are kept: an interrupted upload can be taken up for so long. */
  leaseMs: z
    .int()
    .min(0)
    .max(31 * DAY_MS)
    .default(DAY_MS),
  /** Pause between two sweeps of what nothing keeps. 0: only when asked. */
  gcIntervalMs: z
    .int()
    .min(0)
    .max(31 * DAY_MS)
    .default(3_600_000),
  maxConnections: z.int().min(1).max(100_000).default(512),
  /** Longest time for a request to arrive whole. */
  requestTimeoutMs: z.int().min(1_000).default(600_000),
  /** How long `close()` waits for requests under way. */
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

export type StorageOptions = z.input<typeof StorageOptions>;
export type StorageConfig = z.output<typeof StorageOptions>;

/** Fills in the defaults. @throws Error with one line that names the option. */
export function configFrom(options: StorageOptions): StorageConfig {
  return parse(StorageOptions, options, (path) => String(path[0] ?? 'options'));
}

/** Text from the environment: empty means absent. */
const Whole = z.string().regex(/^\d+$/, { error: 'must be a whole number' }).transform(Number);

const Environment = z.object({
  CHARTKEY_STORAGE_DIR: z.string().optional(),
  CHARTKEY_STORAGE_HOST: z.string().optional(),
  CHARTKEY_STORAGE_PORT: Whole.optional(),
  CHARTKEY_STORAGE_ORIGINS: z.string().optional(),
  CHARTKEY_STORAGE_MAX_BLOCK_BYTES: Whole.optional(),
  CHARTKEY_STORAGE_MAX_UPLOAD_BYTES: Whole.optional(),
  CHARTKEY_STORAGE_MIN_FREE_BYTES: Whole.optional(),
  CHARTKEY_STORAGE_LEASE_MS: Whole.optional(),
  CHARTKEY_STORAGE_GC_INTERVAL_MS: Whole.optional(),
  CHARTKEY_STORAGE_MAX_CONNECTIONS: Whole.optional(),
  CHARTKEY_STORAGE_REQUEST_TIMEOUT_MS: Whole.optional(),
  CHARTKEY_STORAGE_GRACE_MS: Whole.optional(),
});

/** @throws Error with one line that names the setting. */
export function configFromEnvironment(env: Readonly<Record<string, string | undefined>>): StorageConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = parse(Environment, given, (path) => String(path[0]));
  const options = {
    dir: read.CHARTKEY_STORAGE_DIR,
    host: read.CHARTKEY_STORAGE_HOST,
    port: read.CHARTKEY_STORAGE_PORT,
    origins: read.CHARTKEY_STORAGE_ORIGINS?.split(',').map((origin) => origin.trim()),
    maxBlockBytes: read.CHARTKEY_STORAGE_MAX_BLOCK_BYTES,
    maxUploadBytes: read.CHARTKEY_STORAGE_MAX_UPLOAD_BYTES,
    minFreeBytes: read.CHARTKEY_STORAGE_MIN_FREE_BYTES,
    leaseMs: read.CHARTKEY_STORAGE_LEASE_MS,
    gcIntervalMs: read.CHARTKEY_STORAGE_GC_INTERVAL_MS,
    maxConnections: read.CHARTKEY_STORAGE_MAX_CONNECTIONS,
    requestTimeoutMs: read.CHARTKEY_STORAGE_REQUEST_TIMEOUT_MS,
    graceMs: read.CHARTKEY_STORAGE_GRACE_MS,
  };
  return parse(StorageOptions, options, (path) => variableOf(String(path[0])));
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
  return `CHARTKEY_STORAGE_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
