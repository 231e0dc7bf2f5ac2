export { configFromEnvironment, type StorageConfig, type StorageOptions } from './config.ts';
export { type StorageServer, startStorage } from './server.ts';
