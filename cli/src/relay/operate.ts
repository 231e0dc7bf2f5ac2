import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ChartkeyError } from '@chartkey/sdk';

/** Beside this package in the repository; parts never import each other, so it is a process. */
const OPERATE = join(import.meta.dirname, '../../../relay/src/operate.ts');

export const SETTINGS_ARE = 'Settings are those of the relay: CHARTKEY_RELAY_CONFIG and CHARTKEY_RELAY_*.';

/** What the relay's own code says, with the relay's own settings. @throws ChartkeyError `INPUT_INVALID` */
export async function operate(...args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [OPERATE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode === 0) return JSON.parse(output);
  const why = errors.trim().split('\n').at(-1) || 'The relay’s code ended without a word.';
  throw new ChartkeyError('INPUT_INVALID', why, { advice: 'Look it over with chartkey relay doctor.' });
}
