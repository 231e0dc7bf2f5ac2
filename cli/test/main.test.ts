import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

async function chartkey(...args: readonly string[]) {
  try {
    const main = join(import.meta.dirname, '../src/main.ts');
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...args])) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe('chartkey', () => {
  test('default: lists every command', async () => {
    const { code, stdout } = await chartkey();
    expect(code).toBe(0);
    for (const verb of ['init', 'register', 'rotate', 'handover', 'attest', 'doctor', 'journal']) {
      expect(stdout).toMatch(new RegExp(`^ {2}keeper ${verb} +[A-Z].+$`, 'm'));
    }
  });

  test('behavior: each command explains its options', async () => {
    const { code, stdout } = await chartkey('keeper', 'handover', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: chartkey keeper handover/m);
    expect(stdout).toMatch(/^ {2}--verify FILE /m);
  });

  test('error: no such command, and what was left out or is not known, with code 2', async () => {
    expect(await chartkey('keeper', 'explode')).toMatchObject({ code: 2, stdout: '' });
    const left = await chartkey('keeper', 'init');
    expect(left).toMatchObject({ code: 2, stderr: expect.stringContaining('--operator must be given') });
    const unknown = await chartkey('keeper', 'journal', '--colour', '--json');
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.stderr)).toMatchObject({ error: { code: 'USAGE' } });
  });

  test('error: a file that can’t be read is named by its option', async () => {
    const args = [
      'keeper',
      'journal',
      '/nowhere',
      '--operator',
      `0x${'ab'.repeat(20)}`,
      '--addresses',
      '/nowhere',
    ];
    const { code, stderr } = await chartkey(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--addresses: can’t be read \(ENOENT\)\./);
  });
});
