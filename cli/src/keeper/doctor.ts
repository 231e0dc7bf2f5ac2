import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from '../command.ts';

/** Beside this package in the repository; parts never import each other, so it is a process. */
const DOCTOR = join(import.meta.dirname, '../../../keeper/src/doctor.ts');

type Check = { readonly name: string; readonly outcome: 'ok' | 'warning' | 'failed'; readonly says: string };

export const doctor: Command = {
  name: 'keeper doctor',
  says: 'Looks over a keeper’s settings, keys, endpoints, contracts, clock and seat, as it would start with them',
  options: {},
  more: 'Settings are those of the keeper: CHARTKEY_KEEPER_CONFIG and CHARTKEY_KEEPER_*.',
  examples: ['keeper doctor --json'],
  run: async () => {
    const child = spawn(process.execPath, [DOCTOR], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    const checks = JSON.parse(output) as readonly Check[];
    const marks = { ok: '✓', warning: '!', failed: '✗' } as const;
    return {
      json: checks,
      lines: checks.map(({ name, outcome, says }) => `${marks[outcome]} ${name}: ${says}`),
      exitCode: checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0,
    };
  },
};
