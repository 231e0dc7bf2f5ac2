export type { KeeperConfig, KeeperOptions } from './config.ts';
export { type KeySource, seedsFromText } from './keys.ts';

export { type KeeperServer, startKeeper } from './server.ts';
export { configFromEnvironment } from './settings.ts';
