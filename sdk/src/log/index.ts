export { EMPTY_HEAD, type LogEntry, nextHead, recomputeHead } from './head.ts';
