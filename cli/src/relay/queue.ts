import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { operate, SETTINGS_ARE } from './operate.ts';

type Listed = {
  readonly counts: Readonly<Record<string, number>>;
  readonly underWay: readonly {
    readonly id: string;
    readonly state: string;
    readonly deadline: number;
    readonly tries: number;
    readonly transaction?: string;
  }[];
};

export const queue: Command = {
  name: 'relay queue',
  says: 'Lists what waits in the queue of a relay that is stopped',
  options: {},
  more: [
    `${SETTINGS_ARE} While a relay runs nobody else reads its queue: ask chartkey relay status.`,
    'Requests are told by their ids, not by whose they are. Exit code 1: something waits.',
  ].join(' '),
  examples: ['relay queue --json'],
  run: async () => {
    const listed = (await operate('queue')) as Listed;
    const { counts, underWay } = listed;
    const rows = underWay.map(
      ({ id, state, deadline, tries }) =>
        `  ${id}  ${state.padEnd(7)}  until ${new Date(deadline * 1000).toISOString()}  tried ${tries} times`,
    );
    const sums = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
    return {
      json: listed,
      lines: [sums.join(', ') || 'Nothing is in it.', ...rows],
      exitCode: underWay.length > 0 ? EXIT.found : EXIT.done,
    };
  },
};
