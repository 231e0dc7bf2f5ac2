export { chainOf, RELAY_PATH, RPC_BATCH, RPC_PATH, readerOf } from './reader.ts';
