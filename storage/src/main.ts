import { configFromEnvironment } from './config.ts';
import { startStorage } from './server.ts';

/** `node storage/src/main.ts`; settings come from CHARTKEY_STORAGE_* (see config.ts). */
async function main(): Promise<void> {
  const server = await startStorage(configFromEnvironment(process.env));
  console.log(`storage listening on ${server.url}`);

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
  console.error(`storage: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
