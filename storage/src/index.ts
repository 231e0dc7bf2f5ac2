export { configFromEnvironment, type StorageConfig, type StorageOptions } from './config.ts';
export type { GateOptions } from './gate/config.ts';
export { type GateServer, startGate } from './gate/server.ts';
export { type StorageServer, startStorage } from './server.ts';
