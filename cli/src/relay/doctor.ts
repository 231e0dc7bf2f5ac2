import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { operate, SETTINGS_ARE } from './operate.ts';

type Check = { readonly name: string; readonly outcome: 'ok' | 'warning' | 'failed'; readonly says: string };

export const doctor: Command = {
  name: 'relay doctor',
  says: 'Looks over a relay’s settings, contracts, clock, fees, ether and queue, as it would start with them',
  options: {},
  more: `${SETTINGS_ARE} Of a relay that runs, only the queue can't be looked at.`,
  examples: ['relay doctor --json'],
  run: async () => {
    const checks = (await operate('doctor')) as readonly Check[];
    const marks = { ok: '✓', warning: '!', failed: '✗' } as const;
    return {
      json: checks,
      lines: checks.map(({ name, outcome, says }) => `${marks[outcome]} ${name}: ${says}`),
      exitCode: checks.some(({ outcome }) => outcome === 'failed') ? EXIT.found : EXIT.done,
    };
  },
};
