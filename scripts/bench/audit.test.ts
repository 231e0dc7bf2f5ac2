import { expect, test, vi } from 'vitest';

test('default: every figure is there, at a size for a test', { timeout: 240_000 }, async () => {
  vi.stubEnv('CHARTKEY_BENCH_ENTRIES', '20000');
  const { bench } = await import('./audit.ts');
  const results = await bench();
  const names = new Set(results.map(({ name }) => name));
  for (const name of ['backfill/raw-logs', 'timeline-p95', 'auditor-page-p95', 'head/keccak', 'export-rss']) {
    expect(names).toContain(name);
  }
  for (const { name, median } of results) expect(median, name).toBeGreaterThan(0);
});
