import { runService } from '@chartkey/service';
import { startKeeper } from './server.ts';
import { configFromEnvironment } from './settings.ts';

/** `node keeper/src/main.ts`; settings come from CHARTKEY_KEEPER_* (see config.ts). */
runService(
  'keeper',
  async () => {
    const config = await configFromEnvironment(process.env);
    return { ...(await startKeeper(config)), operator: config.operator };
  },
  ({ operator, url }) => `keeper ${operator} listening on ${url}`,
);
