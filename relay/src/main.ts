import { runService } from '@chartkey/service';
import { configFromEnvironment } from './config.ts';
import { startRelay } from './server.ts';

/** `node relay/src/main.ts`; settings come from CHARTKEY_RELAY_* (see config.ts). */
runService(
  'relay',
  async () => startRelay(await configFromEnvironment(process.env)),
  (server) => `relay ${server.address} listening on ${server.url}`,
);
