import { configFromEnvironment } from './config.ts';
import { startRelay } from './server.ts';

/** `node relay/src/main.ts`; settings come from CHARTKEY_RELAY_* (see config.ts). */
async function main(): Promise<void> {
  const server = await startRelay(await configFromEnvironment(process.env));
  console.log(`relay ${server.address} listening on ${server.url}`);

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
  console.error(`relay: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
