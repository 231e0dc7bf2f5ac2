import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterSettings, kuboSettingsInCluster } from '../../deploy/cluster/settings.ts';
import { buildGo, hasKubo, initKubo, type RunningKubo, setInFile, startKubo } from './kubo.ts';
import { freePort, ROOT, type Service, startService } from './process.ts';
import { runProgram } from './tool.ts';

/** The version that `deploy/cluster/go.mod` pins. */
export const CLUSTER_VERSION =
  /github\.com\/ipfs-cluster\/ipfs-cluster (v[\d.]+)/.exec(
    readFileSync(join(ROOT, 'deploy/cluster/go.mod'), 'utf8'),
  )?.[1] ?? '';

const PROGRAM = join(ROOT, '.tools', `cluster-${CLUSTER_VERSION}`, 'ipfs-cluster-service');

/** Whether a cluster can be started here: its own binary and Kubo's. */
export function hasCluster(): boolean {
  return existsSync(PROGRAM) && hasKubo();
}

/**
 * Builds the pinned IPFS Cluster from source, once. Takes minutes of processor time.
 *
 * @returns undefined, or why it could not be built
 */
export function buildCluster(): Promise<string | undefined> {
  const program = 'github.com/ipfs-cluster/ipfs-cluster/cmd/ipfs-cluster-service';
  return buildGo({ module: 'deploy/cluster', program, to: PROGRAM });
}

export type RunningPeer = {
  readonly kubo: RunningKubo;
  /** Base of the cluster's REST API. */
  readonly clusterUrl: string;
};

export type RunningCluster = {
  readonly peers: readonly RunningPeer[];
  readonly close: () => Promise<void>;
};

/**
 * Kubo daemons, each with its cluster peer, configured as in production: one private network, every
 * peer known by name, each record on all of them.
 */
export async function startCluster(folder: string, count: number): Promise<RunningCluster> {
  const services: Service[] = [];
  const close = async () => {
    for (const service of services.reverse()) await service.close();
  };
  try {
    const kubos = await startKubos(folder, count, services);
    const peers = await Promise.all(kubos.map((kubo, at) => initPeer(join(folder, `peer-${at}`), kubo)));
    const secret = randomBytes(32).toString('hex');
    for (const peer of peers) services.push(await startPeer(peer, { peers, secret }));
    for (const { clusterUrl } of peers) await untilAllAreSeen(clusterUrl, count);
    return { peers: peers.map(({ kubo, clusterUrl }) => ({ kubo, clusterUrl })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startKubos(folder: string, count: number, services: Service[]): Promise<RunningKubo[]> {
  const networkKey = randomBytes(32);
  const planned = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const dir = join(folder, `kubo-${at}`);
      const address = `/ip4/127.0.0.1/tcp/${await freePort()}`;
      return { dir, address, id: await initKubo(dir, networkKey) };
    }),
  );
  const kubos: RunningKubo[] = [];
  for (const { dir, address, id } of planned) {
    const others = planned.filter((other) => other.id !== id);
    const kubo = await startKubo({ dir, settings: kuboSettingsInCluster({ listen: address, others }) });
    services.push(kubo.service);
    kubos.push(kubo);
  }
  return kubos;
}

type Peer = RunningPeer & {
  readonly dir: string;
  readonly id: string;
  readonly listen: string;
  readonly restApi: string;
};

async function initPeer(dir: string, kubo: RunningKubo): Promise<Peer> {
  await mkdir(dir, { recursive: true });
  const { ok, output } = await runProgram(PROGRAM, ['--config', dir, 'init', '--consensus', 'crdt']);
  if (!ok) throw new Error(`IPFS Cluster could not make its configuration.\n${output}`);
  const { id } = JSON.parse(await readFile(join(dir, 'identity.json'), 'utf8')) as { id: string };
  const [listen, rest] = [await freePort(), await freePort()];
  return {
    ...{ dir, id, kubo },
    clusterUrl: `http://127.0.0.1:${rest}`,
    listen: `/ip4/127.0.0.1/tcp/${listen}`,
    restApi: `/ip4/127.0.0.1/tcp/${rest}`,
  };
}

async function startPeer(
  { dir, id, kubo, listen, restApi }: Peer,
  { peers, secret }: { readonly peers: readonly Peer[]; readonly secret: string },
): Promise<Service> {
  const others = peers.filter((peer) => peer.id !== id);
  const settings = clusterSettings({
    ...{ secret, listen, restApi },
    replicas: { min: peers.length, max: peers.length },
    peerIds: peers.map((peer) => peer.id),
    otherPeers: others.map((peer) => `${peer.listen}/p2p/${peer.id}`),
    kubo: `/ip4/127.0.0.1/tcp/${new URL(kubo.rpcUrl).port}`,
  });
  await setInFile(join(dir, 'service.json'), settings);
  return startService({
    name: 'cluster peer',
    program: PROGRAM,
    args: ['--config', dir, 'daemon'],
    ready: /IPFS Cluster is READY/,
  });
}

const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/** A pin goes to peers that have said how much room they have; before that it is refused. */
async function untilAllAreSeen(clusterUrl: string, count: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const response = await fetch(`${clusterUrl}/monitor/metrics/freespace`);
    const seen = response.ok ? ((await response.json()) as unknown) : undefined;
    if (Array.isArray(seen) && seen.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error('The peers of the cluster did not find each other.');
}
