export type { IndexerOptions } from './config.ts';
export { type IndexerServer, startIndexer } from './server.ts';
