export { configFromEnvironment, type KeeperConfig, type KeeperOptions } from './config.ts';
export type { Log } from './log.ts';
export { type KeeperServer, startKeeper } from './server.ts';
