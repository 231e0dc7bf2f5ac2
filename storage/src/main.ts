import { configFromEnvironment } from './config.ts';
import { startStorage } from './server.ts';
import { untilStopped } from './until-stopped.ts';

/** `node storage/src/main.ts`; settings come from CHARTKEY_STORAGE_* (see config.ts). */
async function main(): Promise<void> {
  const server = await startStorage(configFromEnvironment(process.env));
  console.log(`storage listening on ${server.url}`);
  untilStopped(() => server.close());
}

main().catch((error: unknown) => {
  console.error(`storage: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
