import { runService } from '@chartkey/service';
import { configFromEnvironment } from './config.ts';
import { startStorage } from './server.ts';

/** `node storage/src/main.ts`; settings come from CHARTKEY_STORAGE_* (see config.ts). */
runService(
  'storage',
  async () => startStorage(configFromEnvironment(process.env)),
  ({ url }) => `storage listening on ${url}`,
);
