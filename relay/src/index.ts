export { configFromEnvironment, type RelayConfig, type RelayOptions } from './config.ts';

export { type RelayServer, startRelay } from './server.ts';
