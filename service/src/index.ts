/** What every service that speaks HTTP shares. It knows nothing of what they are for. */
export * from './http.ts';
export * from './limits.ts';
export * from './listen.ts';
export * from './log.ts';
export * from './metrics.ts';
export * from './openapi.ts';
export * from './problems.ts';
export * from './run.ts';
export * from './settings.ts';
