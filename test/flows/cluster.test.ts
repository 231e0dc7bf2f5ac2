import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addRecord,
  auditRecords,
  createStorageClient,
  describeFile,
  type RecordId,
  sealRecord,
  signInWithWallet,
} from '@chartkey/sdk';
import { startGate } from '@chartkey/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterSettings } from '../../deploy/cluster/settings.ts';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { hasCluster, type RunningCluster, startCluster } from '../../scripts/lib/cluster.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { openWard } from '../../scripts/lib/ward.ts';
import { kuboBackend } from '../../storage/src/kubo-backend.ts';
import { carWith, rawBlock } from '../../storage/test/trees.ts';

const ORIGIN = 'https://chartkey.example';
const patient = ACTORS.patient.address;

describe('clusterSettings', () => {
  test('default: every peer is known by name, and nothing is looked for', () => {
    const settings = clusterSettings({
      ...{ replicas: { min: 2, max: 3 }, peerIds: ['a', 'b'], otherPeers: ['/ip4/10.0.0.2/tcp/9096/p2p/b'] },
      ...{ secret: 'ab'.repeat(32), listen: '/ip4/10.0.0.1/tcp/9096' },
      ...{ restApi: '/ip4/127.0.0.1/tcp/9094', kubo: '/ip4/127.0.0.1/tcp/5001' },
    });
    expect(settings).toMatchObject({
      'cluster.disable_repinning': false,
      'cluster.mdns_interval': '0s',
      'cluster.replication_factor_min': 2,
      'cluster.replication_factor_max': 3,
      'consensus.crdt.trusted_peers': ['a', 'b'],
    });
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(['api.ipfsproxy', 'api.pinsvcapi']));
  });
});

// Not a skip: where the binary can't be had there is nothing that could run.
if (hasCluster()) describe('IPFS Cluster with two Kubo daemons', () => inCluster());
else console.warn('LEFT OUT: IPFS Cluster (there is none: npm run kubo -- --cluster)');

function inCluster(): void {
  let folder: string;
  let stack: Stack;
  let cluster: RunningCluster;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartkey-cluster-'));
    stack = await startStack();
    await openWard(stack, []);
    cluster = await startCluster(folder, 2);
  });

  afterAll(async () => {
    await cluster?.close();
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('default: what the gate commits on one daemon is pinned, byte for byte, on both', async () => {
    const [first] = cluster.peers;
    const gate = await startGate({
      ...{ dir: join(folder, 'gate'), port: 0, origin: ORIGIN, minFreeBytes: 0 },
      ...{ rpcUrl: stack.rpcUrl, addressesFile: stack.addressesFile },
      ...{ nodeRpcUrls: [first?.kubo.rpcUrl ?? ''], clusterUrl: first?.clusterUrl ?? '' },
    });
    const recordId = await sealThrough(gate.url).finally(() => gate.close());
    const nodes = cluster.peers.map(({ kubo: { rpcUrl, gatewayUrl } }) => ({ rpcUrl, gatewayUrl }));
    const audit = () => auditRecords(stack.clientOf(), { storage: createStorageClient({ nodes }) });
    const wrong = async () => (await audit()).findings.filter(({ label }) => label === recordId);
    // The peers follow what was committed within seconds; an audit believes bytes and pins alone.
    await expect.poll(wrong, { timeout: 60_000, interval: 1_000 }).toEqual([]);
    const [one, two] = (await audit()).nodes;
    expect(one?.blocks).toBeGreaterThan(4);
    expect(two?.blocks).toBe(one?.blocks);
  });

  test('behavior: what is unpinned through one is unpinned on both', async () => {
    const [first] = cluster.peers;
    const backend = kuboBackend({
      ...{ rpcUrl: first?.kubo.rpcUrl ?? '', clusterUrl: first?.clusterUrl },
      ...{ maxBlockBytes: 1_048_576, timeoutMs: 10_000, longTimeoutMs: 60_000 },
    });
    const block = rawBlock(new TextEncoder().encode('made up'));
    const car = only(await carWith([block.cid], [block]));
    await backend.store(only(car), [block.cid]);
    await expect.poll(() => pinsOf(block.cid.toString()), { timeout: 30_000 }).toEqual([200, 200]);
    await backend.unpin(block.cid);
    await expect.poll(() => pinsOf(block.cid.toString()), { timeout: 30_000 }).toEqual([500, 500]);
  });

  test('error: a cluster that does not answer fails the commit', async () => {
    const [first] = cluster.peers;
    const backend = kuboBackend({
      ...{ rpcUrl: first?.kubo.rpcUrl ?? '', clusterUrl: 'http://127.0.0.1:9' },
      ...{ maxBlockBytes: 1_048_576, timeoutMs: 10_000, longTimeoutMs: 60_000 },
    });
    const block = rawBlock(new TextEncoder().encode('made up too'));
    const car = only(await carWith([block.cid], [block]));
    await expect(backend.store(only(car), [block.cid])).rejects.toMatchObject({ fault: 'unavailable' });
  });

  async function pinsOf(cid: string): Promise<number[]> {
    const ask = ({ kubo }: { kubo: { rpcUrl: string } }) =>
      fetch(`${kubo.rpcUrl}/api/v0/pin/ls?arg=${cid}`, { method: 'POST' });
    return (await Promise.all(cluster.peers.map(ask))).map(({ status }) => status);
  }

  async function sealThrough(gateUrl: string): Promise<RecordId> {
    const client = stack.clientOf(ACTORS.patient);
    const storage = createStorageClient({ nodes: [{ gateUrl }] });
    await signInWithWallet(storage, {
      address: patient,
      chainId: stack.deployment.chainId,
      origin: ORIGIN,
      signMessage: (message) => ACTORS.patient.signMessage({ message }),
    });
    const source = new Blob([new Uint8Array(900_000).fill(7)]);
    const sealed = await sealRecord(client, {
      ...{ storage, network: stack.network, patient, author: patient, source },
      metadata: await describeFile(source, 'scan.bin'),
    });
    await addRecord(client, { recordId: sealed.recordId, patient, compartment: 0 });
    return sealed.recordId;
  }
}

async function* only<T>(item: T): AsyncGenerator<T> {
  yield item;
}
