import { type Log, logLine } from '@chartkey/service';
import type { PrivateKeyAccount } from 'viem/accounts';
import { privateKeyToAccount } from 'viem/accounts';
import { Chain } from './chain.ts';
import type { RelayConfig } from './config.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Queue } from './queue.ts';
import { Sender } from './sender.ts';

/** What a relay consists of, behind its face. */
export type Parts = {
  readonly account: PrivateKeyAccount;
  readonly chain: Chain;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly sender: Sender;
};

/** @throws Error with one line: the wrong chain, a queue in use */
export async function makeParts(config: RelayConfig, log: Log = logLine): Promise<Parts> {
  const account = privateKeyToAccount(config.key);
  const chain = new Chain(config.rpcUrl, config.deployment);
  await chain.requireContracts();
  const queue = new Queue(config.databaseFile);
  const metrics = createMetrics(() => queue.countOf());
  const sender = new Sender({ account, chain, queue, config, metrics, log });
  return { account, chain, queue, metrics, sender };
}
