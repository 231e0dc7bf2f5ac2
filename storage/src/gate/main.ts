import { untilStopped } from '../until-stopped.ts';
import { gateConfigFromEnvironment } from './config.ts';
import { startGate } from './server.ts';

/** `node storage/src/gate/main.ts`; settings come from CHARTKEY_GATE_* (see config.ts). */
async function main(): Promise<void> {
  const server = await startGate(gateConfigFromEnvironment(process.env));
  console.log(`gate listening on ${server.url}`);
  untilStopped(() => server.close());
}

main().catch((error: unknown) => {
  console.error(`gate: ${error instanceof Error ? error.message : 'cannot start'}`);
  process.exit(1);
});
