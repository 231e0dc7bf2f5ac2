import { INDEX_LISTS, INDEX_PROBLEMS, type IndexList, MAX_PAGE } from '@chartkey/sdk';
import { addressOf, createService, type Log, parseBody, type RateLimit } from '@chartkey/service';
import type { Hono } from 'hono';
import type { IndexerConfig } from './config.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError } from './problems.ts';
import { newestCheckpoint } from './store/blocks.ts';
import { listPage } from './store/lists.ts';
import type { Database } from './store/open.ts';
import { isIndexed } from './store/schema.ts';
import { VERSION } from './version.ts';

export type AppOptions = {
  readonly database: Database;
  readonly config: IndexerConfig;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly limitAddress: RateLimit;
  /** Why nothing is read from the chain now. */
  readonly trouble: () => ProblemError | undefined;
  readonly chainBlock: () => number | undefined;
  /** Whether the process is about to end. */
  readonly isStopping: () => boolean;
};

/** The index's face. */
export function createApp(options: AppOptions): Hono {
  const { database, config, metrics, log, limitAddress, trouble, isStopping } = options;
  const requireIndexed = onceIndexed(database);
  const requireReady = async () => {
    if (isStopping()) throw new ProblemError('BUSY', 'This index is about to stop.');
    const why = trouble();
    if (why) throw why;
    await requireIndexed();
  };
  const { origins, maxBodyBytes, trustedProxies } = config;
  return createService(
    {
      version: VERSION,
      problems: INDEX_PROBLEMS,
      metrics,
      log,
      origins,
      maxBodyBytes,
      admit: (c) => limitAddress(addressOf(c, trustedProxies)),
      openApi,
      requireReady,
    },
    (app) => {
      for (const name of Object.keys(INDEX_LISTS) as IndexList[]) {
        app.post(`/v1/${name}`, async (c) => {
          const query = await parseBody(c, INDEX_LISTS[name].query);
          await requireIndexed();
          return c.json(await listPage(database.reader, name, query));
        });
      }
      app.get('/v1/info', async (c) => c.json(await infoOf(options)));
    },
  );
}

/** Without its indexes each question would look at every row. */
function onceIndexed({ reader }: Database): () => Promise<void> {
  let indexed = false;
  return async () => {
    indexed ||= await isIndexed(reader);
    if (!indexed) throw new ProblemError('BEHIND', 'The first reading of the chain is still under way.');
  };
}

async function infoOf({ database, config, trouble, chainBlock }: AppOptions) {
  const newest = await newestCheckpoint(database.reader);
  const indexed = await isIndexed(database.reader);
  const isHalted = trouble()?.code === 'LOG_BROKEN';
  const state = isHalted ? 'halted' : indexed ? 'following' : 'behind';
  return {
    chainId: config.deployment.chainId,
    log: config.deployment.log,
    state: config.role === 'reader' ? 'reader' : state,
    upTo: { blockNumber: Math.max(newest?.number ?? 0, 0), blockHash: newest?.hash || null },
    chainBlock: chainBlock() ?? null,
    maxPage: MAX_PAGE,
    version: VERSION,
  };
}
