export { chainOf, RELAY_PATH, RPC_PATH, readerOf } from './reader.ts';
