import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeEnvelopeVectors } from './vectors/envelope-make.ts';

const root = join(import.meta.dirname, '..');
const shared = join(root, '..', 'shared', 'vectors');

function run(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'vectors.ts'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { lines: stdout.trimEnd().split('\n'), stderr, status };
}

describe('npm run vectors', () => {
  test('default: our own vectors pass', () => {
    const { lines, status } = run(join(root, 'sdk', 'vectors'));
    expect(lines.at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
    expect(status).toBe(0);
  });

  test('behavior: what is published is what the code writes, byte for byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chartkey-vectors-'));
    const published = join(root, 'sdk', 'vectors');
    try {
      await writeEnvelopeVectors(folder);
      for (const name of readdirSync(folder)) {
        expect(readFileSync(join(folder, name)).equals(readFileSync(join(published, name)))).toBe(true);
      }
      expect([...readdirSync(folder), 'README.md'].sort()).toEqual(readdirSync(published).sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(!existsSync(shared))('default: the published vectors pass (skipped without ../shared)', () => {
    const { lines, status } = run(shared);
    expect(lines.join('\n')).toContain('rotation_ct.txt: 3 passed');
    expect(lines.at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
    expect(status).toBe(0);
  });

  test('error: a wrong answer, an unreadable file and an empty folder are told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chartkey-vectors-'));
    try {
      expect(run(folder)).toMatchObject({ status: 1, lines: ['0 passed, 0 failed'] });
      const vectors = JSON.parse(readFileSync(join(root, 'sdk', 'vectors', 'envelope.json'), 'utf8'));
      const [first] = vectors.invalid;
      const wrong = { ...vectors, valid: [], invalid: [{ ...first, code: 'OTHER' }] };
      writeFileSync(join(folder, 'wrong.json'), JSON.stringify(wrong));
      writeFileSync(join(folder, 'broken.json'), '{');
      writeFileSync(join(folder, 'notes.txt'), 'hello');
      const { lines, status } = run(folder);
      expect(lines.at(-1)).toBe('0 passed, 2 failed');
      expect(lines.join('\n')).toContain('notes.txt: not recognized');
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('behavior: --help explains, unknown options and folders are refused', () => {
    expect(run('--help').lines[0]).toContain('known-answer');
    expect(run('--what').status).toBe(2);
    expect(run('/no/such/folder').status).toBe(2);
  });
});
