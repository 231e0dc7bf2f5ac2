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

  test('behavior: each noun lists its commands, with examples and exit codes at the top', async () => {
    expect((await chartkey('--help')).stdout).toMatch(/^Exit codes:\n {2}0 {2}done/m);
    for (const noun of ['participant', 'record', 'consent', 'audit', 'storage', 'keeper', 'wallet']) {
      const { code, stdout } = await chartkey(noun, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}chartkey ${noun} `, 'm'));
    }
    expect(await chartkey('record', 'explode')).toMatchObject({ code: 2, stdout: '' });
  });

  test.each(['bash', 'zsh', 'fish'])('completion: a script that %s asks chartkey with', async (shell) => {
    const { code, stdout } = await chartkey('completion', shell);
    expect(code).toBe(0);
    expect(stdout).toContain('chartkey complete --');
  });

  test('completion: nouns, verbs, options, and what an option can be', async () => {
    const words = async (...typed: readonly string[]) =>
      (await chartkey('complete', '--', ...typed)).stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(await words('')).toEqual(expect.arrayContaining(['record', 'storage', 'completion']));
    expect(await words('consent', 'gr')).toContain('grant');
    expect(await words('record', 'open', '--pur')).toContain('--purpose');
    expect(await words('record', 'open', '--purpose', 'TR')).toContain('TREAT');
    expect(await words('record', 'list', '--ndj')).toContain('--ndjson');
    expect(await words('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect((await chartkey('completion', 'tcsh')).code).toBe(2);
  });

  test('error: no command takes a key on its line', async () => {
    const { stdout } = await chartkey('record', 'open', '--help');
    expect(stdout).not.toMatch(/--(wallet-key|private-key|passphrase|recovery-code) /);
    const { code, stderr } = await chartkey('consent', 'revoke', '--all', '--passphrase', 'x');
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--passphrase'");
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
