/** Chartkey's language: see docs/architecture.md. Everything a part of the product may use stands here. */
export * from './audit/index.ts';
export * from './contracts/index.ts';
export * from './envelope/index.ts';
export * from './errors.ts';
export * from './export/index.ts';
export * from './hl7/index.ts';
export * from './identity/index.ts';
export * from './indexer/index.ts';
export * from './keeper/index.ts';
export * from './keyring/index.ts';
export * from './log/index.ts';
export * from './problem-schema.ts';
export * from './problems.ts';
export * from './record/index.ts';
export * from './relay/index.ts';
export * from './storage/index.ts';
