import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { DemoResult } from '../../scripts/demo/result.ts';
import { ROOT } from '../../scripts/lib/process.ts';

const run = promisify(execFile);
const real = join(ROOT, '../shared/data');
const timeout = 300_000;

async function demo(...args: readonly string[]): Promise<DemoResult> {
  const command = [join(ROOT, 'scripts/demo.ts'), '--json', ...args];
  const { stdout } = await run(process.execPath, command, { cwd: ROOT, maxBuffer: 16_777_216 });
  return JSON.parse(stdout);
}

describe('demo', () => {
  test('default', { timeout }, async () => {
    const result = await demo();
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.ok).toBe(true);
    for (const record of result.records) expect(record.openedSha256).toBe(record.plaintextSha256);
    expect(result.log.headRecomputed).toBe(result.log.headOnChain);
    const sizes = result.records.map(({ bytes }) => bytes);
    expect(sizes).toEqual(expect.arrayContaining([0, 1, 64 * 1024 * 1024]));
  });

  test.skipIf(!existsSync(real))(
    'behavior: real FHIR and DICOM (skipped without the shared data)',
    { timeout },
    async () => {
      const files = ['fhir', 'dicom'].flatMap((folder) =>
        readdirSync(join(real, folder))
          .filter((name) => /\.(json|dcm)$/.test(name))
          .map((name) => join(real, folder, name)),
      );
      const result = await demo(...files);
      expect(result.ok).toBe(true);
      expect(result.records).toHaveLength(files.length);
      expect(result.gas.registerPatient).toBeLessThanOrEqual(75_000);
      expect(result.gas.registerProvider).toBeLessThanOrEqual(75_000);
      expect((result.gas.registerProvider ?? 0) + (result.gas.verifyProvider ?? 0)).toBeLessThanOrEqual(
        130_000,
      );
      expect(result.gas.addRecord).toBeLessThanOrEqual(95_000);
      expect(result.gas.grantConsent).toBeLessThanOrEqual(60_000);
      expect(result.gas.openRecords).toBeLessThanOrEqual(95_000);
      expect(result.gas.revokeConsent).toBeLessThanOrEqual(35_000);
    },
  );

  test('behavior: a shift of a clinician without ether, with one signature', { timeout }, async () => {
    const result = await demo('--story', 'shift');
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.records).toHaveLength(20);
    expect(result.log.headRecomputed).toBe(result.log.headOnChain);
  });

  test('error: a file that is not there is named, with no stack trace', async () => {
    const failure: unknown = await demo('no-such-file.json').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no file no-such-file.json'),
    });
    expect(failure).toMatchObject({ stderr: expect.not.stringContaining('    at ') });
  });
});
