import { z } from 'zod';

const MIB = 1_048_576;
const GIB = 1_024 * MIB;
const MINUTE_MS = 60_000;

const Url = z.url({ protocol: /^https?$/ });

/** Everything the gate can be told. Sizes in bytes, times in milliseconds. */
const GateOptions = z.strictObject({
  /** Parts under way and, without a database, the ledger. Several gates on one machine may share it. */
  dir: z.string().min(1).default('.chartkey/gate'),
  /** PostgreSQL, for gates on several machines: `postgres://…`. Default: SQLite in `dir`. */
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /**
   * How the other gates reach this one, on a network of their own: parts lie on the disk of the gate
   * that opened the upload, and the others pass requests on to it. Default: there is no other.
   */
  peerUrl: Url.optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(5102),
  /** The origin of the pages that people sign in on; the message that they sign names it. */
  origin: Url.refine((text) => new URL(text).origin === text, { error: 'must be an origin' }),
  /** A node that answers `eth_call`; the registry is asked again for each upload. */
  rpcUrl: Url,
  addressesFile: z.string().min(1),
  /**
   * The nodes behind it, by their RPC: Kubo daemons, or embedded nodes. Without one an embedded node
   * lies in `<dir>/node`.
   */
  nodeRpcUrls: z.preprocess(listOf, z.array(Url).max(32)).default([]),
  /** What `API.Authorizations` of the nodes wants, such as `Bearer …`. */
  nodeAuthorization: z.string().min(1).optional(),
  /** How many nodes must hold and pin what is committed. Default: all of them. */
  minReplicas: z.int().min(1).max(32).optional(),
  /** REST API of an IPFS Cluster peer, which is told of each pin: see deploy/cluster. */
  clusterUrl: Url.optional(),
  /** Whether whoever knows a CID may read, or only who has signed in. All of it is ciphertext. */
  reads: z.enum(['open', 'restricted']).default('open'),
  sessionMs: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(30 * MINUTE_MS),
  nonceMs: z
    .int()
    .min(1_000)
    .max(3_600_000)
    .default(5 * MINUTE_MS),
  uploadMs: z
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .default(86_400_000),
  maxUploadBytes: z
    .int()
    .min(1_024)
    .default(64 * GIB),
  maxPartBytes: z
    .int()
    .min(1_024)
    .default(64 * MIB),
  maxParticipantBytes: z
    .int()
    .min(1_024)
    .default(256 * GIB),
  maxOpenUploads: z.int().min(1).max(1_000).default(8),
  /** Key blocks that wait until the chain names them, of everybody, and how long each may. */
  maxWaitingKeys: z.int().min(1).max(1_000_000).default(10_000),
  waitingKeyMs: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(30 * MINUTE_MS),
  /** Of one participant. */
  requestsPerMinute: z.int().min(1).default(3_000),
  /** Of one network address, for those who have not signed in. Behind a proxy that is the proxy. */
  signInsPerMinute: z.int().min(1).default(120),
  maxBlockBytes: z
    .int()
    .min(1_024)
    .max(2 * MIB)
    .default(MIB),
  minFreeBytes: z
    .int()
    .min(0)
    .default(256 * MIB),
  graceMs: z.int().min(0).max(600_000).default(5_000),
});

/** From an environment variable: URLs separated by commas. */
function listOf(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value;
}

export type GateOptions = Omit<z.input<typeof GateOptions>, 'nodeRpcUrls'> & {
  readonly nodeRpcUrls?: readonly string[] | undefined;
};
export type GateConfig = z.output<typeof GateOptions>;

/** Fills in the defaults. @throws Error with one line that names the option */
export function gateConfigFrom(options: unknown): GateConfig {
  const result = GateOptions.safeParse(options);
  if (result.success) {
    const { minReplicas = 1, nodeRpcUrls } = result.data;
    if (minReplicas <= Math.max(1, nodeRpcUrls.length)) return result.data;
    throw new Error('minReplicas: there are not so many nodes');
  }
  const issue = result.error.issues[0];
  throw new Error(`${String(issue?.path[0] ?? 'options')}: ${issue?.message ?? 'invalid'}`);
}

/** `CHARTKEY_GATE_<OPTION>`, each in capitals: `CHARTKEY_GATE_RPC_URL`. Empty means absent. */
export function gateConfigFromEnvironment(env: Readonly<Record<string, string | undefined>>): GateConfig {
  const options: Record<string, string | number> = {};
  for (const name of Object.keys(GateOptions.shape)) {
    const value = env[variableOf(name)];
    if (value !== undefined && value !== '') options[name] = /^\d+$/.test(value) ? Number(value) : value;
  }
  try {
    return gateConfigFrom(options);
  } catch (cause) {
    const [, name = '', why = ''] = /^(\w+): (.*)$/.exec(cause instanceof Error ? cause.message : '') ?? [];
    throw new Error(`${variableOf(name)}: ${why}`, { cause });
  }
}

function variableOf(option: string): string {
  return `CHARTKEY_GATE_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
