import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{sdk,keeper,relay,indexer,storage,cli,scripts,deploy,web}/**/*.test.ts',
      'test/{flows,browser}/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/.next/**'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // The machines that run this have two cores, and flows start processes of their own.
    maxWorkers: 2,
  },
});
