import { type Log, listen, logLine, rateLimit, shutDown, urlOf } from '@chartkey/service';
import { createApp } from './app.ts';
import { Node } from './chain/node.ts';
import { configFrom, type IndexerConfig, type IndexerOptions } from './config.ts';
import { Follower } from './follower.ts';
import { createMetrics } from './metrics.ts';
import { type Database, lockForWriting, openDatabase, type WriterLock } from './store/open.ts';
import { prepareSchema } from './store/schema.ts';
import { Writer } from './store/write.ts';

export type IndexerServer = {
  readonly url: string;
  /** Lets requests under way end (up to `graceMs`), then frees port and database. */
  close(): Promise<void>;
};

/**
 * Starts an index.
 *
 * Warning: it makes lists quick and decides nothing. Whoever runs it can lie to who asks it: what
 * matters is held against the chain.
 *
 * @throws Error with one plain line: port taken, an option out of range, the wrong chain, another writer
 */
export async function startIndexer(options: IndexerOptions, log: Log = logLine): Promise<IndexerServer> {
  const config = configFrom(options);
  const node = new Node(config.rpcUrl, config.deployment);
  const parts = config.role === 'writer' ? await openWriter(config, node) : await openReader(config);
  const { database, lock, writer } = parts;
  const release = async () => {
    await database.close();
    await lock?.release();
  };
  let follower: Follower | undefined;
  const metrics = createMetrics(() => follower?.chainBlock);
  if (writer) follower = new Follower({ db: database.writer, node, writer, config, metrics, log });
  let stopping = false;
  const app = createApp({
    database,
    config,
    metrics,
    log,
    limitAddress: rateLimit(config.ratePerAddress),
    trouble: () => follower?.trouble,
    chainBlock: () => follower?.chainBlock,
    isStopping: () => stopping,
  });
  const server = await listen(app, config).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  follower?.start();
  const close = async () => {
    stopping = true;
    await shutDown(server, config.graceMs);
    await follower?.stop();
    await release();
  };
  return { url: urlOf(server, config.host), close };
}

type Parts = { readonly database: Database; readonly lock?: WriterLock; readonly writer?: Writer };

async function openWriter(config: IndexerConfig, node: Node): Promise<Parts> {
  await node.requireContracts();
  const lock = await lockForWriting(config.database);
  try {
    const database = await openDatabase(config.database, 'write');
    const { chainId, log } = config.deployment;
    await prepareSchema(database.writer, database.engine, `${chainId} ${log.toLowerCase()}`);
    return { database, lock, writer: await Writer.open(database.writer) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openReader({ database }: IndexerConfig): Promise<Parts> {
  return { database: await openDatabase(database, 'read') };
}
