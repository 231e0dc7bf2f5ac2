import { configFromEnvironment } from './config.ts';
import { startIndexer } from './server.ts';

/** `node indexer/src/main.ts`; settings come from CHARTKEY_INDEXER_* (see config.ts). */
async function main(): Promise<void> {
  const server = await startIndexer(await configFromEnvironment(process.env));
  console.log(`index listening on ${server.url}`);

  let stopping = false;
  const stop = () => {
    // A second signal means that somebody does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(`index: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
