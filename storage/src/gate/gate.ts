import type { GateConfig } from './config.ts';
import { sweepKeys } from './keys.ts';
import { type GateLedger, openGateLedger } from './ledger.ts';
import { type Nodes, openNodes } from './nodes.ts';
import { openRegistry, type Registry } from './registry.ts';
import { openStaging, type Staging } from './staging.ts';

export type Gate = {
  readonly config: GateConfig;
  readonly ledger: GateLedger;
  readonly staging: Staging;
  readonly nodes: Nodes;
  readonly registry: Registry;
  /**
   * Removes uploads whose time is over, with their parts, and parts that belong to no upload;
   * stores the keys that the chain names by now.
   */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export async function openGate(config: GateConfig): Promise<Gate> {
  const registry = await openRegistry(config);
  const nodes = await openNodes(config);
  const ledger = await openGateLedger(config).catch(async (error: unknown) => {
    await nodes.close();
    throw error;
  });
  const staging = openStaging(config.dir, config);
  const close = async () => {
    await ledger.close();
    await nodes.close();
  };
  const parts = { config, ledger, staging, nodes, registry };
  const sweep = async () => {
    await sweepKeys(parts);
    await ledger.forgetExpired(Date.now());
    await ledger.removeExpiredUploads(Date.now());
    for (const id of await staging.list()) {
      if ((await ledger.upload(id)) === undefined) await staging.remove(id);
    }
  };
  try {
    await sweep();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...parts, sweep, close };
}
