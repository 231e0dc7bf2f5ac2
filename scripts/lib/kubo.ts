import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KUBO_ENVIRONMENT, KUBO_SETTINGS, swarmKey } from '../../deploy/kubo/settings.ts';
import { freePort, ROOT, type Service, startService } from './process.ts';
import { runProgram } from './tool.ts';

/** The version that `deploy/kubo/go.mod` pins. */
export const KUBO_VERSION =
  /github\.com\/ipfs\/kubo (v[\d.]+)/.exec(readFileSync(join(ROOT, 'deploy/kubo/go.mod'), 'utf8'))?.[1] ?? '';

const BUILT = join(ROOT, '.tools', `kubo-${KUBO_VERSION}`, 'ipfs');

/** Where the binary is, or is to be. `CHARTKEY_KUBO` names another one. */
export function kuboPath(): string {
  return process.env.CHARTKEY_KUBO || BUILT;
}

export function hasKubo(): boolean {
  return existsSync(kuboPath());
}

/**
 * Builds the pinned Kubo from source, once, as no package registry ships its binary. Takes
 * minutes of processor time.
 *
 * @returns undefined, or why it could not be built
 */
export function buildKubo(): Promise<string | undefined> {
  return buildGo({ module: 'deploy/kubo', program: 'github.com/ipfs/kubo/cmd/ipfs', to: BUILT });
}

/** @returns undefined, or why it could not be built */
export async function buildGo({
  module,
  program,
  to,
}: {
  /** Folder of the go.mod and go.sum that pin it. */
  readonly module: string;
  readonly program: string;
  readonly to: string;
}): Promise<string | undefined> {
  const go = await findGo();
  if (go === undefined) return 'there is no Go here';
  await mkdir(join(to, '..'), { recursive: true });
  // Not `go install …@version`: that ignores the checksums in go.sum.
  const args = ['build', '-C', join(ROOT, module), '-trimpath', '-o', to, program];
  const { ok, output } = await runProgram('nice', [go, ...args]);
  return ok ? undefined : output.trim().split('\n').slice(-3).join('\n');
}

async function findGo(): Promise<string | undefined> {
  for (const go of ['go', '/usr/local/go/bin/go']) {
    if ((await runProgram(go, ['version'])).ok) return go;
  }
  return undefined;
}

export type RunningKubo = {
  /** Base of the RPC, without `/api/v0`. */
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  readonly dir: string;
  readonly service: Service;
};

export type KuboStart = {
  readonly dir: string;
  /** 32 bytes that the daemons of one network share. Default: a network of its own. */
  readonly networkKey?: Uint8Array;
  readonly ports?: { readonly rpc: number; readonly gateway: number };
  /** More settings; with a swarm address among them the daemon is not offline. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** A real daemon, configured as in production, on this machine's own address. */
export async function startKubo({ dir, networkKey, ports, settings }: KuboStart): Promise<RunningKubo> {
  const rpc = ports?.rpc ?? (await freePort());
  const gateway = ports?.gateway ?? (await freePort());
  const env = { ...KUBO_ENVIRONMENT, IPFS_PATH: dir };
  await initKubo(dir, networkKey);
  const isOffline = settings?.['Addresses.Swarm'] === undefined;
  await setInFile(join(dir, 'config'), {
    ...KUBO_SETTINGS,
    ...settings,
    'Addresses.API': `/ip4/127.0.0.1/tcp/${rpc}`,
    'Addresses.Gateway': `/ip4/127.0.0.1/tcp/${gateway}`,
  });
  const service = await startService({
    name: 'kubo',
    program: kuboPath(),
    // Offline: what is not here is missing at once, instead of being looked for until the caller gives up.
    args: ['daemon', ...(isOffline ? ['--offline'] : []), '--migrate=false'],
    env,
    ready: /Daemon is ready/,
  });
  return {
    rpcUrl: `http://127.0.0.1:${rpc}`,
    gatewayUrl: `http://127.0.0.1:${gateway}`,
    dir,
    service,
  };
}

/** Makes a repository, if there is none. @returns the daemon's peer id */
export async function initKubo(dir: string, networkKey?: Uint8Array): Promise<string> {
  const file = join(dir, 'config');
  if (!existsSync(file)) {
    await mkdir(dir, { recursive: true });
    const init = await runProgram('env', [`IPFS_PATH=${dir}`, kuboPath(), 'init', '--empty-repo']);
    if (!init.ok) throw new Error(`Kubo could not make its repository.\n${init.output}`);
    await writeFile(join(dir, 'swarm.key'), swarmKey(networkKey ?? randomBytes(32)), { mode: 0o600 });
  }
  const config = JSON.parse(await readFile(file, 'utf8')) as { Identity: { PeerID: string } };
  return config.Identity.PeerID;
}

/** Writes settings into a JSON file at once: `ipfs config` would take a second for each. */
export async function setInFile(file: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const config: unknown = JSON.parse(await readFile(file, 'utf8'));
  for (const [path, value] of Object.entries(settings)) set(config, path.split('.'), value);
  await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}

function set(at: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof at !== 'object' || at === null) throw new Error('a setting is no object');
  const map = at as Record<string, unknown>;
  if (rest.length === 0) {
    map[name] = value;
    return;
  }
  map[name] ??= {};
  set(map[name], rest, value);
}
