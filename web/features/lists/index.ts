export { type IndexFirst, useIndex } from './use-index.ts';
