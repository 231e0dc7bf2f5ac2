import { join } from 'node:path';
import type { Backend } from '../backend.ts';
import { configFrom } from '../config.ts';
import { embeddedBackend } from '../embedded-backend.ts';
import { kuboBackend } from '../kubo-backend.ts';
import { openNode } from '../node.ts';
import type { GateConfig } from './config.ts';
import { type GateLedger, openGateLedger } from './ledger.ts';
import { openRegistry, type Registry } from './registry.ts';
import { openStaging, type Staging } from './staging.ts';

export type Gate = {
  readonly config: GateConfig;
  readonly ledger: GateLedger;
  readonly staging: Staging;
  readonly backend: Backend;
  readonly registry: Registry;
  /** Removes uploads whose time is over, with their parts, and parts that belong to no upload. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export async function openGate(config: GateConfig): Promise<Gate> {
  const registry = await openRegistry(config);
  const backend = await openBackend(config);
  const ledger = openGateLedger(config.dir);
  const staging = openStaging(config.dir, config);
  const sweep = async () => {
    ledger.forgetExpired(Date.now());
    for (const id of ledger.expiredUploads(Date.now())) ledger.removeUpload(id);
    for (const id of await staging.list()) {
      if (ledger.upload(id) === undefined) await staging.remove(id);
    }
  };
  await sweep();
  const close = async () => {
    ledger.close();
    await backend.close();
  };
  return { config, ledger, staging, backend, registry, sweep, close };
}

async function openBackend(config: GateConfig): Promise<Backend> {
  const { kuboRpcUrl, kuboAuthorization: authorization, clusterUrl, maxBlockBytes, minFreeBytes } = config;
  if (kuboRpcUrl !== undefined) {
    const times = { timeoutMs: 30_000, longTimeoutMs: 3_600_000 };
    return kuboBackend({ rpcUrl: kuboRpcUrl, authorization, clusterUrl, maxBlockBytes, ...times });
  }
  const node = await openNode(configFrom({ dir: join(config.dir, 'node'), maxBlockBytes, minFreeBytes }));
  return embeddedBackend(node, maxBlockBytes);
}
