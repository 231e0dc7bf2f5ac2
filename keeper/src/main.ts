import { logLine } from './log.ts';
import { startKeeper } from './server.ts';
import { configFromEnvironment } from './settings.ts';

/** `node keeper/src/main.ts`; settings come from CHARTKEY_KEEPER_* (see config.ts). */
async function main(): Promise<void> {
  quietWarnings();
  const config = await configFromEnvironment(process.env);
  const server = await startKeeper(config);
  console.log(`keeper ${config.operator} listening on ${server.url}`);

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

/** Node calls its ML-KEM experimental at every start, in seven lines that are no news to an operator. */
function quietWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name }) => {
    if (name !== 'ExperimentalWarning') logLine('warning', { name });
  });
}

main().catch((error: unknown) => {
  console.error(`keeper: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
