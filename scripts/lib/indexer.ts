import { join } from 'node:path';
import type { Index } from '@chartkey/sdk';
import { freePort, ROOT, type Service, startService } from './process.ts';

export type IndexerStart = {
  readonly rpcUrl: string;
  readonly addressesFile: string;
  /** The path of a SQLite file, or a postgres:// URL. */
  readonly database: string;
  readonly role?: 'writer' | 'reader';
  readonly port?: number | undefined;
  /** Further settings of the process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
};

export type RunningIndexer = Index & {
  readonly service: Service;
  /** Starts it again after it was stopped, with the same database. */
  readonly restart: () => Promise<Service>;
};

/** An index of its own process. */
export async function startIndexerNode(start: IndexerStart): Promise<RunningIndexer> {
  const port = start.port ?? (await freePort());
  const env = {
    // A chain of one's own answers at once.
    CHARTKEY_INDEXER_POLL_MS: '100',
    ...start.env,
    CHARTKEY_INDEXER_PORT: String(port),
    CHARTKEY_INDEXER_ROLE: start.role ?? 'writer',
    CHARTKEY_INDEXER_RPC_URL: start.rpcUrl,
    CHARTKEY_INDEXER_ADDRESSES_FILE: start.addressesFile,
    CHARTKEY_INDEXER_DATABASE: start.database,
  };
  const launch = () =>
    startService({
      name: `index ${port}`,
      args: [join(ROOT, 'indexer/src/main.ts')],
      env,
      ready: /index listening on/,
    });
  let service = await launch();
  return {
    url: `http://127.0.0.1:${port}`,
    get service() {
      return service;
    },
    restart: async () => {
      service = await launch();
      return service;
    },
  };
}
