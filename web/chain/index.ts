export { chainOf, RPC_PATH, readerOf } from './reader.ts';
