import { runService } from '@chartkey/service';
import { configFromEnvironment } from './config.ts';
import { startIndexer } from './server.ts';

/** `node indexer/src/main.ts`; settings come from CHARTKEY_INDEXER_* (see config.ts). */
runService(
  'index',
  async () => startIndexer(await configFromEnvironment(process.env)),
  (server) => `index listening on ${server.url}`,
);
