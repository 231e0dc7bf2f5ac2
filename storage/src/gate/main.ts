import { runService } from '@chartkey/service';
import { gateConfigFromEnvironment } from './config.ts';
import { startGate } from './server.ts';

/** `node storage/src/gate/main.ts`; settings come from CHARTKEY_GATE_* (see config.ts). */
runService(
  'gate',
  async () => startGate(gateConfigFromEnvironment(process.env)),
  ({ url }) => `gate listening on ${url}`,
);
