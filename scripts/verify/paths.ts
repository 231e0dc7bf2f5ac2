import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runProgram } from '../lib/tool.ts';
import type { Outcome } from './step.ts';

/** Paths of somebody's machine. The brackets keep these patterns from finding themselves. */
const PATTERNS = [
  /(?<![\w.@~-])[/](home|Users|root|work|workspace|tmp)[/][\w.-]+/,
  /\b[A-Z]:\\(Users|Windows|work)\\/i,
];

/** Finds paths that exist on one machine only, in every file that is or could be committed. */
export async function checkPaths(): Promise<Outcome> {
  const list = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  if (!list.ok) return { absent: 'no git work tree' };
  const found: string[] = [];
  for (const path of list.stdout.split('\0').filter(Boolean)) {
    // A file that git lists and somebody just removed has nothing to find.
    const text = await readFile(join(root, path), 'utf8').catch(() => '');
    if (text.includes('\0')) continue;
    for (const [index, line] of text.split('\n').entries()) {
      const match = line.includes(root) ? root : PATTERNS.map((p) => p.exec(line)?.[0]).find(Boolean);
      if (match) found.push(`${path}:${index + 1}: ${match}`);
    }
  }
  return found.length > 0 ? { failure: found.join('\n') } : {};
}
