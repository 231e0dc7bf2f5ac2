import { ChartkeyError } from '@chartkey/sdk';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { operate, SETTINGS_ARE } from './operate.ts';

type Drained = { readonly before: number; readonly left: number; readonly trouble: string | null };

export const drain: Command = {
  name: 'relay drain',
  says: 'Sends what waits in the queue of a relay that is stopped, and takes nothing new',
  options: { seconds: { value: 'N', says: 'how long at most (default: 120)' } },
  more: [
    `${SETTINGS_ARE} For a relay that moves or ends: stop it, drain it, then its file may go.`,
    'Exit code 1: something is left; run it again, or its people sign anew.',
  ].join(' '),
  examples: ['relay drain --seconds 300'],
  run: async (given) => {
    const seconds = given.text('seconds') ?? '120';
    if (!/^[1-9]\d{0,4}$/.test(seconds)) {
      throw new ChartkeyError('INPUT_INVALID', '--seconds: must be a whole number from 1 to 99999.');
    }
    const drained = (await operate('drain', seconds)) as Drained;
    const { before, left, trouble } = drained;
    const why = trouble ? `: ${trouble}` : '';
    return {
      json: drained,
      lines: [
        `${before - left} of ${before} came to an end.`,
        ...(left > 0 ? [`${left} are left${why}.`] : []),
      ],
      exitCode: left > 0 ? EXIT.found : EXIT.done,
    };
  },
};
